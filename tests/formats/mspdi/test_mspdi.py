"""MS Project XML of other tools, and what has gone wrong in other programs' round trips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tminus.engines.schedule import (
    Assignment,
    Duration,
    Link,
    LinkKind,
    Plan,
    Resource,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)
from tminus.formats.mspdi import mspdi_bytes, read_mspdi
from tminus.formats.plan_file import read_plan
from tminus.formats.problems import BadFile

NAMESPACE = 'xmlns="http://schemas.microsoft.com/project"'
FILE = Path("plan.xml")


def project(tasks: str, more: str = "") -> bytes:
    return f'<?xml version="1.0"?><Project {NAMESPACE}>{more}<Tasks>{tasks}</Tasks></Project>'.encode()


def task(uid: int, inner: str = "", level: int = 1) -> str:
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Duration>PT8H0M0S</Duration><DurationFormat>7</DurationFormat>{inner}</Task>"
    )


def link(pred: int, kind: int = 1, lag: int = 0, form: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{pred}</PredecessorUID><Type>{kind}</Type><LinkLag>{lag}</LinkLag>"
        f"<LagFormat>{form}</LagFormat></PredecessorLink>"
    )


@pytest.mark.parametrize(("number", "kind"), [(0, LinkKind.FF), (1, LinkKind.FS), (2, LinkKind.SF), (3, LinkKind.SS)])
def test_link_types_are_numbered_as_the_tool_does(number: int, kind: LinkKind) -> None:
    assert read_mspdi(FILE, project(task(1) + task(2, link(1, number)))).links == (Link("1", "2", kind),)


@pytest.mark.parametrize(
    ("lag", "form", "expected"),
    [
        (4800, 7, Link("1", "2", lag=Duration(480))),
        (-4800, 5, Link("1", "2", lag=Duration(-480))),
        (14400, 8, Link("1", "2", lag=Duration(1440, elapsed=True))),
        (600, 6, Link("1", "2", lag=Duration(60, elapsed=True))),
        (50, 19, Link("1", "2", lag_percent=50.0)),
    ],
)
def test_lags_are_tenths_of_minutes_elapsed_or_per_cent(lag: int, form: int, expected: Link) -> None:
    plan = read_mspdi(FILE, project(task(1) + task(2, link(1, 1, lag, form))))
    assert plan.links == (expected,)
    assert read_mspdi(FILE, mspdi_bytes(plan)).links == (expected,)


def test_every_predecessor_of_a_task_survives() -> None:
    plan = read_mspdi(FILE, project(task(1) + task(2) + task(3, link(1) + link(2, 3))))
    assert set(read_mspdi(FILE, mspdi_bytes(plan)).links) == {Link("1", "3"), Link("2", "3", LinkKind.SS)}


def test_a_milestone_never_ends_before_it_starts() -> None:
    tasks = (
        Task("A", "Work", duration=Duration(960)),
        Task("M", "Open", kind=TaskKind.MILESTONE, duration=Duration(0)),
    )
    calendars = {"standard": week_calendar()}
    plan = Plan("p", tasks, (Link("A", "M"),), calendars, "standard", opening=date(2026, 11, 5))
    found = back_schedule(plan, today=date(2026, 8, 17))
    written = read_mspdi(FILE, mspdi_bytes(plan, found.by_id())).by_id()["M"]
    assert written.kind is TaskKind.MILESTONE
    assert written.start is not None
    assert written.finish is not None
    assert written.start == written.finish


@pytest.mark.parametrize("name", ["", "夜班", 'a<b>&"c"', "Standard"])
def test_any_calendar_name_survives(name: str) -> None:
    calendar = f"<Calendars><Calendar><UID>1</UID><Name>Standard</Name></Calendar><Calendar><UID>2</UID><Name>{xml(name)}</Name></Calendar></Calendars>"  # noqa: E501 - one row of a file
    plan = read_mspdi(FILE, project(task(1, "<CalendarUID>2</CalendarUID>"), calendar))
    assert len(plan.calendars) == 2
    assert plan.tasks[0].calendar in plan.calendars
    again = read_mspdi(FILE, mspdi_bytes(plan))
    assert again.calendars == plan.calendars
    assert again.tasks[0].calendar == plan.tasks[0].calendar


def xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def test_control_characters_do_not_break_the_file() -> None:
    plan = Plan("p", (Task("1", "bell\x07 and \ud800 and \uffff", notes="\x00"),), default_calendar=None)
    assert read_mspdi(FILE, mspdi_bytes(plan)).tasks[0].name.startswith("bell")


def test_resources_and_assignments_survive() -> None:
    calendars = {"standard": week_calendar(), "night": week_calendar("night", hours=((0, 480),))}
    resources = (
        Resource("7", "Crane", "work", "night", 2.0, "crane@example.org", "plant"),
        Resource("9", "Sand", "material"),
    )
    assigned = (Assignment("1", "7", 0.5, 240.0), Assignment("1", "9"))
    plan = Plan(
        "p",
        (Task("1", "Lift", calendar="night"),),
        (),
        calendars,
        "standard",
        resources=resources,
        assignments=assigned,
    )
    found = read_mspdi(FILE, mspdi_bytes(plan))
    assert found.resources == resources
    assert found.assignments == assigned


def test_own_percentages_and_report_times_survive() -> None:
    from tminus.engines.schedule import Progress

    reported = Progress(datetime(2026, 8, 3, 9), None, Duration(480), 40.0)
    plan = Plan("p", (Task("1", "Pave", duration=Duration(960)),), progress={"1": reported})
    assert read_mspdi(FILE, mspdi_bytes(plan)).progress == {"1": reported}


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(8))
    + f"]><Project {NAMESPACE}><Name>&i;</Name></Project>".encode()
)
OUTSIDE = (
    f'<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><Project {NAMESPACE}><Name>&a;</Name></Project>'.encode()
)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<Project", b"<a/>", b"not xml at all", BOMB, OUTSIDE,
        b"<a>" * 5000 + b"</a>" * 5000,
        f"<Project {NAMESPACE}><CalendarUID>x</CalendarUID></Project>".encode(),
        project(task(1) + task(1)),
        project("<Task><UID>1</UID><Duration>soon</Duration></Task>"),
        project(task(1, "<Start>yesterday</Start>")),
        project(task(1, "<ConstraintType>99</ConstraintType>")),
        project(task(1, level=10**400)),
        project(task(1) + task(2, link(1, lag=10**20))),
        project(task(1, "<PercentComplete>inf</PercentComplete>")),
        project(task(1, "<TotalSlack>NaN</TotalSlack>")),
        project(task(1, "<LevelingDelay>1e15</LevelingDelay>")),
        project("<Task><UID>1</UID><Duration>PT99999999999H0M0S</Duration></Task>"),
        b'<APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera"/>',
    ],
)  # fmt: skip
def test_a_file_made_to_hurt_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.xml"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=r"plan\.xml") as caught:
        read_plan(path)
    assert len(str(caught.value)) < 600


def test_a_chain_of_base_calendars_or_a_circle_is_read() -> None:
    circle = "".join(
        f"<Calendar><UID>{n}</UID><Name>c{n}</Name><BaseCalendarUID>{(n + 1) % 3000}</BaseCalendarUID></Calendar>"
        for n in range(3000)
    )
    try:
        plan = read_mspdi(FILE, project(task(1), f"<Calendars>{circle}</Calendars>"))
    except BadFile as error:
        assert "calendar" in str(error)
    else:
        assert len(plan.calendars) == 3000


@pytest.mark.parametrize("name", ["baselines", "caltest", "mspdirelations", "sample1"])
def test_real_files_survive_our_own_round_trip(real_data: Path, name: str) -> None:
    found = next(real_data.rglob(f"{name}.xml"), None)
    if found is None:
        pytest.skip(f"TMINUS_DATA holds no {name}.xml")
    plan = read_plan(found)
    again = read_mspdi(FILE, mspdi_bytes(plan))
    strip: dict[str, object] = {
        "name": "",
        "stored": {},
        "start": None,
        "finish": None,
        "opening": None,
        "tasks": (),
        "baselines": (),
    }
    assert replace(again, **strip) == replace(plan, **strip)  # type: ignore[arg-type]
    assert [t.id for t in again.tasks] == [t.id for t in plan.tasks]
    assert [t.duration for t in again.leaves()] == [t.duration for t in plan.leaves()]


def test_a_date_that_is_not_known_is_none() -> None:
    unset = "".join(f"<{name}>2000-01-01T00:00:00</{name}>" for name in ("ActualStart", "ActualFinish", "Deadline"))
    plan = read_mspdi(FILE, project(task(1, unset)))
    assert plan.progress == {}
    assert plan.tasks[0].deadline is None


def test_the_direction_of_scheduling_survives() -> None:
    from tminus.formats.plan_json import plan_json_bytes, read_plan_json

    plan = read_mspdi(FILE, project(task(1), "<ScheduleFromStart>0</ScheduleFromStart>"))
    assert plan.from_finish
    assert read_mspdi(FILE, mspdi_bytes(plan)).from_finish
    assert read_plan_json(FILE, plan_json_bytes(plan)).from_finish
    assert not read_mspdi(FILE, project(task(1))).from_finish
