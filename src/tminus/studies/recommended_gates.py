"""Gates opened early and people sent to gates with room: the gate plan of a day of a scenario as measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np

from tminus.engines.crowd.gate_plan import check, moved, plan_gates
from tminus.engines.crowd.level_of_service import WALKWAY
from tminus.formats.event_folder.day_scenarios import DayScenario, Does, Measure
from tminus.studies.day_clock import second_of
from tminus.studies.gate_measures import lane_measures, net_shares, sent_measures
from tminus.studies.gate_task import SLOT_MIN, gate_task
from tminus.studies.plan_part import Draft
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.simulated_day import START_MIN
from tminus.studies.walked_day import WalkedDay

BUDGET_S = 6.0
CROWDED_MIN = 2000.0
"""Fewer person-minutes at levels E and F on a way are no reason to send anybody elsewhere."""
SPREAD, AHEAD_MIN, MOST_SPREAD_MIN = 20.0, 30.0, 180.0
"""Per cent sent on, from half an hour before the way is crowded, for three hours at the most."""


def gate_draft(ready: PreparedDay, scenario: DayScenario, unit: str = "") -> Draft | None:
    """None: no lanes are known, or nothing would be otherwise."""
    task = gate_task(ready, scenario)
    if task is None:
        return None
    begun = perf_counter()
    plan = plan_gates(task.day, published=task.published, budget_s=BUDGET_S)
    measures = (*lane_measures(task, task.there, unit), *sent_measures(task, plan.sent, unit))
    if not measures:
        return None
    sent = net_shares(task, plan.sent)
    planned = check(task.day, task.there, moved(task.day, task.day.arrivals, sent), "plan")
    worst = max(task.day.gates, key=lambda gate: task.day.arrivals[:, task.day.gates.index(gate)].sum())
    binds = ", ".join(dict.fromkeys(one.what for one in plan.binding[:3])) or "nothing"
    return Draft(
        "gates", worst.id, "mean_wait_min", planned.mean_wait_s / 60, None, plan.gap, perf_counter() - begun, binds,
        measures,
    )  # fmt: skip


def spared_gates(draft: Draft) -> Iterator[Draft]:
    """The gate plan with nobody sent to one of its gates: the ways before it may take fewer than the gate."""
    sent_to = dict.fromkeys(one.other for one in draft.measures if one.kind is Does.REDIRECT)
    for gate in sent_to:
        measures = tuple(one for one in draft.measures if one.kind is not Does.REDIRECT or one.other != gate)
        if measures:
            yield replace(
                draft, planned=float("nan"), binds=f"nobody sent to {gate!r}", gap=None, measures=measures, instead=True
            )


def spreading_drafts(ready: PreparedDay, scenario: DayScenario, latest: WalkedDay, unit: str = "") -> Iterator[Draft]:
    """While the most crowded way in the open is crowded, people sent from each gate to each other one.

    The gate plan knows queues alone; the ways before a gate are known to the walk. What pays there is kept. Nobody is
    sent to a gate that serves for less of that time than the one they come to.
    """
    at = _most_crowded(ready, latest)
    task = gate_task(ready, scenario)
    if at is None or task is None:
        return
    slots = np.flatnonzero(latest.result.peak_density[:, at] >= WALKWAY.limits_p_m2[3])
    if not len(slots):
        return
    slot_min = latest.result.slot_s / 60
    begin = max(START_MIN + float(slots[0]) * slot_min - AHEAD_MIN, task.begin_min)
    planned_until = task.begin_min + task.published.shape[1] * SLOT_MIN
    end = min(START_MIN + float(slots[-1] + 1) * slot_min, begin + MOST_SPREAD_MIN, planned_until)
    if begin >= end:  # crowded by people on their way home, whom no gate concerns
        return
    before = float(latest.result.person_s_by_level[at, 4:].sum() / 60)
    serves = {gate.id: _served_s(latest, gate.id, begin, end) for gate in task.day.gates}
    for one in task.day.detours:
        if serves[one.end] < max(serves[one.start], 1.0):
            continue
        measure = Measure(Does.REDIRECT, one.start, SPREAD, begin, end, one.end, unit=unit)
        yield Draft(
            "gates", one.start, "person_minutes_e_f", float("nan"), 0.0, None, 0.0,
            f"{before:.0f} on {latest.result.links[at]!r} before", (measure,),
        )  # fmt: skip


def _served_s(latest: WalkedDay, gate: str, begin: float, end: float) -> float:
    """Seconds between two minutes of the day in which the gate had lanes."""
    first, last = second_of(begin), second_of(end)
    open_s = [(max(s.from_s, first), min(s.to_s, last)) for s in latest.scenario.gates if s.node == gate and s.lanes]
    return sum(max(b - a, 0.0) for a, b in open_s)


def _most_crowded(ready: PreparedDay, latest: WalkedDay) -> int | None:
    """Place of the way in the open with most person-minutes at levels E and F; None: hardly any."""
    crowded = latest.result.person_s_by_level[:, 4:].sum(axis=1) / 60
    outside = [n for n, id in enumerate(latest.result.links) if id in ready.open_air]
    at = max(outside, key=lambda n: crowded[n], default=None)
    return None if at is None or crowded[at] < CROWDED_MIN else at
