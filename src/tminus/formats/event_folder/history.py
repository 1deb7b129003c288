"""Counts of earlier days in an event folder: ``history.csv``, ``history.parquet`` and ``history.npz`` as one panel,
and what the console's own counters counted where these say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tminus.engines.forecast import DayContext, FlowPanel
from tminus.formats.flows import read_flows
from tminus.formats.problems import BadFile

FILES = ("history.csv", "history.parquet", "history.npz")
COUNTED_FLOWS = "counted_flows.parquet"
"""Of the console's counters, by the quarter of an hour; files people hand in go before it."""
CHANNELS = ("in", "out")


def read_history(folder: Path, context_of: Callable[[date], DayContext] = DayContext) -> FlowPanel | None:
    """All counts of the folder, None where it has none; what no file tells is NaN.

    :param context_of: what is known of a day.
    :raises BadFile: a file that cannot be read, counts without dates, or files that do not fit together.
    """
    found = {name: read_flows(folder / name) for name in FILES if (folder / name).exists()}
    if (folder / COUNTED_FLOWS).exists():
        fitting = fitted(read_flows(folder / COUNTED_FLOWS), next(iter(found.values()), None))
        found = {**({COUNTED_FLOWS: fitting} if fitting else {}), **found}
    if not found:
        return None
    for name, panel in found.items():
        if any(one.day is None for one in panel.days):
            raise BadFile(f"{name}: days without dates; allowed: each day dated")
    whole = _together(found)
    contexts = tuple(context_of(one.day) if one.day else one for one in whole.days)
    return FlowPanel(whole.values, contexts, whole.slot_minutes, whole.first_minute, whole.nodes, whole.channels)


def fitted(counted: FlowPanel, history: FlowPanel | None) -> FlowPanel | None:
    """Counts in the slots of ``history``; None where those are no multiple of the counts' own, or begin elsewhere."""
    if history is None or history.slot_minutes == counted.slot_minutes:
        fits = history is None or (history.first_minute - counted.first_minute) % counted.slot_minutes == 0
        return counted if fits else None
    long, short = history.slot_minutes, counted.slot_minutes
    if long % short or (history.first_minute - counted.first_minute) % short:
        return None
    each, before = long // short, (counted.first_minute - history.first_minute) % long // short
    days, slots, *rest = counted.values.shape
    filled = np.full((days, -(-(before + slots) // each) * each, *rest), np.nan, dtype=np.float32)
    filled[:, before : before + slots] = counted.values
    values = filled.reshape(days, -1, each, *rest).sum(axis=2)
    return FlowPanel(values, counted.days, long, counted.first_minute - before * short, counted.nodes, counted.channels)


def _together(found: dict[str, FlowPanel]) -> FlowPanel:
    if len(found) == 1 and next(iter(found.values())).channels == CHANNELS:
        return next(iter(found.values()))
    panels = list(found.values())
    first = panels[0]
    length, begin = first.slot_minutes, min(one.first_minute for one in panels)
    for name, one in found.items():
        if one.slot_minutes != length or (one.first_minute - begin) % length:
            raise BadFile(f"{name}: slots of {one.slot_minutes} min; allowed: {length} min, as in {next(iter(found))}")
    end = max(one.first_minute + one.slots * length for one in panels)
    days = sorted({context.day for one in panels for context in one.days if context.day})
    nodes = tuple(dict.fromkeys(name for one in panels for name in one.nodes))
    values = np.full((len(days), (end - begin) // length, len(nodes), 2), np.nan, dtype=np.float32)
    at_day, at_node = ({name: number for number, name in enumerate(names)} for names in (days, nodes))
    for one in panels:
        slot = (one.first_minute - begin) // length
        where = np.ix_(
            [at_day[context.day] for context in one.days if context.day], range(slot, slot + one.slots),
            [at_node[name] for name in one.nodes], [CHANNELS.index(name) for name in one.channels if name in CHANNELS],
        )  # fmt: skip
        told = one.values[..., [n for n, name in enumerate(one.channels) if name in CHANNELS]]
        values[where] = np.where(np.isnan(told), values[where], told)
    return FlowPanel(values, tuple(map(DayContext, days)), length, begin, nodes, CHANNELS)


def between(panel: FlowPanel | None, since: date, until: date) -> FlowPanel | None:
    """The days of ``panel`` from ``since`` until the day before ``until``; None where there are none."""
    if panel is None:
        return None
    last = until - timedelta(days=1)
    chosen = [number for number, one in enumerate(panel.days) if one.day and since <= one.day <= last]
    return panel.of_days(chosen) if chosen else None
