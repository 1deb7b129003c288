"""What a walked day costs the people: minutes lost and minutes in a crowd, the figures plans are compared by."""

from __future__ import annotations

from typing import Any

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.scenario import Scenario
from tminus.formats.crowd.day_document import row_of
from tminus.studies.gates_two_sided import OUT
from tminus.studies.walked_day import WalkedDay

NOT_HOME_MIN = 600.0
"""Who is not home at the end has lost so much; assumed, so that nobody is left to save the others time."""


def day_figures(walked: WalkedDay) -> dict[str, Any]:
    """The figures of :func:`row_of` and ``mean_wait_s``: seconds a person waits at gates and stops, the mean of all."""
    result = walked.result
    waited = _at_gates_s(result) + _at_stops_s(walked.scenario, result)
    return {**row_of(result), "mean_wait_s": round(waited / max(result.agents, 1), 2)}


def cost_min(figures: dict[str, Any]) -> float:
    """Person-minutes lost, and those at levels of service E and F once more; who is not home besides."""
    not_home = figures["stuck"] + figures["en_route"]
    lost = (figures["mean_lost_s"] or 0.0) * figures["agents"] / 60
    return float(lost + figures["person_minutes_e_f"] + NOT_HOME_MIN * not_home)


def _at_gates_s(result: DayResult) -> float:
    gates = result.gates
    return float(np.nansum(np.where(gates.served > 0, gates.wait_s * gates.served, 0.0)))


def _at_stops_s(scenario: Scenario, result: DayResult) -> float:
    """Everybody who stands at a node that is neither a hall nor a gate waits for a vehicle, or for a way to open."""
    halls = {node.id for node in scenario.network.nodes if node.kind is NodeKind.HALL}
    gates = {name for gate in result.gates.ids for name in (gate, gate + OUT)}
    stops = np.array([name not in halls and name not in gates for name in result.nodes], bool)
    return float(result.waiting[:, stops].sum()) * result.slot_s
