"""A what-if carried out on what a forecast is made from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tminus.desks.passengers.forecasting.levers import Levers
from tminus.engines.forecast.arrivals import DailyAttendance


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
