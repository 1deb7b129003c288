"""Attendance of made-up events with known truth: error and width of intervals by days before opening.

``OMP_NUM_THREADS=1 python benchmarks/forecast/attendance.py [--events 200] [--first 5000]``: six-day events of
``tests/engines/forecast/attendance/made_up_event.py`` (Beta show rates, Poisson registrations, bus loads). Beside ours:
the organiser's expectation spread evenly, and the usual pick-up method (registered so far over the average share in by
then, times the average show rate), both given the true averages. Processor time.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engines.forecast.attendance.made_up_event import EXPECTED, Truth, made_up_event

from tminus.engines.forecast.attendance import AttendanceForecast, AttendanceModel

ORIGINS = (-90, -60, -30, -14, -7, -1, 0, 2)
SHOW = 0.8


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--first", type=int, default=5000, help="the first seed")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.events)
    print(f"load average {os.getloadavg()[0]:.1f}, {given.events} events, seeds from {given.first}\n")
    print("| as of | error, tminus | without registrations | pick-up method | expectation | 80 % holds | 90 % holds "
          "| 80 % width | ms |")  # fmt: skip
    print("|---" * 9 + "|")
    for origin in ORIGINS:
        rows = [measured(made_up_event(seed), origin, seed) for seed in seeds]
        show(origin, np.array(rows))


def measured(truth: Truth, origin: int, seed: int) -> list[float]:
    """Mean over the days ahead of: errors of four forecasts, two coverages, width; and milliseconds."""
    as_of = truth.outlook.opening + timedelta(days=origin)
    ahead = np.array([day > as_of for day in truth.dates])
    model = AttendanceModel(truth.outlook)
    counted, begun = truth.counted(as_of), time.process_time()
    found = model.forecast(truth.days, as_of=as_of, counted=counted, registrations=truth.registrations, seed=seed)
    spent = 1000 * (time.process_time() - begun)
    without = model.forecast(truth.days, as_of=as_of, counted=counted, seed=seed)
    forecasts = [
        found.quantile(0.5),
        without.quantile(0.5),
        picked_up(truth, origin),
        np.full(len(ahead), EXPECTED / 6),
    ]
    errors = [float(np.mean(np.abs(one / truth.visits - 1)[ahead])) for one in forecasts]
    return [*errors, held(found, truth, ahead, 0.1), held(found, truth, ahead, 0.05), width(found, ahead), spent]


def picked_up(truth: Truth, origin: int) -> NDArray[np.float64]:
    as_of = truth.outlook.opening + timedelta(days=origin)
    lead = np.array([max((day - as_of).days, 0) for day in truth.dates])
    share = np.exp(-np.log(2) * (lead / np.exp(3.2)) ** 0.8)
    picked: NDArray[np.float64] = SHOW * truth.registrations.held(as_of).sum(axis=0) / share
    return picked


def held(found: AttendanceForecast, truth: Truth, ahead: NDArray[np.bool_], tail: float) -> float:
    inside = (found.quantile(tail) <= truth.visits) & (truth.visits <= found.quantile(1 - tail))
    return float(np.mean(inside[ahead]))


def width(found: AttendanceForecast, ahead: NDArray[np.bool_]) -> float:
    return float(np.mean(((found.quantile(0.9) - found.quantile(0.1)) / found.quantile(0.5))[ahead]))


def show(origin: int, rows: NDArray[np.float64]) -> None:
    mean = rows.mean(axis=0)
    errors = " | ".join(f"{value:.1%}" for value in mean[:4])
    print(f"| T{origin:+d} | {errors} | {mean[4]:.3f} | {mean[5]:.3f} | {mean[6]:.0%} | {mean[7]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
