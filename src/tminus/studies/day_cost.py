"""What a walked day costs the people: minutes lost and minutes in a crowd, the figures plans are compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.scenario import Scenario
from tminus.formats.crowd.day_document import row_of
from tminus.studies.gates_two_sided import OUT
from tminus.studies.walked_day import WalkedDay

COMPARED = ("mean_wait_s", "mean_lost_s", "person_minutes_e_f")
LEAST_S, LEAST_E_F = 30.0, 0.1
"""Added to both sides of a ratio, E and F in minutes a person: what is next to nothing is not compared."""
NOT_HOME = 100.0
"""What a share of the people who are not home costs besides: a hundredth of them as much as all waiting. Assumed."""


def day_figures(walked: WalkedDay) -> dict[str, Any]:
    """The figures of :func:`row_of` and ``mean_wait_s``: seconds a person waits at gates and stops, the mean of all."""
    result = walked.result
    waited = _at_gates_s(result) + _at_stops_s(walked.scenario, result)
    return {**row_of(result), "mean_wait_s": round(waited / max(result.agents, 1), 2)}


def relative_cost(figures: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> float:
    """Mean wait, mean time lost and person-minutes at levels E and F, each as a ratio to the least of ``others``.

    1: as good as the best of them in each; all three count alike, whatever their size. Who is not home costs besides.
    """
    agents = max(figures["agents"], 1)
    least = {"person_minutes_e_f": LEAST_E_F * agents}
    ratios = [
        ((figures[name] or 0.0) + small) / (min(one[name] or 0.0 for one in others) + small)
        for name in COMPARED
        for small in [least.get(name, LEAST_S)]
    ]
    left = _not_home(figures) - min(_not_home(one) for one in others)
    return float(sum(ratios) / len(ratios) + NOT_HOME * left / agents)


def _not_home(figures: Mapping[str, Any]) -> float:
    return float(figures["stuck"] + figures["en_route"])


def _at_gates_s(result: DayResult) -> float:
    gates = result.gates
    return float(np.nansum(np.where(gates.served > 0, gates.wait_s * gates.served, 0.0)))


def _at_stops_s(scenario: Scenario, result: DayResult) -> float:
    """Everybody who stands at a node that is neither a hall nor a gate waits for a vehicle, or for a way to open."""
    halls = {node.id for node in scenario.network.nodes if node.kind is NodeKind.HALL}
    gates = {name for gate in result.gates.ids for name in (gate, gate + OUT)}
    stops = np.array([name not in halls and name not in gates for name in result.nodes], bool)
    return float(result.waiting[:, stops].sum()) * result.slot_s
