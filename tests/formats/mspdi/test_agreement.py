"""Files of MS Project come out as it stored them; where they do not, the difference is one that is named.

The headings are those of "Agreement with MS Project XML" in docs/engines/schedule.md.
"""

from __future__ import annotations

import pytest

from tests.formats.mspdi.files import (
    ALL_DAY,
    NIGHT,
    after,
    agreement,
    assigned,
    at,
    calendar,
    constraint,
    early,
    late,
    project,
    read,
    resource,
    row,
    segment,
)

STANDARD, NIGHTLY, ALWAYS = (
    calendar(1, "Standard"),
    calendar(2, "Night Shift", NIGHT, 7),
    calendar(3, "24 Hours", ALL_DAY, 7),
)
SHIFTS = STANDARD + NIGHTLY + ALWAYS
CREW = resource(11, 1) + resource(12, 2) + resource(13, 3)
SNET, FNET, ALAP = 4, 6, 1
ALONE = "<IgnoreResourceCalendar>1</IgnoreResourceCalendar>"

LATE = constraint(ALAP)

AGREEING = {
    "a date before the project's start": project(
        row(1, "07-27 08:00", "07-27 17:00", constraint(SNET, "07-27 08:00"))
        + row(2, "07-28 08:00", "07-28 17:00", after(1))
        + row(3, "07-27 08:00", "07-28 17:00", constraint(FNET, "07-28 17:00"), hours=16)
    ),
    "under a summary with a date before the project's start": project(
        row(1, "07-27 08:00", "07-27 17:00", constraint(SNET, "07-27 08:00"))
        + row(2, "07-27 08:00", "07-27 17:00", level=2)
    ),
    "a lead does not reach before the project's start by a finish": project(
        row(1, "08-03 08:00", "08-03 17:00") + row(2, "08-03 08:00", "08-05 17:00", after(1, 0), hours=24)
    ),
    "a milestone stands where it is put": project(
        row(1, "08-02 08:00", "08-02 08:00", hours=0)
        + row(2, "08-02 08:00", "08-02 08:00", after(1), hours=0)
        + row(3, "08-03 08:00", "08-03 17:00", after(2)),
        start="2026-08-02T08:00:00",
    ),
    "a summary placed by hand": project(
        row(1, "08-10 08:00", "08-11 17:00", "<Manual>1</Manual>", hours=16)
        + row(2, "08-10 08:00", "08-10 17:00", level=2)
        + row(3, "08-11 08:00", "08-11 17:00", after(2), level=2)
        + row(4, "08-03 08:00", "08-03 17:00")
    ),
    "what follows a levelled task": project(
        row(1, "08-03 08:00", "08-03 17:00")
        + row(2, "08-06 08:00", "08-06 17:00", "<LevelingDelay>28800</LevelingDelay>", after(1))
        + row(3, "08-07 08:00", "08-07 17:00", after(2))
    ),
    "finished in the morning": project(
        row(1, "08-04 08:00", "08-04 17:00", constraint(SNET, "08-04 08:00"))
        + row(2, "08-03 08:00", "08-04 08:00", after(1, 2))
    ),
    "as late as possible": project(
        row(1, "08-06 08:00", "08-06 17:00", early("08-03 08:00", "08-03 17:00"), constraint(ALAP))
        + row(2, "08-07 08:00", "08-07 17:00", after(1), early("08-07 08:00", "08-07 17:00"))
        + row(3, "08-03 08:00", "08-07 17:00", hours=40)
    ),
    "scheduled from its finish": project(
        row(1, "08-05 08:00", "08-05 17:00", early("08-03 08:00", "08-03 17:00"), constraint(ALAP))
        + row(2, "08-06 08:00", "08-07 17:00", after(1), early("08-04 08:00", "08-05 17:00"), LATE, hours=16)
        + row(3, "08-07 08:00", "08-07 17:00", early("08-03 08:00", "08-03 17:00"), LATE),
        finish="2026-08-07T17:00:00",
    ),
    "late dates and float": project(
        row(1, "08-03 08:00", "08-03 17:00", late("08-06 08:00", "08-06 17:00", 1440))
        + row(2, "08-04 08:00", "08-04 17:00", after(1), late("08-07 08:00", "08-07 17:00", 1440))
        + row(3, "08-03 08:00", "08-07 17:00", late("08-03 08:00", "08-07 17:00", 0), hours=40)
    ),
    "no calendar in the file": project(
        row(1, "08-07 08:00", "08-10 17:00", constraint(SNET, "08-07 08:00"), hours=16), calendars=""
    ),
    "in the hours of the one assigned": project(
        row(1, "08-03 23:00", "08-04 08:00"), calendars=SHIFTS, resources=CREW, assignments=assigned(1, 12)
    ),
    "day and night together": project(
        row(1, "08-03 08:00", "08-04 08:00", hours=16),
        calendars=SHIFTS,
        resources=CREW,
        assignments=assigned(1, 11) + assigned(1, 12),
    ),
    "one shift goes on alone": project(
        row(1, "08-03 08:00", "08-05 08:00", hours=24),
        calendars=SHIFTS,
        resources=CREW,
        assignments=assigned(1, 11, 8) + assigned(1, 12, 16),
    ),
    "a task's calendar frames its crew": project(
        row(1, "08-03 08:00", "08-04 17:00", "<CalendarUID>3</CalendarUID>", hours=16),
        calendars=SHIFTS,
        resources=CREW,
        assignments=assigned(1, 11, 16),
    ),
    "a task's calendar instead of its crew's": project(
        row(1, "08-03 08:00", "08-04 00:00", "<CalendarUID>3</CalendarUID>", ALONE, hours=16),
        calendars=SHIFTS,
        resources=CREW,
        assignments=assigned(1, 11, 16),
    ),
    "hours in common there are none": project(
        row(1, "08-03 08:00", "08-03 17:00", "<CalendarUID>1</CalendarUID>"),
        calendars=STANDARD + calendar(2, "Evening", (("18:00:00", "22:00:00"),)),
        resources=resource(12, 2),
        assignments=assigned(1, 12),
    ),
    "material has no hours": project(
        row(1, "08-03 08:00", "08-03 17:00"),
        calendars=SHIFTS,
        resources=resource(12, 2, kind=0),
        assignments=assigned(1, 12),
    ),
    "interrupted work": project(
        row(1, "08-03 08:00", "08-06 17:00", hours=16) + row(2, "08-07 08:00", "08-07 17:00", after(1)),
        assignments=assigned(
            1, -65535, 16, "<WorkContour>8</WorkContour>",
            segment("08-03 08:00", "08-03 17:00", 8), segment("08-04 08:00", "08-05 17:00", 0),
            segment("08-06 08:00", "08-06 17:00", 8),
        ),
    ),
    "a contour has no holes": project(
        row(1, "08-03 08:00", "08-04 17:00", hours=16),
        assignments=assigned(
            1, -65535, 8, "<WorkContour>7</WorkContour>",
            segment("08-03 08:00", "08-03 15:00", 2), segment("08-03 15:10", "08-04 17:00", 6),
        ),
    ),
    "one of two begins later": project(
        row(1, "08-03 08:00", "08-06 17:00", hours=16),
        resources=resource(11, 1) + resource(12, 1),
        assignments=assigned(1, 11) + assigned(1, 12, 8, "<LevelingDelay>14400</LevelingDelay>"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", AGREEING)
def test_every_stored_start_and_finish_comes_out(rule: str) -> None:
    found = agreement(AGREEING[rule])
    assert found.differing == ()
    assert (found.start, found.finish, found.early_start, found.early_finish) == (found.of,) * 4
    assert found.of > 0


def test_late_dates_and_float_come_out_where_they_are_stored() -> None:
    found = agreement(AGREEING["late dates and float"])
    assert (found.late_start, found.late_finish, found.total_float) == (3, 3, 3)
    assert (found.late_of, found.float_of) == (3, 3)
    without = agreement(AGREEING["finished in the morning"])
    assert (without.late_start, without.late_of, without.float_of) == (0, 0, 0)


DIFFERENT = {
    "links from other projects": (
        project(
            row(1, "08-06 08:00", "08-06 17:00", after(9, more="<CrossProject>1</CrossProject>"))
            + row(2, "08-07 08:00", "08-07 17:00", after(1))
        ),
        ("1", "2"),
    ),
    "dates nobody scheduled": (
        project(row(1, "08-02 08:00", "08-02 17:00") + row(2, "08-05 08:00", "08-05 17:00", hours=0)),
        ("1", "2"),
    ),
    "crews of unknown hours": (
        project(
            row(1, "08-03 08:00", "08-04 08:00", hours=16),
            calendars=SHIFTS,
            resources=resource(11, 1) + resource(12, -1),
            assignments=assigned(1, 11) + assigned(1, 12),
        ),
        ("1",),
    ),
    "cost spent before work": (
        project(
            row(1, "08-03 17:00", "08-04 17:00"),
            resources=resource(11, 1, kind=2),
            assignments=assigned(
                1, 11, 0, f"<ActualCost>100</ActualCost><ActualStart>{at('08-04 08:00')}</ActualStart>"
            ),
        ),
        ("1",),
    ),
}


@pytest.mark.parametrize("rule", DIFFERENT)
def test_a_difference_is_one_that_is_named(rule: str) -> None:
    content, tasks = DIFFERENT[rule]
    assert agreement(content).differing == tasks


def test_late_dates_left_over_differ_and_nothing_else_does() -> None:
    found = agreement(
        project(
            row(1, "08-03 08:00", "08-03 17:00", late("08-05 08:00", "08-05 17:00", 960))
            + row(2, "08-03 08:00", "08-07 17:00", late("08-03 08:00", "08-07 17:00", 0), hours=40)
        )
    )
    assert (found.start, found.finish, found.of) == (2, 2, 2)
    assert (found.late_start, found.late_finish, found.total_float) == (1, 1, 1)


def test_only_what_the_tool_schedules_itself_is_counted() -> None:
    tasks = (
        row(1, "08-03 08:00", "08-03 17:00")
        + row(2, "08-20 08:00", "08-20 17:00", "<Manual>1</Manual>")
        + row(3, "08-20 08:00", "08-20 17:00", "<LevelingDelay>48000</LevelingDelay>")
        + row(4, "08-20 08:00", "08-20 17:00", "<PercentComplete>10</PercentComplete>")
        + row(5, "08-20 08:00", "08-20 17:00", "<Active>0</Active>")
    )
    found = agreement(project(tasks))
    assert (found.of, found.start, found.differing) == (1, 1, ())


def test_a_task_of_another_project_shown_here_keeps_its_dates() -> None:
    content = project(
        row(1, "08-05 08:00", "08-05 17:00", "<ExternalTask>1</ExternalTask>")
        + row(2, "08-06 08:00", "08-06 17:00", after(1))
    )
    found = agreement(content)
    assert (found.of, found.differing) == (1, ())


def test_the_pause_and_the_crew_survive_our_own_file() -> None:
    from tminus.formats.mspdi import mspdi_bytes

    for name in ("interrupted work", "one shift goes on alone", "a task's calendar frames its crew"):
        plan = read(AGREEING[name])
        assert read(mspdi_bytes(plan)).tasks == plan.tasks
        assert name != "interrupted work" or plan.tasks[0].pause_minutes == 960


def test_an_impossible_date_in_time_phased_data_is_passed_over() -> None:
    broken = segment("08-03 08:00", "08-03 17:00", 8).replace("17:00:00", "17:-0:00")
    content = project(
        row(1, "08-03 08:00", "08-03 17:00"), assignments=assigned(1, -65535, 8, "<WorkContour>8</WorkContour>", broken)
    )
    assert read(content).tasks[0].pause_minutes == 0
