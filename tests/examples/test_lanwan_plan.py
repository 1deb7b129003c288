"""The assignment book: whole, linked without circles, published in working time, and possible."""

import re
from datetime import date
from graphlib import TopologicalSorter

import holidays
from examples.lanwan.days import HOLIDAYS, MAKE_UP_DAYS, is_working, t_of

from tests.examples.lanwan_folder import FOLDER, document, leaves, table
from tminus.engines.schedule import back_schedule
from tminus.formats.assignment_book import read_book
from tminus.formats.calendar_file import read_calendars

ROWS = table("plan")
LEAVES = {row["ID"]: row for row in leaves()}
LINK = re.compile(r"([A-Z]{2}\d{4})(FS|SS|FF|SF)?([+-]\d+d)?")


def _links(row: dict[str, str]) -> list[re.Match[str]]:
    found = [LINK.fullmatch(part) for part in row["Predecessors"].split(";") if part]
    assert all(found), row
    return [link for link in found if link]


def test_references() -> None:
    units, people = ({row["id"] for row in table(name)} for name in ("units", "people"))
    places, areas = ({row["id"] for row in table(name)} for name in ("nodes", "areas"))
    phases = {phase["id"] for phase in document("event.json")["phases"]}
    ids = {row["ID"] for row in ROWS}
    assert len(ids) == len(ROWS)
    for row in ROWS:
        assert row["Unit"] in units
        assert row["Area"] in areas
        assert not row["Parent"] or row["Parent"] in ids
        assert not row["Responsible"] or row["Responsible"] in people
        assert set(filter(None, row["Supporting"].split(";"))) <= units - {row["Unit"]}
    for row in LEAVES.values():
        assert row["Place"] in places, row
        assert row["Phase"] in phases
        assert row["Parent"] in ids - set(LEAVES)


def test_responsible_holds_a_post_in_the_unit() -> None:
    held = {(post["unit"], post["holder"]) for post in table("posts")}
    assert all((row["Unit"], row["Responsible"]) in held for row in LEAVES.values() if row["Responsible"])


def test_some_tasks_are_holes() -> None:
    assert 8 <= sum(not row["Responsible"] for row in LEAVES.values()) <= 30


def test_links_are_acyclic_and_of_all_four_types() -> None:
    graph = {id_: [link[1] for link in _links(row)] for id_, row in LEAVES.items()}
    assert set().union(*graph.values()) <= set(LEAVES)
    list(TopologicalSorter(graph).static_order())
    kinds = {link[2] or "FS" for row in LEAVES.values() for link in _links(row)}
    assert kinds == {"FS", "SS", "FF", "SF"}
    assert any(link[3] for row in LEAVES.values() for link in _links(row))


def test_published_dates_are_working_days_from_t150_to_t20() -> None:
    starts, finishes = [], []
    for row in LEAVES.values():
        start, finish = date.fromisoformat(row["Start"]), date.fromisoformat(row["Finish"])
        assert is_working(start, row["Calendar"]), row
        assert is_working(finish, row["Calendar"]), row
        assert not row["Deadline"] or row["Finish"] <= row["Deadline"], row
        assert (t_of(finish) < 0) == (row["Phase"] in ("preparation", "move_in")), row
        starts.append(t_of(start))
        finishes.append(t_of(finish))
    assert (min(starts), max(finishes)) == (-150, 20)


def test_holidays_are_those_published() -> None:
    china = holidays.country_holidays("CN", years=2026)
    first, last = date(2026, 6, 8), date(2026, 11, 25)
    weekdays_off = {day for day in china if first <= day <= last and day.weekday() < 5}
    assert weekdays_off == {day for day in HOLIDAYS if day.weekday() < 5}
    assert {day for day in china.weekend_workdays if first <= day <= last} == set(MAKE_UP_DAYS)


def test_engine_finds_the_published_plan_possible() -> None:
    calendars = read_calendars(FOLDER / "calendar.json")
    plan = read_book(FOLDER / "plan.csv", calendars=calendars).checked()
    schedule = back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 6, 8))
    assert schedule.conflicts == ()
    dates = {task.id: task for task in schedule.tasks}
    published = [task for task in plan.tasks if task.id in LEAVES]
    assert len(published) == len(LEAVES)
    for task in published:
        assert task.start and task.start >= dates[task.id].early_start, task.id
        assert task.finish and task.finish <= dates[task.id].late_finish, task.id
