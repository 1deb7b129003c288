"""Plans for round trips: any plan a format can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from tminus.engines.schedule import (
    Baseline,
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    LinkKind,
    Plan,
    Progress,
    Task,
    TaskKind,
    week_calendar,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
"""Words in any script; cells lose white space at their ends."""
LINES = st.sampled_from(
    ["", "=1+1", "+1", "-1", "@sum", "'=quoted", "two\nlines", "含中文，逗号; and “quotes”", 'a "b" c']
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))
PRIMAVERA = ("MANDS", "MANDF", "EXPF", "EXTS", "EXTF")
"""Constraints that MS Project has no like of."""
DATED = st.builds(
    Constraint,
    st.sampled_from([kind for kind in ConstraintKind if kind.value not in ("ASAP", "ALAP", *PRIMAVERA)]),
    MOMENTS,
)
CALENDARS = {
    "standard": week_calendar("standard", holidays_on=[date(2026, 10, 1)], workdays_on=[date(2026, 10, 10)]),
    "night": week_calendar("night", working_weekdays=range(7), hours=((0, 360), (1200, 1440))),
}


@st.composite
def tasks(draw: st.DrawFn, number: int, above: list[str]) -> Task:
    minutes = draw(st.one_of(st.just(0), st.integers(1, 30_000)))
    start = draw(st.one_of(st.none(), MOMENTS))
    return Task(
        id=f"T{number}",
        name=draw(st.one_of(WORDS, LINES.filter(bool))),
        name_zh=draw(st.sampled_from(["", "铺装道路", "=危险"])),
        parent=draw(st.sampled_from([None, *above])),
        kind=TaskKind.TASK if minutes else TaskKind.MILESTONE,
        duration=Duration(minutes, bool(minutes) and draw(st.booleans())),
        calendar=draw(st.sampled_from([None, *CALENDARS])),
        constraints=tuple(draw(st.lists(DATED, max_size=1))),
        deadline=draw(st.one_of(st.none(), MOMENTS)),
        start=start,
        finish=start + timedelta(minutes=draw(st.integers(0, 90_000))) if start else None,
        unit=draw(st.one_of(st.just(""), WORDS)),
        responsible=draw(st.sampled_from(["", "Li Wei", "王芳"])),
        supporting=tuple(draw(st.lists(st.sampled_from(["RD", "HE", "公安局"]), max_size=2))),
        place=draw(st.sampled_from(["", "hall-1"])),
        gate=draw(st.booleans()),
        weight=draw(st.sampled_from([1.0, 0.0, 2.5, 10.0])),
        notes=draw(LINES),
        extra=draw(st.sampled_from([{}, {"Budget": "12"}, {"Budget": "=1+1", "颜色": "红"}])),
    )


@st.composite
def whole_plans(draw: st.DrawFn) -> Plan:
    """With what workbooks have no column for as well: placed by hand, inactive, interrupted, delayed, WBS codes."""
    plan = draw(plans())
    return replace(plan, tasks=tuple(draw(_whole(task)) for task in plan.tasks))


def _whole(task: Task) -> st.SearchStrategy[Task]:
    delays = st.builds(Duration, st.integers(1, 9_000), st.booleans()) | st.just(Duration(0))
    return st.builds(
        lambda manual, active, wbs, pause, delay: replace(
            task, manual=manual, active=active, wbs=wbs, pause_minutes=pause, delay=delay
        ),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "1.2", "展-3"]),
        st.just(0) if task.kind is not TaskKind.TASK else st.sampled_from([0, 480, 75]),
        delays,
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """In outline order, a parent a summary, links only between leaves and from earlier to later."""
    made: list[Task] = []
    for number in range(draw(st.integers(1, 7))):
        # a new task stands under one of the open ancestors of the one before it, or under that one
        above = []
        at = made[-1] if made else None
        while at is not None:
            above.append(at.id)
            at = next((task for task in made if task.id == at.parent), None)
        made.append(draw(tasks(number, above)))
    parents = {task.parent for task in made}
    made = [replace(t, kind=TaskKind.SUMMARY, duration=Duration(480)) if t.id in parents else t for t in made]
    leaves = [task.id for task in made if task.id not in parents]
    progress = {id: draw(st.one_of(st.none(), PROGRESS)) for id in leaves}
    return Plan(
        name="plan",
        tasks=tuple(made),
        links=tuple(draw(links(leaves))),
        calendars=CALENDARS,
        default_calendar="standard",
        opening=date(2027, 3, 1),
        progress={id: one for id, one in progress.items() if one is not None},
    )


PROGRESS = st.builds(
    Progress,
    actual_start=MOMENTS,
    actual_finish=st.none(),
    remaining=st.one_of(st.none(), st.builds(Duration, st.integers(0, 9_000))),
    percent=st.integers(0, 99).map(float),
)


@st.composite
def links(draw: st.DrawFn, leaves: list[str]) -> list[Link]:
    pairs = [(pred, succ) for number, succ in enumerate(leaves) for pred in leaves[:number]]
    lag = st.builds(Duration, st.integers(-5_000, 5_000).filter(bool), st.booleans()) | st.just(Duration(0))
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=6, unique=True)) if pairs else []
    return sorted(
        (Link(pred, succ, draw(st.sampled_from(LinkKind)), draw(lag)) for pred, succ in chosen),
        key=lambda link: int(link.succ[1:]),
    )


def baseline_of(plan: Plan) -> Baseline:
    return Baseline(0, {task.id: (task.start, task.finish) for task in plan.tasks if task.start})
