"""Random books, edited at random and read again: the database equals the file, and what people did is kept."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.platform.models import Comment, Duty
from tminus.platform.registry import load_registry, perform

HEAD = "ID,Task,Duration,Parent,Predecessors"
# Each example writes and schedules two books: few of them, printed as they fail rather than made smaller.
REPEATED = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
Book = dict[str, tuple[str, int, str]]
"""Key → name, days, parent; a parent stands before what is under it."""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


def csv_of(book: Book) -> str:
    rows = [f"{key},{name},{days}d,{parent}," for key, (name, days, parent) in book.items()]
    return "\n".join([HEAD, *rows]) + "\n"


def brought_in(harbour: Harbour, content: str, *, remove: bool = True) -> dict[str, Any]:
    file = {"name": "book.csv", "content": base64.b64encode(content.encode()).decode()}
    found = perform("planning.import.read", {"file": file}, event=harbour.event, person=harbour.hq)
    assert found["problems"] == []
    args = {"id": found["id"], "remove": remove, "wait": True}
    perform("planning.import.apply", args, event=harbour.event, person=harbour.hq)
    again = perform("planning.import.read", {"file": file}, event=harbour.event, person=harbour.hq)
    counts: dict[str, int] = again["difference"]["counts"]
    return {name: number for name, number in counts.items() if number and name != "unchanged"}


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Trees over ten keys, any of them left out, in any order a file may have."""
    keys = draw(st.lists(st.sampled_from("ABCDEFGHIJ"), min_size=1, max_size=10, unique=True))
    book: Book = {}
    for number, key in enumerate(keys):
        parent = draw(st.sampled_from(["", *keys[:number]]))
        book[key] = (draw(st.sampled_from(["dig", "pave", "open"])), draw(st.integers(1, 9)), parent)
    return book


def consistent(harbour: Harbour) -> None:
    """Preorder numbers without a gap, depths by parents, summaries exactly where something stands under them."""
    rows = list(Task.objects.filter(event=harbour.event).order_by("position").select_related("parent"))
    assert [row.position for row in rows] == list(range(len(rows)))
    above = {row.parent_id for row in rows}
    path: list[int] = []
    for row in rows:
        assert row.depth == (row.parent.depth + 1 if row.parent else 0)
        del path[row.depth :]
        assert row.parent_id == (path[-1] if path else None)
        path.append(row.pk)
        assert (row.kind == "summary") == (row.pk in above)


@REPEATED
@example(first={"A": ("dig", 2, ""), "B": ("dig", 1, "A")}, second={"A": ("dig", 1, "")})
@given(first=books(), second=books())
def test_read_again_the_database_is_the_file(harbour: Harbour, first: Book, second: Book) -> None:
    load_registry()
    with transaction.atomic():
        assert brought_in(harbour, csv_of(first)) == {}
        consistent(harbour)
        numbers = dict(Task.objects.filter(event=harbour.event).values_list("key", "pk"))
        Task.objects.filter(event=harbour.event).update(percent=30.0, actual_start="2026-08-03T09:00")
        assert brought_in(harbour, csv_of(second)) == {}
        consistent(harbour)
        stand = {row.key: row for row in Task.objects.filter(event=harbour.event).select_related("parent")}
        for key, row in stand.items():
            name, days, parent = second[key]
            assert (row.name_en, row.parent.key if row.parent else "") == (name, parent)
            assert row.kind == "summary" or row.duration_min == days * 480
            if key in first:
                assert (row.pk, row.percent) == (numbers[key], 30.0), "progress and identity stay"
        assert list(second) and set(stand) == set(second)
        transaction.set_rollback(True)


@REPEATED
@given(first=books(), second=books())
def test_what_the_file_lacks_stays_where_it_can(harbour: Harbour, first: Book, second: Book) -> None:
    load_registry()
    with transaction.atomic():
        brought_in(harbour, csv_of(first))
        left = brought_in(harbour, csv_of(second), remove=False)
        consistent(harbour)
        assert set(left) <= {"removed"}
        keys = set(Task.objects.filter(event=harbour.event).values_list("key", flat=True))
        assert keys == set(first) | set(second)
        transaction.set_rollback(True)


def test_a_summary_taken_out_leaves_its_children(planned: Harbour) -> None:
    """Such an import once ended in an error, wholly undone: the children went with the summary they had left."""
    event, hq = planned.event, planned.hq
    perform("planning.publish", {}, event=event, person=hq)
    perform("planning.task.report", {"task": "R1", "percent": "40%"}, event=event, person=hq)
    perform("planning.task.comment", {"task": "R1", "text": "soft ground"}, event=event, person=hq)
    stood, duty = task(planned, "R1"), Duty.objects.get(task__key="R1")
    rows = "H,Health,,,\nR1,Survey,5d,H,\nR2,Paving,20d,,R1\n"
    assert brought_in(planned, HEAD + "\n" + rows) == {}
    now = task(planned, "R1")
    assert (now.pk, now.percent, now.duty_id) == (stood.pk, stood.percent, duty.pk)
    assert now.parent is not None and now.parent.key == "H"
    assert Comment.objects.filter(about_id=now.pk).count() == 1
    consistent(planned)


def test_a_flat_list_without_the_summary_moves_its_tasks_up(planned: Harbour) -> None:
    brought_in(planned, "ID,Task\nR1,Survey\nR2,Paving\nH,Health\n")
    rows = Task.objects.filter(event=planned.event).order_by("position").values_list("key", "depth", "kind")
    assert list(rows) == [("R1", 0, "task"), ("R2", 0, "task"), ("H", 0, "milestone")]


def test_a_task_that_gets_tasks_under_it_is_no_longer_one_persons_duty(planned: Harbour) -> None:
    perform("planning.publish", {}, event=planned.event, person=planned.hq)
    duty = Duty.objects.get(task__key="R1")
    brought_in(planned, HEAD + "\nR,Roads,,,\nR1,Survey,5d,R,\nR11,North,2d,R1,\n", remove=False)
    assert task(planned, "R1").kind == "summary"
    assert Duty.objects.get(pk=duty.pk).state == "withdrawn"
