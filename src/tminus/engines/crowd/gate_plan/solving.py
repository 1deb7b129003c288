"""The programme solved: parts of lanes with all of it at once, whole lanes gate by gate, whole shifts for them.

The relaxation, tightened by rounding cuts, is the bound and prices a person's presence in every slot. At these prices
each gate is a small programme of its own; without shifts and redirections they are the whole problem, solved exactly.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array, vstack

from tminus.engines.crowd.evacuation.instance import InfeasiblePlan
from tminus.engines.crowd.gate_plan.cuts import with_cuts
from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints, moved
from tminus.engines.crowd.gate_plan.program import Program, program_of
from tminus.engines.crowd.gate_plan.shifts import Shift, on_duty

Staffed = tuple[tuple[Shift, int], ...]
CUT_ROUNDS = 4


def relaxation(day: GateDay, program: Program, budget_s: float) -> tuple[Program, OptimizeResult]:
    """The programme with the cuts found, and its solution with parts of lanes and people.

    ``budget_s``: cuts are looked for only while the next round is likely to end within it.
    """
    begun = time.perf_counter()
    found = _relaxed(program)
    for rounds in range(CUT_ROUNDS):
        spent = time.perf_counter() - begun
        cut = with_cuts(day, program, found.x) if spent * (rounds + 2) / (rounds + 1) < budget_s else None
        if cut is None:
            break
        program, found = cut, _relaxed(cut)
    return program, found


def _relaxed(program: Program) -> OptimizeResult:
    """With ``prices``: [row] what one more of its upper limit would save, below 0."""
    above, below = np.isfinite(program.high), np.isfinite(program.low)
    matrix = vstack((program.matrix[above], -program.matrix[below])).tocsr()
    limit = np.concatenate((program.high[above], -program.low[below]))
    bounds = np.stack((program.lower, program.upper), axis=1)
    found = linprog(program.cost, A_ub=matrix, b_ub=limit, bounds=bounds, method="highs")
    if found.status == 2:
        raise InfeasiblePlan("lanes that must be open cannot be staffed", ("the number of staff",))
    if found.status != 0:
        raise RuntimeError(f"gate plan: {found.message}")
    found["prices"] = np.zeros(len(program.high))
    found.prices[above] = found.ineqlin.marginals[: int(above.sum())]
    return found


def all_at_once(day: GateDay, program: Program, budget_s: float) -> tuple[Ints, Floats, Staffed, float] | None:
    """Lanes, shares sent, shifts and a bound from the programme as one; None: nothing found in the time."""
    limits = (program.lower, program.upper)
    found = _whole(program.cost, program.matrix, (program.low, program.high), limits, program.whole, budget_s)
    if found.x is None:
        return None
    people = np.rint(program.part(found.x, "shifts")).astype(int).tolist()
    staffed = tuple((shift, n) for shift, n in zip(program.shifts, people, strict=True) if n)
    lanes = np.rint(program.part(found.x, "lanes")).astype(np.int64)
    return lanes, program.part(found.x, "sent"), staffed, float(found.mip_dual_bound)


def whole_lanes(
    day: GateDay, program: Program, relaxed: OptimizeResult, sent: Floats, late_price: float, budget_s: float
) -> tuple[Ints, float]:
    """[gate, slot] lanes, each gate best at the prices of the relaxation; and the bound of the whole plan."""
    worth = _worth(day, program, relaxed)
    paths = moved(day, program.paths, sent)
    lanes, bound, begun = np.zeros((len(day.gates), day.slots), np.int64), 0.0, time.perf_counter()
    for g, gate in enumerate(day.gates):
        alone = replace(
            day, gates=(gate,), arrivals=day.arrivals[:, g : g + 1], detours=(), redirectable=0.0, shifts=None
        )
        left = budget_s - (time.perf_counter() - begun)
        lanes[g], least = _one_gate(
            alone, paths[:, g : g + 1], worth * gate.staff_per_lane, late_price, left / (len(day.gates) - g)
        )
        bound += least
    separate = day.shifts is None and not (day.detours and day.redirectable)
    return lanes, max(bound, float(relaxed.fun)) if separate else float(relaxed.fun)


def _worth(day: GateDay, program: Program, relaxed: OptimizeResult) -> Floats:
    """[slot] what somebody at a gate costs: the price of the slot's staff; without shifts 1."""
    if day.shifts is None:
        return np.ones(day.slots)
    last = program.staff_rows[0]  # the rows before those of the number of staff
    prices = -relaxed.prices[last - day.slots : last]
    return np.asarray(np.maximum(prices, 1e-2), np.float64)


def _one_gate(day: GateDay, paths: Floats, worth: Floats, late_price: float, budget_s: float) -> tuple[Ints, float]:
    """Lanes of the only gate of ``day``, and a cost none can be below."""
    program = program_of(day, late_price, paths)
    cost = program.cost.copy()
    program.part(cost, "lanes")[0] = worth
    program, relaxed = relaxation(day, replace(program, cost=cost), budget_s / 2)
    found = _whole(
        program.cost,
        program.matrix,
        (program.low, program.high),
        (program.lower, program.upper),
        program.whole,
        budget_s,
    )
    if found.x is None:  # no time: rounded up it serves as many
        lanes = np.ceil(program.part(relaxed.x, "lanes")[0] - 1e-6)
        return np.minimum(lanes, day.gates[0].max_lanes).astype(np.int64), float(relaxed.fun)
    return np.rint(program.part(found.x, "lanes")[0]).astype(np.int64), float(max(found.mip_dual_bound, relaxed.fun))


def whole_shifts(day: GateDay, program: Program, lanes: Ints, budget_s: float) -> Staffed:
    """People on each shift, paid least, so that every open lane is staffed.

    :raises InfeasiblePlan: not with the staff there is.
    """
    if day.shifts is None:
        return ()
    needed = np.array([gate.staff_per_lane for gate in day.gates]) @ lanes
    shifts, rules = program.shifts, day.shifts
    there = np.array([[shift.first <= slot < shift.last for shift in shifts] for slot in range(day.slots)], float)
    most = np.inf if rules.staff is None else rules.staff
    matrix = csr_array(np.concatenate((on_duty(shifts, rules, day.slots), there)))
    low = np.concatenate((needed, np.full(day.slots, -np.inf)))
    high = np.concatenate((np.full(day.slots, np.inf), np.full(day.slots, float(most))))
    cost = np.array([float(shift.last - shift.first) for shift in shifts])
    bounds = (np.zeros(len(cost)), np.full(len(cost), np.inf))
    found = _whole(cost, matrix, (low, high), bounds, len(cost), budget_s)
    if found.x is None:
        slot = int(needed.argmax())
        raise InfeasiblePlan("lanes cannot be staffed", (f"{needed[slot]:.0f} people in slot {slot}, staff {most:g}",))
    return tuple((shift, round(n)) for shift, n in zip(shifts, found.x.tolist(), strict=True) if round(n))


def _whole(
    cost: Floats,
    matrix: csr_array,
    rows: tuple[Floats, Floats],
    limits: tuple[Floats, Floats],
    whole: int,
    budget_s: float,
) -> OptimizeResult:
    integrality = np.zeros(len(cost))
    integrality[:whole] = 1
    options = {"time_limit": max(budget_s, 0.2), "mip_rel_gap": 1e-3}
    return milp(
        cost,
        constraints=LinearConstraint(matrix, *rows),
        bounds=Bounds(*limits),
        integrality=integrality,
        options=options,
    )
