"""A day of the demonstration event forecast, watched and disturbed: speed, coverage, false alarms, faults recognised.

    python benchmarks/forecast/site_day.py [--days 40] [--paths 200] [--part truths]

There are no public hourly counts of an expo's gates. Truth is drawn from the forecast's own model, and from others:
another shape (arrivals 20 minutes later, stays 10 % longer, 15 % more visits, gates by other shares), a late rush
(second waves of 60 % instead of about 30 %, 45 minutes later), a gate lost for good at 11:00, thrice the persons.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals import SITE, Audience, DailyAttendance, Site, SiteDay, Wave, expand
from tminus.engines.forecast.live import Counts, LiveParams, Watch, reforecast
from tminus.engines.forecast.live.doubled import doubled_slots
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.forecast_day import forecast_day
from tminus.formats.event_folder.site import site_of

FOLDER = Path(__file__).parents[2] / "examples" / "lanwan-expo"
DAY = date(2026, 11, 9)
EXPECTED = DailyAttendance(DAY, mean=180_000, cv=0.15)
HOURS = (600, 720, 840, 960)


def other_truth(site: Site) -> Site:
    def later(wave: Wave) -> Wave:
        return Wave(wave.first_minute + 20, wave.mean_minute + 20, wave.sd_min, wave.share)

    audiences = tuple(
        replace(one, waves=tuple(map(later, one.waves)), stay_min=(one.stay_min or 300) * 1.1) for one in site.audiences
    )
    walk = site.walk_min.copy()
    walk[:, 0] += 1.5
    return replace(site, audiences=audiences, walk_min=walk)


def late_rush(site: Site) -> Site:
    def waves(one: Audience) -> tuple[Wave, ...]:
        first, second = one.waves
        later = replace(second, first_minute=second.first_minute + 45, mean_minute=second.mean_minute + 45, share=0.6)
        return replace(first, share=0.4), later

    return replace(site, audiences=tuple(replace(one, waves=waves(one)) for one in site.audiences))


def lost_gate(site: Site) -> Site:
    shut = tuple(replace(one, end=660) for one in site.gates[1].opened)
    return replace(site, gates=(site.gates[0], replace(site.gates[1], opened=shut), *site.gates[2:]))


Truth = Callable[[SiteDay, int], NDArray[np.float64]]


def truths(site: Site) -> dict[str, Truth]:
    """Name → counts of a day by seed."""
    more = DailyAttendance(DAY, mean=207_000, cv=0.1)
    return {
        "the model": lambda day, seed: counted(site, EXPECTED, day, seed),
        "another shape": lambda day, seed: counted(other_truth(site), more, day, seed),
        "a late rush": lambda day, seed: counted(late_rush(site), EXPECTED, day, seed),
        "a lost gate": lambda day, seed: counted(lost_gate(site), EXPECTED, day, seed),
        "thrice the persons": lambda day, seed: 3 * counted(site, EXPECTED, day, seed),
    }


def counted(site: Site, attendance: DailyAttendance, day: SiteDay, seed: int) -> NDArray[np.float64]:
    """[gate, slot, in and out] as counters that see 99 of 100 would show it."""
    truth = expand(site, attendance, paths=1, seed=10_000 + seed, grid=day.grid)
    flows = np.stack([truth.entries_by("gate")[1][0], truth.departures_by("gate")[1][0]], axis=2)
    return np.random.default_rng(seed).binomial(np.rint(flows).astype(int), 0.99).astype(np.float64)


def counts_of(day: SiteDay, values: NDArray[np.float64]) -> Counts:
    gates = tuple(one.id for one in day.site.gates)
    return Counts(gates, values, np.isfinite(values[..., 0]).astype(float), ())


def speed(paths: int) -> None:
    folder = read_folder(FOLDER)
    forecast_day(FOLDER, folder, DAY, EXPECTED, paths=paths, seed=0)
    begun = time.process_time()
    found = forecast_day(FOLDER, folder, DAY, EXPECTED, paths=paths, seed=0)
    whole = time.process_time() - begun
    site = found.site.site
    begun = time.process_time()
    day = expand(site, EXPECTED, paths=paths)
    alone = time.process_time() - begun
    values = counted(site, EXPECTED, day, 1)
    begun = time.process_time()
    reforecast(day, values, day.grid.slot_of(780))
    print(f"{len(site.gates)} gates, {len(site.origins)} origins, {day.grid.slots} slots, {paths} paths")
    print(f"  site {alone:.2f} s; with 302 stations, reading 58 days of counts {whole:.2f} s")
    print(f"  re-forecast {time.process_time() - begun:.2f} s")


def watched(day: SiteDay, truth: Truth, days: int) -> None:
    inside: dict[int, list[bool]] = {hour: [] for hour in HOURS}
    wide: dict[int, list[float]] = {hour: [] for hour in HOURS}
    kinds: Counter[str] = Counter()
    first: list[int] = []
    for seed in range(days):
        values = truth(day, seed)
        watch = Watch(day, params=LiveParams())
        for hour in HOURS:
            now = watch.until(counts_of(day, values), hour).now
            rest = now.day.entries_by(SITE)[1][:, 0, now.slot :].sum(axis=1)
            low, high = np.quantile(rest, [0.1, 0.9])
            inside[hour].append(bool(low <= values[:, now.slot :, 0].sum() <= high))
            wide[hour].append(float(high - low))
        alarms = watch.until(counts_of(day, values), 1200).alarms
        kinds.update(alarm.kind for alarm in alarms)
        first += [min((one.minute for one in alarms if one.kind == "too_many"), default=-1)]
    for hour in HOURS:
        print(f"  {hour // 60}:00 80 % interval holds {np.mean(inside[hour]):.2f}, {np.mean(wide[hour]):,.0f} wide")
    print(f"  all {np.mean(list(inside.values())):.3f}; alarms in {days} days {dict(kinds)}")
    print(f"  too_many first seen in the hour from, minutes after midnight: {Counter(first).most_common(4)}")


def disturbed(day: SiteDay, site: Site, days: int) -> None:
    at = day.grid.slot_of

    def double(values: NDArray[np.float64]) -> None:
        values[1, at(660) : at(840), 0] *= 2

    def dead(values: NDArray[np.float64]) -> None:
        values[1, at(600) : at(720), 0] = 0

    def silent(values: NDArray[np.float64]) -> None:
        values[1, at(600) : at(720)] = np.nan

    def closed(values: NDArray[np.float64]) -> None:
        values[0, at(600) : at(720), 0] += values[1, at(600) : at(720), 0]
        values[1, at(600) : at(720), 0] = 0

    def surge(values: NDArray[np.float64]) -> None:
        values[:, at(660) : at(780), 0] *= 2

    for name, change, kinds in (
        ("gate counts twice for 3 h", double, {"double_counting", "impossible"}),
        ("gate shows zero for 2 h", dead, {"dead"}),
        ("gate silent for 2 h", silent, {"silent"}),
        ("gate closed for 2 h", closed, {"gate_closed"}),
        ("twice as many everywhere for 2 h", surge, {"too_many"}),
    ):
        right = told = 0
        for seed in range(days):
            values = counted(site, EXPECTED, day, 500 + seed)
            change(values)
            alarms = Watch(day).until(counts_of(day, values), 900).alarms
            told += bool(alarms)
            right += any(alarm.kind in kinds for alarm in alarms)
        print(f"  {name}: alarm on {told} of {days} days, of the right kind on {right}")


def doubled(day: SiteDay, site: Site, days: int) -> None:
    """Steps to double alone: those found where there is none, and the drawn ones that are found, four a day."""
    planned = np.stack([day.entries_by("gate")[1].mean(axis=0), day.departures_by("gate")[1].mean(axis=0)], axis=2)
    for name in ("the model", "another shape", "a late rush"):
        random, chance, found, drawn = np.random.default_rng(5), 0, 0, 0
        for seed in range(days):
            values = truths(site)[name](day, 3_000 + seed)
            chance += int(doubled_slots(values, planned, LiveParams()).any(axis=1).sum())
            for _ in range(4):
                gate, begin = int(random.integers(len(values))), int(random.integers(600, 840))
                slots = slice(day.grid.slot_of(begin), day.grid.slot_of(begin + int(random.integers(90, 210))))
                twice = values.copy()
                twice[gate, slots.start, 0] = np.floor(twice[gate, slots.start, 0] * (1 + random.random()))
                twice[gate, slots.start + 1 : slots.stop, 0] *= 2
                found += bool(doubled_slots(twice, planned, LiveParams())[gate, slots, 0].mean() >= 0.5)
                drawn += 1
        print(f"  {name}: {chance} by chance on {days} days; {found} of {drawn} found for half of their time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--paths", type=int, default=200)
    parser.add_argument("--part", choices=("speed", "truths", "disturbed", "doubled"), action="append")
    options = parser.parse_args()
    parts = options.part or ["speed", "truths", "disturbed"]
    print(f"load average {os.getloadavg()[0]:.1f}, {options.paths} paths")
    site = site_of(read_folder(FOLDER), DAY)
    day = expand(site, EXPECTED, paths=options.paths)
    if "speed" in parts:
        speed(options.paths)
    for name, truth in truths(site).items() if "truths" in parts else ():
        print(f"truth: {name}")
        watched(day, truth, options.days)
    if "disturbed" in parts:
        print("disturbed")
        disturbed(day, site, options.days)
    if "doubled" in parts:
        print("doubled")
        doubled(day, site, options.days)


if __name__ == "__main__":
    main()
