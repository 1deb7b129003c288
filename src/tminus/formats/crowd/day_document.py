"""A simulated day as one JSON document, and many days of one scenario as rows and percentiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.level_of_service import person_minutes_by_level

LEVELS = {"P10": 10, "P50": 50, "P90": 90}
ROW = (
    "agents", "arrived", "en_route", "stuck", "link_moves", "simulated_s", "agent_seconds", "last_arrival_s",
    "mean_lost_s", "p90_lost_s", "person_minutes_e_f", "worst_density", "longest_queue", "longest_wait_s",
    "left_behind", "incidents",
)  # fmt: skip
"""Figures of a replication."""


def document_of(result: DayResult) -> dict[str, Any]:
    """Keys of ``docs/reference/simulate.md``; a figure there is none of is null."""
    return {
        "agents": result.agents,
        "arrived": result.arrived,
        "en_route": result.en_route,
        "stuck": int(result.stuck.sum()),
        "link_moves": result.link_moves,
        "simulated_s": result.simulated_s,
        "agent_seconds": float(result.agent_seconds),
        "max_density": {link: _rounded(value) for link, value in zip(result.links, result.max_density, strict=True)},
        "queues": _queues(result),
        "incidents": [
            {"at_s": one.at_s, "kind": one.kind, "elements": list(one.elements), "persons": one.persons}
            for one in result.incidents
        ],
        "fundamental_diagram": result.diagram,
        "last_arrival_s": _most(result.arrived_s, 1),
        "mean_lost_s": _rounded(result.lost_s.mean(), 1) if result.agents else None,
        "p90_lost_s": _rounded(np.quantile(result.lost_s, 0.9), 1) if result.agents else None,
        "left_behind": int(result.rides.left_behind.sum()),
        "left_out": result.left_out,
        "without_way": [
            {"node": one.node, "persons": one.persons, "since_s": one.since_s} for one in result.without_way
        ],
        "near_tip": list(result.near_tip),
        "person_minutes_by_level": {
            level: _rounded(minutes, 1) for level, minutes in person_minutes_by_level(result).items()
        },
    }


def _queues(result: DayResult) -> dict[str, dict[str, Any]]:
    gates = result.gates
    found = {}
    for n, gate in enumerate(gates.ids):
        served = gates.served[:, n]
        waited = np.nansum(np.where(served > 0, gates.wait_s[:, n] * served, 0.0))
        quantiles = (_rounded(value, 1) for value in gates.wait_quantiles_s[n])
        found[gate] = {
            "served": int(served.sum()),
            "longest": int(gates.longest_queue[n]),
            "mean_wait_s": _rounded(waited / served.sum(), 1) if served.sum() else None,
            **dict(zip(("p50_wait_s", "p90_wait_s", "p99_wait_s"), quantiles, strict=True)),
            "longest_wait_s": _rounded(gates.longest_wait_s[n], 1),
        }
    return found


def row_of(result: DayResult) -> dict[str, Any]:
    """The figures of one replication, by the names of ``ROW``."""
    told = document_of(result)
    minutes = told["person_minutes_by_level"]
    more = {
        "person_minutes_e_f": round(minutes["E"] + minutes["F"], 1),
        "worst_density": _most(result.max_density, 3),
        "longest_queue": max((one["longest"] for one in told["queues"].values()), default=0),
        "longest_wait_s": max((one["longest_wait_s"] or 0.0 for one in told["queues"].values()), default=0.0),
        "incidents": len(result.incidents),
    }
    return {name: more[name] if name in more else told[name] for name in ROW}


def percentiles(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | None]]:
    """P10, P50 and P90 over replications of every figure of their rows."""
    found: dict[str, dict[str, float | None]] = {}
    for name, level in LEVELS.items():
        found[name] = {}
        for figure in ROW:
            told = [float(row[figure]) for row in rows if row[figure] is not None]
            found[name][figure] = _rounded(np.percentile(told, level)) if told else None
    return found


def _rounded(value: Any, digits: int = 3) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None


def _most(values: np.ndarray, digits: int) -> float | None:
    told = values[np.isfinite(values)]
    return round(float(told.max()), digits) if len(told) else None
