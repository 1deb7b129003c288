"""From a day at the gates to its plan: the relaxation for prices, whole numbers for lanes, the check for both."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from scipy.optimize import OptimizeResult

from tminus.engines.crowd.evacuation.instance import InfeasiblePlan
from tminus.engines.crowd.gate_plan.check import GateCheck, check, late_persons
from tminus.engines.crowd.gate_plan.plan import Binding, Changed, GatePlan
from tminus.engines.crowd.gate_plan.policies import greedy, same_all_day
from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints, moved
from tminus.engines.crowd.gate_plan.program import LANE_TRIFLE, LATE_PRICE, SENT_PRICE, Program, program_of
from tminus.engines.crowd.gate_plan.solving import Staffed, all_at_once, relaxation, whole_lanes, whole_shifts
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.spans import spans
from tminus.engines.limit import Limit, LimitKind

SMALL = 1e-6
LATE_P = 0.5
"""So many late people are none: what is left of rounding."""


def plan_gates(
    day: GateDay,
    *,
    published: Ints | None = None,
    budget_s: float = 10.0,
    late_price: float = LATE_PRICE,
    strict: bool = False,
) -> GatePlan:
    """The cheapest lanes, shifts and redirections with which nobody waits beyond the target, as far as that can be.

    The plan is for the mean of the paths and for a day as full as nine of ten at once; it is checked on every path.

    :param published: [gate, slot] lanes as planned so far. ``budget_s``: seconds for the whole numbers.
    :param late_price: of a late person, in slots of one person's work. ``strict``: nobody may be late.
    :raises CrowdError: what was handed in makes no sense.
    :raises InfeasiblePlan: lanes at least open cannot be staffed; or, ``strict``, somebody is late whatever is done.
    """
    if published is not None and published.shape != (len(day.gates), day.slots):
        raise CrowdError(f"published lanes {published.shape}; allowed: {len(day.gates)} gates, {day.slots} slots")
    spent = {"relaxation": time.perf_counter()}
    program, relaxed = relaxation(day, program_of(day, late_price), budget_s / 2)
    binding = _binding(day, program, relaxed)
    if strict and (late := float(program.part(relaxed.x, "late").sum())) > LATE_P:
        raise InfeasiblePlan(f"{late:,.0f} persons wait beyond {day.target_wait_s:g} s", tuple(b.what for b in binding))
    spent["whole numbers"] = time.perf_counter()
    lanes, sent, shifts, bound = _best(day, program, relaxed, late_price, budget_s)
    spent["check"] = time.perf_counter()
    late = late_persons(day, lanes, moved(day, program.paths, sent))
    return GatePlan(
        day=day,
        lanes=lanes,
        sent=sent,
        shifts=shifts,
        cost=_paid(day, lanes, shifts, sent) + late_price * late,
        bound=bound,
        late=late,
        binding=binding,
        changed=_changed(day, lanes, published),
        checks=_checks(day, lanes, sent, published),
        seconds=spans(spent, time.perf_counter()),
    )


def _best(
    day: GateDay, program: Program, relaxed: OptimizeResult, late_price: float, budget_s: float
) -> tuple[Ints, Floats, Staffed, float]:
    """Gate by gate, and, where gates share staff or people, all at once: the cheaper of the two."""
    together = day.shifts is not None or bool(day.detours and day.redirectable)
    share = budget_s / 3 if together else budget_s
    sent = np.where(program.part(relaxed.x, "sent") > SMALL, program.part(relaxed.x, "sent"), 0.0)
    lanes, bound = whole_lanes(day, program, relaxed, sent, late_price, share)
    found = []
    try:
        found.append((lanes, sent, whole_shifts(day, program, lanes, share)))
    except InfeasiblePlan:
        if not together:
            raise
    if together and (joint := all_at_once(day, program, budget_s - share)) is not None:
        found.append(joint[:3])
        bound = max(bound, joint[3])
    if not found:
        raise InfeasiblePlan("lanes cannot be staffed", ("the number of staff, in the time there was to look",))

    def cost(one: tuple[Ints, Floats, Staffed]) -> float:
        late = late_persons(day, one[0], moved(day, program.paths, one[1]))
        return _paid(day, one[0], one[2], one[1]) + late_price * late

    return *min(found, key=cost), bound


def _paid(day: GateDay, lanes: Ints, shifts: Staffed, sent: Floats) -> float:
    """Slots of one person's work, with the trifles the programme counts."""
    staffed = float(np.array([gate.staff_per_lane for gate in day.gates]) @ lanes.sum(axis=1))
    work = sum(people * (shift.last - shift.first) for shift, people in shifts) + LANE_TRIFLE * staffed
    return (staffed if day.shifts is None else work) + float(sent.sum()) * SENT_PRICE * day.slot_steps


def _binding(day: GateDay, program: Program, relaxed: OptimizeResult) -> tuple[Binding, ...]:
    """What one more of would save most: lanes of a gate, people of a shift."""
    prices = -np.asarray(program.part(relaxed.upper.marginals, "lanes"))
    found = [
        Binding(Limit(LimitKind.GATE_LANES, gate.id, gate.max_lanes), n, n + 1, float(price))
        for gate, row in zip(day.gates, prices, strict=True)
        for n, price in enumerate(row)
        if price > 1e-6
    ]
    first, last = program.staff_rows
    found += [
        Binding(Limit(LimitKind.STAFF), n, n + 1, float(-price))
        for n, price in enumerate(relaxed.prices[first:last])
        if price < -1e-6
    ]
    return tuple(sorted(found, key=lambda one: -one.price))


def _checks(day: GateDay, lanes: Ints, sent: Floats, published: Ints | None) -> tuple[GateCheck, ...]:
    found = [check(day, lanes, moved(day, day.arrivals, sent), "plan")]
    if published is not None:
        found.append(check(day, published, day.arrivals, "published"))
    found.append(check(day, greedy(day, day.arrivals), day.arrivals, "greedy"))
    found.append(check(day, same_all_day(day), day.arrivals, "nothing"))
    return tuple(found)


def _changed(day: GateDay, lanes: Ints, published: Ints | None) -> tuple[Changed, ...]:
    """Stretches of slots with the same change, gate by gate."""
    found: list[Changed] = []
    rows: Sequence[tuple[str, Ints, Ints]] = (
        [] if published is None else [(g.id, published[n], lanes[n]) for n, g in enumerate(day.gates)]
    )
    for gate, before, after in rows:
        for slot in np.flatnonzero(before != after).tolist():
            was, now = int(before[slot]), int(after[slot])
            last = found[-1] if found else None
            if last is not None and (last.gate, last.last, last.was, last.now) == (gate, slot, was, now):
                found[-1] = Changed(gate, last.first, slot + 1, was, now)
            else:
                found.append(Changed(gate, slot, slot + 1, was, now))
    return tuple(found)
