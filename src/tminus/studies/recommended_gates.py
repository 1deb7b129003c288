"""Gates opened early and people sent to gates with room: the gate plan of a day of a scenario as measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from tminus.engines.crowd.gate_plan import check, moved, plan_gates
from tminus.formats.event_folder.day_scenarios import DayScenario, Does
from tminus.studies.gate_measures import lane_measures, net_shares, sent_measures
from tminus.studies.gate_task import gate_task
from tminus.studies.plan_part import Draft
from tminus.studies.prepared_day import PreparedDay

BUDGET_S = 6.0


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
