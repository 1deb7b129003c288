"""What a walked day came to, kept beside its replay: figures of the day, gates, curves by slot, the worst places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.day_result import DayResult
from tminus.formats.crowd.day_document import document_of, row_of
from tminus.formats.event_folder.day_scenarios import clock_of
from tminus.studies.simulated_day import START_MIN

WORST = 20
"""Places and minutes that are told, worst first."""


def figures_of(result: DayResult, document: Mapping[str, Any]) -> dict[str, Any]:
    """``row``, ``gates``, ``curves``, ``worst``, ``without_way`` and ``near_tip`` of ``DayWalk.figures``.

    :param document: of :func:`tminus.formats.crowd.replay_data.replay_data`.
    """
    row = row_of(result)
    row |= {"mean_wait_s": document["day"]["mean_wait_s"], "home_at": _home_at(row)}
    return {
        "row": row,
        "gates": _gates(result),
        "curves": _curves(result, document),
        "worst": _worst(document),
        "without_way": [
            {"node": one.node, "persons": one.persons, "since": _at(one.since_s)} for one in result.without_way[:WORST]
        ],
        "near_tip": list(result.near_tip[:WORST]),
        "diagram": result.diagram,
    }


def _home_at(row: dict[str, Any]) -> str | None:
    """When the last of all was home; none where somebody was not when the day ended."""
    late = row["en_route"] + row["stuck"]
    return None if late or row["last_arrival_s"] is None else _at(row["last_arrival_s"])


def _gates(result: DayResult) -> list[dict[str, Any]]:
    """Queues and waits of each gate; ``busiest``: when the slot with the longest mean queue begins."""
    queue = result.gates.queue
    slots = queue.argmax(axis=0) if len(queue) else np.zeros(len(result.gates.ids))
    return [
        {"gate": gate, **one, "busiest": _at(slot * result.slot_s)}
        for (gate, one), slot in zip(document_of(result)["queues"].items(), slots, strict=True)
    ]


def _curves(result: DayResult, document: Mapping[str, Any]) -> dict[str, Any]:
    """By slot: persons on the site, in queues, left behind so far and home so far; mean wait at gates, seconds."""
    slots, served = len(result.occupancy), result.gates.served
    by_slot = served.sum(axis=1)
    waited = np.nansum(np.where(served > 0, result.gates.wait_s * served, 0.0), axis=1)
    wait = np.divide(waited, by_slot, out=np.zeros(slots), where=by_slot > 0)
    drawn = document["curves"]
    return {
        "times": [_at(number * result.slot_s) for number in range(slots)],
        "slot_s": result.slot_s,
        "on_site": drawn["site"],
        "queue": drawn["queues"],
        "wait_s": [round(float(value), 1) for value in wait],
        "left_behind": _so_far(result, slots),
        "home": drawn["home"],
    }


def _so_far(result: DayResult, slots: int) -> list[int]:
    at: NDArray[np.int64] = np.minimum(result.rides.depart_s // result.slot_s, max(slots - 1, 0)).astype(np.int64)
    left = np.bincount(at, weights=result.rides.left_behind, minlength=slots)
    return [round(float(value)) for value in np.cumsum(left)]


def _worst(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``kind``: way, gate or stop; ``element``: its ID; ``at``: when its worst slot begins, ``from`` and ``to``: of
    the bad ones around it; ``value``: persons/m² of a way, seconds of wait at a gate, left behind at a stop;
    ``minutes``: person-minutes at E and F, in the queue, or waiting."""
    slot_s = document["slot_s"]
    return [
        {
            "kind": one["kind"],
            "element": (document["ways"] if one["kind"] == "way" else document["nodes"])[one["at"]]["id"],
            "at": _at(one["slot"] * slot_s),
            "from": _at(one["from"] * slot_s),
            "to": _at((one["to"] + 1) * slot_s),
            **{name: one[name] for name in ("slot", "level", "value", "persons", "minutes")},
        }
        for one in document["worst"][:WORST]
    ]


def _at(second: float) -> str:
    return clock_of(START_MIN + float(second) / 60.0)
