"""A what-if carried out on what a forecast is made from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tminus.desks.passengers.forecasting.levers import Levers
from tminus.engines.forecast.arrivals import DailyAttendance
from tminus.formats.event_folder import EventFolder
from tminus.formats.event_folder.folder import Rows


def scaled(attendance: DailyAttendance, levers: Levers, most: float | None = None) -> DailyAttendance:
    """The same draws, all larger or smaller alike.

    :param most: whom the day has room for; more are not let in.
    """
    by = 1 + levers.attendance_percent / 100
    samples = attendance.samples * by if attendance.samples is not None else None
    mean = attendance.mean * by if attendance.mean is not None else None
    if samples is not None:
        samples = np.minimum(np.rint(samples), np.inf if most is None else most)
    return replace(attendance, samples=samples, mean=mean)


def with_closed(folder: EventFolder, closed: list[str]) -> EventFolder:
    """Nobody starts or changes at a closed station; trains pass through it."""
    if not closed:
        return folder
    gone = set(closed)
    nodes = folder.table("nodes")
    kept = tuple({**row, "kind": "passed"} if row["id"] in gone else row for row in nodes)
    return replace(folder, tables={**folder.tables, "nodes": Rows(nodes.headings, kept, nodes.numbers)})
