"""The rest of a day as re-forecast on its last whole hour, in the form that is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import numpy as np

from tminus.desks.passengers.adapter import CHANNELS
from tminus.desks.passengers.forecasting.kept_folder import inputs_of
from tminus.desks.passengers.forecasting.watching import Look, look, quantiles_of, visits_of
from tminus.engines.forecast.arrivals import SITE
from tminus.engines.forecast.live import Alarm, Watched
from tminus.platform.models import Event

MODEL = "live 1"
"""What computed it; another number when the figures of the same counts would differ."""


def live_issue(event: Event, at: datetime) -> dict[str, Any]:
    """What was known at ``at``, as ``passengers.forecast.live.keep`` takes it.

    :raises BadFile: files no day can be forecast from.
    """
    seen = look(event, at)
    grid, slot = seen.before.grid, seen.found.now.slot
    return {
        "day": at.date(),
        "minute": int(grid.edges[slot]),
        "at": at,
        "model": MODEL,
        "inputs": inputs_of(event) | {"counts": _digest(seen, slot)},
        "result": {
            "slot_minutes": grid.slot_minutes,
            "minutes": [int(one) for one in grid.minutes[slot:]],
            "visits": visits_of(seen.found, seen.before),
            "entries": _entries(seen, slot),
            "alarms": [one.as_json() for one in seen.found.alarms],
            "degraded": list(seen.found.degraded),
            "doubtful": doubtful(seen, slot),
        },
    }


def _digest(seen: Look, slot: int) -> str:
    """Of the counts it was made from: persons in and out by gate and slot."""
    return hashlib.sha256(np.ascontiguousarray(seen.counts.values[:, :slot]).tobytes()).hexdigest()


def _entries(seen: Look, slot: int) -> list[dict[str, Any]]:
    """Entries of the site and of each gate in the slots still to come."""
    found = []
    for level in (SITE, "gate"):
        nodes, paths = seen.found.now.day.entries_by(level)
        found += [{"level": level, "node": node, **quantiles_of(paths[:, n, slot:])} for n, node in enumerate(nodes)]
    return found


def doubtful(seen: Look, slot: int) -> list[dict[str, Any]]:
    """Gates whose counter is likely at fault in some slots: what it said there, and what is taken instead."""
    flows = {"in": seen.found.now.day.entries_by("gate")[1], "out": seen.found.now.day.departures_by("gate")[1]}
    edges = seen.before.grid.edges
    found = []
    for (node, name), faults in _faults(seen.found).items():
        at = seen.counts.nodes.index(node)
        wrong = np.zeros(seen.counts.values.shape[1], dtype=np.bool_)
        for one in faults:
            wrong[np.searchsorted(edges, one.minute) : np.searchsorted(edges, one.until)] = True
        wrong[slot:] = False
        if wrong.any():
            slots = np.flatnonzero(wrong)
            found.append({
                "node": node, "channel": name, "kind": faults[0].kind, "from_minute": int(edges[slots[0]]),
                "until_minute": int(edges[slots[-1] + 1]),
                "counted": round(float(np.nansum(seen.said[at, wrong, CHANNELS.index(name)]))),
                "instead": round(float(flows[name][:, at, wrong].sum(axis=1).mean())),
            })  # fmt: skip
    return found


def _faults(found: Watched) -> dict[tuple[str, str], list[Alarm]]:
    """Gate and channel → its counter's faults; one that is silent says nothing that could mislead."""
    gates = found.now.day.entries_by("gate")[0]
    faults: dict[tuple[str, str], list[Alarm]] = {}
    for one in found.alarms:
        if one.is_fault and one.kind != "silent" and one.node in gates:
            for name in CHANNELS if one.channel not in CHANNELS else (one.channel,):
                faults.setdefault((one.node, name), []).append(one)
    return faults
