"""Daily network totals of three cities, months ahead, against seasonal naive, last year's like day and statsforecast.

``OMP_NUM_THREADS=1 python benchmarks/forecast/daily.py [--data FOLDER] [--peers PYTHON] [--city bj]``: monthly origins
2017-07 … 2019-04, targets 0–30, 31–90 and 91–180 days ahead; holidays as known on the eve of the origin, in the second
row as published since. ``FOLDER`` holds ``forecast/china_metro_daily_2012_2019.csv``; ``PYTHON`` has statsforecast.
Processor time.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance import forecast_totals
from tminus.engines.forecast.calendars import CalendarDay, DayKind, calendar_days

CITIES = {"sh": "Shanghai", "bj": "Beijing", "gz": "Guangzhou"}
BANDS = ((0, 30), (31, 90), (91, 180))
AHEAD = 181
ORIGINS = [date(2017 + month // 12, month % 12 + 1, 1) for month in range(6, 28)]
Series = dict[date, float]
Found = dict[date, float]

PEER = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import numpy as np
from statsforecast.models import MSTL, AutoETS, DynamicOptimizedTheta
models = {"statsforecast MSTL(7, 365) + AutoETS": lambda: MSTL([7, 365], trend_forecaster=AutoETS(model="ZZN")),
          "statsforecast AutoETS(7)": lambda: AutoETS(season_length=7),
          "statsforecast DynamicOptimizedTheta(7)": lambda: DynamicOptimizedTheta(season_length=7)}
out = {name: [] for name in models}
for values in json.load(sys.stdin):
    for name, make in models.items():
        y = np.log(np.array(values, dtype=float))
        out[name].append(np.exp(make().forecast(y=y, h=181)["mean"]).tolist())
json.dump(out, sys.stdout)
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TMINUS_DATA", "data")))
    parser.add_argument("--peers", type=Path, help="a Python with statsforecast")
    parser.add_argument("--city", choices=CITIES, nargs="*", default=list(CITIES))
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {len(ORIGINS)} origins {ORIGINS[0]} … {ORIGINS[-1]}\n")
    print("| city | forecast | 0–30 d | 31–90 d | 91–180 d | 80 % | 90 % | s an origin |")
    print("|---" * 8 + "|")
    for city in given.city:
        for row in rows_of(read(given.data, city), given.peers):
            print(f"| {CITIES[city]} | {row} |", flush=True)


def read(folder: Path, city: str) -> Series:
    path = folder / "forecast" / "china_metro_daily_2012_2019.csv"
    with path.open(encoding="utf-8") as lines:
        return {date.fromisoformat(row["date"]): float(row[city]) for row in csv.DictReader(lines) if row[city]}


def rows_of(series: Series, peers: Path | None) -> Iterator[str]:
    yield from tminus_rows(series)
    naive: dict[str, Callable[[Series, Sequence[date]], Found]] = {
        "seasonal naive, 364 days": seasonal_naive, "last year's like day": like_day,
    }  # fmt: skip
    for name, forecast in naive.items():
        yield row(name, [(origin, forecast(before(series, origin), ahead(origin))) for origin in ORIGINS], series)
    if peers:
        for name, found in statsforecast(series, peers).items():
            yield row(name, found, series)


def tminus_rows(series: Series) -> Iterator[str]:
    for name, hindsight in (("**tminus**", False), ("tminus, calendar as published later", True)):
        begun, found, inside = time.process_time(), [], []
        for origin in ORIGINS:
            known = before(series, origin)
            told = forecast_totals(list(known), list(known.values()), ahead(origin), country="CN", hindsight=hindsight)
            found.append((origin, dict(zip(told.days, told.point, strict=True))))
            inside += [
                [
                    told.quantile(low)[n] <= series[day] <= told.quantile(high)[n]
                    for low, high in ((0.1, 0.9), (0.05, 0.95))
                ]
                for n, day in enumerate(told.days)
                if day in series
            ]
        cover = np.mean(np.array(inside), axis=0)
        yield row(name, found, series, cover, (time.process_time() - begun) / len(ORIGINS))


def row(
    name: str,
    found: Sequence[tuple[date, Found]],
    series: Series,
    cover: NDArray[np.float64] | None = None,
    seconds: float | None = None,
) -> str:
    errors = np.array([
        ((day - origin).days, abs(value / series[day] - 1))
        for origin, of_origin in found
        for day, value in of_origin.items()
        if day in series
    ])  # fmt: skip
    by_band = [errors[(errors[:, 0] >= low) & (errors[:, 0] <= high), 1].mean() for low, high in BANDS]
    shown = " | ".join(f"{value:.2%}" for value in by_band)
    covered = "– | –" if cover is None else " | ".join(f"{value:.3f}" for value in cover)
    return f"{name} | {shown} | {covered} | {'–' if seconds is None else f'{seconds:.2f}'}"


def ahead(origin: date) -> list[date]:
    return [origin + timedelta(days=n) for n in range(AHEAD)]


def before(series: Series, origin: date) -> Series:
    return {day: value for day, value in series.items() if day < origin}


def seasonal_naive(known: Series, days: Sequence[date]) -> Found:
    """The same weekday 52 weeks before; a week near it where that one is missing."""
    return {day: nearest(known, day - timedelta(days=364)) for day in days}


def nearest(known: Series, day: date) -> float:
    steps = (7 * n * sign for n in range(60) for sign in (1, -1))
    return next(known[at] for step in steps if (at := day + timedelta(days=step)) in known)


def like_day(known: Series, days: Sequence[date]) -> Found:
    """Last year's same day of the same break, or of the lunar year; else the same kind of day about a year before."""
    eve = max(known)
    past = list(known)
    told = calendar_days("CN", [*past, *days], known_on=eve)
    by_key: dict[object, float] = {}
    for one in told[: len(past)]:
        by_key[key(one)] = known[one.day]
    plain = {one.day: known[one.day] for one in told[: len(past)] if one.kind in (DayKind.WORKDAY, DayKind.WEEKEND)}
    return {
        one.day: by_key[key(one)] if key(one) in by_key else nearest(plain, one.day - timedelta(days=364))
        for one in told[len(past) :]
    }


def key(told: CalendarDay) -> object:
    if told.lunar_offset is not None and abs(told.lunar_offset) <= 15:
        return ("lunar", told.lunar_offset)
    return (told.holiday, told.nth) if told.kind is DayKind.HOLIDAY else told.day


def statsforecast(series: Series, python: Path) -> dict[str, list[tuple[date, Found]]]:
    """In one process of its own; missing days filled with the day a week before, logarithms as ours."""
    known = [filled(before(series, origin)) for origin in ORIGINS]
    done = subprocess.run([python, "-c", PEER], input=json.dumps(known), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return {
        name: [(origin, dict(zip(ahead(origin), of, strict=True))) for origin, of in zip(ORIGINS, values, strict=True)]
        for name, values in json.loads(done.stdout).items()
    }


def filled(known: Series) -> list[float]:
    first = min(known)
    days = [first + timedelta(days=n) for n in range((max(known) - first).days + 1)]
    return [known[day] if day in known else nearest(known, day) for day in days]


if __name__ == "__main__":
    main()
