"""Levelling in calendar time: how fast the first timetable is there, and what search makes of it.

``python benchmarks/schedule/levelling.py [--seconds 5] [--tasks 1000 10000]``. Generated plans: FS, SS and FF links
with lags, two calendars, ten crews on two shifts, a tenth of the tasks gates, an opening that the crews can just not
meet, so that there is something to gain. No peer schedules crews in working calendars in process; what is compared is
the first rule (latest start), the whole portfolio and the search without and with windows, and all against the lower
bound. Every answer is looked at by the validator.
"""

from __future__ import annotations

import argparse
import random
from datetime import date, timedelta
from os import getloadavg
from time import process_time

from tminus.engines.schedule import Duration, Link, LinkKind, Plan, Schedule, Task, back_schedule, week_calendar
from tminus.engines.schedule.levelling import Budget, Levelled, Need, Resources, Supply, Windows, level

NEVER = Windows(share=-1.0)
TODAY = date(2026, 1, 5)
SHIFTS = {
    "early": week_calendar("early", working_weekdays=range(6), hours=((360, 840),)),
    "day": week_calendar("day", hours=((480, 1020),)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--tasks", type=int, nargs="+", default=[300, 1000, 3000, 10_000])
    given = parser.parse_args()
    level(*_case(50), budget=Budget(iterations=2))
    level(*_case(50), budget=Budget(iterations=None, seconds=1.0))  # the solver is loaded before anything is timed
    print(f"load average {getloadavg()[0]:.1f}; processor time; one thread")
    print("| tasks | how | tried | seconds | gates late | weighted days late | lower bound | gap | faults |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    for tasks in given.tasks:
        schedule, resources = _case(tasks)
        for how, budget in {
            "latest start first": Budget(iterations=1),
            "six rules": Budget(iterations=6),
            f"search without windows, {given.seconds:g} s": Budget(iterations=None, seconds=given.seconds),
            f"search, {given.seconds:g} s": Budget(iterations=None, seconds=given.seconds),
        }.items():
            began = process_time()
            found = level(schedule, resources, budget=budget, beside=NEVER if "without" in how else None)
            print(_row(tasks, how, found, process_time() - began))


def _row(tasks: int, how: str, found: Levelled, seconds: float) -> str:
    value, (gates_late, tardiness) = found.value, found.lower_bound.best
    gap = "proved" if found.proved else f"{found.gap:.1%}"
    return (
        f"| {tasks:,} | {how} | {found.tried} | {seconds:.2f} | {value.gates_late} | {value.tardiness / 1440:,.1f} |"
        f" {gates_late}; {tardiness / 1440:,.1f} | {gap} | {len(found.faults)} |"
    )


def _case(tasks: int, seed: int = 1) -> tuple[Schedule, Resources]:
    rnd = random.Random(seed)
    made = tuple(
        Task(f"T{i}", f"Task {i}", duration=Duration(480 * rnd.randint(1, 5)), gate=rnd.random() < 0.1, weight=1.0,
             calendar=rnd.choice([None, None, "site"]))
        for i in range(tasks)
    )  # fmt: skip
    kinds = [LinkKind.FS] * 5 + [LinkKind.SS, LinkKind.FF]
    links: dict[tuple[int, int], Link] = {}
    for i in range(1, tasks):
        for p in {rnd.randrange(max(0, i - 120), i) for _ in range(rnd.randint(0, 2))}:
            links[p, i] = Link(f"T{p}", f"T{i}", rnd.choice(kinds), Duration(rnd.choice([0, 0, 0, 480])))
    calendars = {"office": week_calendar("office"), "site": week_calendar("site", working_weekdays=range(6))}
    plan = Plan("crews", made, tuple(links.values()), calendars, "office")
    supplies = tuple(Supply(f"C{k}", units=5, calendar=rnd.choice([None, "early", "day"])) for k in range(10))
    needs = tuple(Need(task.id, f"C{rnd.randrange(10)}", rnd.randint(1, 3)) for task in made if rnd.random() < 0.8)
    load = sum(task.duration.minutes for task in made) / 480 * 0.8 * 2 / 10 / 5
    opening = TODAY + timedelta(days=round(load * 7 / 5 * 1.15))
    return back_schedule(plan, opening=opening, today=TODAY), Resources(supplies, needs, calendars=SHIFTS)


if __name__ == "__main__":
    main()
