"""Random small plans: every link type, lags of both signs and kinds, several calendars, constraints, summaries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    Task,
    TaskKind,
    WorkCalendar,
    week_calendar,
)

TODAY = date(2026, 8, 17)
OPENING = date(2026, 11, 5)
LUNCH = ((480, 720), (780, 1020))
CALENDARS: dict[str, WorkCalendar] = {
    "office": week_calendar("office", holidays_on=[date(2026, 10, day) for day in range(1, 8)]),
    "site": week_calendar("site", working_weekdays=range(6), hours=LUNCH, workdays_on=[date(2026, 9, 20)]),
    "night": week_calendar("night", working_weekdays=range(7), hours=((0, 300), (1320, 1440))),
}
DATED = [ConstraintKind(name) for name in ("SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO")]
"""Primavera's own stand in tests/engines/schedule/primavera_rules: they cut logic, which here nothing does."""


def moments() -> st.SearchStrategy[datetime]:
    """Between today and opening, at any minute, day edges preferred."""
    hour = st.sampled_from([0, 9 * 60, 17 * 60, 12 * 60, 13 * 60]) | st.integers(0, 1439)
    return st.builds(
        lambda day, minute: datetime.combine(TODAY, datetime.min.time()) + timedelta(days=day, minutes=minute),
        st.integers(0, 78),
        hour,
    )


def lags() -> st.SearchStrategy[Duration]:
    return st.just(Duration(0)) | st.builds(Duration, st.integers(-1500, 3000), st.booleans())


@st.composite
def tasks(draw: st.DrawFn, number: int, parent: str | None, *, dated: bool) -> Task:
    kind = draw(st.sampled_from([TaskKind.TASK, TaskKind.TASK, TaskKind.TASK, TaskKind.MILESTONE]))
    minutes = draw(st.sampled_from([480, 960, 2400]) | st.integers(1, 3000))
    at = draw(moments())
    constraint = [Constraint(draw(st.sampled_from(DATED)), at)] if dated and draw(st.integers(0, 3)) == 0 else []
    return Task(
        f"T{number}",
        f"task {number}",
        parent=parent,
        kind=kind,
        duration=Duration(minutes, draw(st.integers(0, 5)) == 0),
        calendar=draw(st.none() | st.sampled_from(list(CALENDARS))),
        constraints=tuple(constraint),
        deadline=draw(moments()) if dated and draw(st.integers(0, 7)) == 0 else None,
    )


@st.composite
def plans(draw: st.DrawFn, *, dated: bool = True, summaries: bool = True, most: int = 9) -> Plan:
    """Links run from lower to higher numbers, so there is no cycle; a summary's own are drawn apart."""
    count = draw(st.integers(1, most))
    groups = draw(st.integers(0, 2)) if summaries else 0
    made: list[Task] = [Task(f"S{g}", f"group {g}", kind=TaskKind.SUMMARY) for g in range(groups)]
    if groups == 2 and draw(st.booleans()):
        made[1] = Task("S1", "group 1", parent="S0", kind=TaskKind.SUMMARY)
    cut = [draw(st.integers(0, groups)) for _ in range(count)]
    made += [
        draw(tasks(number, f"S{cut[number]}" if cut[number] < groups else None, dated=dated)) for number in range(count)
    ]
    links = []
    for succ in range(1, count):
        for pred in draw(st.lists(st.integers(0, succ - 1), max_size=3, unique=True)):
            links.append(Link(f"T{pred}", f"T{succ}", draw(st.sampled_from(list(LinkKind))), draw(lags())))
    for group in range(groups):
        nested = group == 0 and groups == 2 and made[1].parent == "S0"
        links += draw(_summary_links(group, [of == group or (nested and of == 1) for of in cut]))
    return Plan(
        "random",
        tuple(made),
        tuple(links),
        CALENDARS,
        draw(st.none() | st.just("office")),
        opening=OPENING,
        status_date=datetime.combine(TODAY, datetime.min.time()),
        lag_calendar=draw(st.sampled_from(list(LagCalendar))),
    )


@st.composite
def _summary_links(draw: st.DrawFn, group: int, under: list[bool]) -> list[Link]:
    """From a group to a task later than all ``under`` it; to the group from one that is earlier."""
    links: list[Link] = []
    inside = [number for number, is_under in enumerate(under) if is_under]
    if not inside:
        return links
    kinds = st.sampled_from(list(LinkKind))
    later, sooner = range(max(inside) + 1, len(under)), range(min(inside))
    if len(later) and draw(st.booleans()):
        links.append(Link(f"S{group}", f"T{draw(st.sampled_from(list(later)))}", draw(kinds), draw(lags())))
    if len(sooner) and draw(st.integers(0, 3)) == 0:
        links.append(Link(f"T{draw(st.sampled_from(list(sooner)))}", f"S{group}", draw(kinds), draw(lags())))
    return links
