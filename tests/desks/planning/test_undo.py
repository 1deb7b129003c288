"""Undo takes back one's own last change exactly, and nothing somebody else has built on."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.models import Task, TaskLink
from tminus.platform.access import NotAllowed
from tminus.platform.models import ClockShift, Person, RecordHead, RecordLine
from tminus.platform.record import line_hash
from tminus.platform.recordbook.verify import verify
from tminus.platform.registry import BadInput, ask, perform


def book(harbour: Harbour) -> list[dict[str, Any]]:
    """Everything of the plan in its order, but the numbers of duties, links and positions (which may have gaps)."""
    rows = Task.objects.filter(event=harbour.event).order_by("position").values()
    kept = [{name: value for name, value in row.items() if name not in {"duty_id", "position"}} for row in rows]
    links = TaskLink.objects.filter(event=harbour.event).order_by("predecessor", "successor")
    return [*kept, *links.values("predecessor_id", "successor_id", "kind", "lag_min", "lag_elapsed")]


def act(harbour: Harbour, code: str, by: Person | None = None, /, **args: Any) -> Any:
    # Each act at its own instant, as on a clock that runs.
    ClockShift.objects.filter(event=harbour.event).update(real_from=timezone.now(), rate=1)
    return perform(code, args, event=harbour.event, person=by or harbour.hq)


REVERSIBLE = [
    ("planning.task.change", {"task": "R2", "field": "name", "value": "Asphalt"}),
    ("planning.task.change", {"task": "R2", "field": "duration", "value": "0d"}),
    ("planning.task.change", {"task": "R2", "field": "duration", "value": "9ed"}),
    ("planning.task.change", {"task": "R1", "field": "deadline", "value": "2026-09-01"}),
    ("planning.task.change", {"task": "R1", "field": "constraint", "value": "SNET 2026-09-01"}),
    ("planning.task.change", {"task": "R1", "field": "place", "value": "gate-1"}),
    ("planning.task.change", {"task": "R1", "field": "unit", "value": "health"}),
    ("planning.task.change", {"task": "R1", "field": "start", "value": "2026-09-07"}),
    ("planning.task.assign", {"tasks": ["R1", "H1"], "person": "hand"}),
    ("planning.task.assign", {"tasks": ["R1"], "person": ""}),
    ("planning.task.report", {"task": "R1", "percent": "40%"}),
    ("planning.task.create", {"name": "Lamps", "parent": "R"}),
    ("planning.task.create", {"name": "Kerbs", "parent": "R2"}),
    ("planning.task.remove", {"task": "R2"}),
    ("planning.task.remove", {"task": "R"}),
    ("planning.task.move", {"task": "R1", "parent": "H", "before": "H2"}),
    ("planning.task.move", {"task": "H", "parent": "R"}),
    ("planning.link", {"predecessor": "R1", "successor": "H1", "kind": "FF", "lag": "2d"}),
    ("planning.timetable.move", {"task": "R1", "start": "2026-09-01"}),
    ("planning.unlink", {"predecessor": "R1", "successor": "R2"}),
]


@pytest.mark.parametrize(("code", "args"), REVERSIBLE)
def test_undo_restores_the_book(planned: Harbour, code: str, args: dict[str, Any]) -> None:
    before = book(planned)
    act(planned, code, **args)
    assert book(planned) != before
    act(planned, "planning.undo")
    assert book(planned) == before


def test_undo_twice_goes_back_two_steps(planned: Harbour) -> None:
    before = book(planned)
    act(planned, "planning.task.change", task="R1", field="name", value="One")
    act(planned, "planning.task.change", task="R1", field="name", value="Two")
    act(planned, "planning.undo")
    assert task(planned, "R1").name_en == "One"
    act(planned, "planning.undo")
    assert book(planned) == before


def test_nothing_to_undo(planned: Harbour) -> None:
    with pytest.raises(BadInput, match="nothing of yours"):
        act(planned, "planning.undo", planned.roads_head)


def test_what_others_built_on_stays(planned: Harbour) -> None:
    act(planned, "planning.task.change", planned.roads_head, task="R1", field="name", value="Mine")
    act(planned, "planning.task.change", task="R1", field="notes", value="theirs")
    with pytest.raises(BadInput, match="somebody has changed"):
        act(planned, "planning.undo", planned.roads_head)
    assert task(planned, "R1").name_en == "Mine"


def test_only_the_named_act_is_undone(planned: Harbour) -> None:
    act(planned, "planning.task.change", task="R1", field="name", value="One")
    first = last(planned)
    act(planned, "planning.task.change", task="R1", field="name", value="Two")
    with pytest.raises(BadInput, match="no longer your last change"):
        act(planned, "planning.undo", line=first["line"])
    act(planned, "planning.undo", line=last(planned)["line"])
    act(planned, "planning.undo", line=first["line"])
    assert task(planned, "R1").name_en == "Survey"


def test_the_last_act_is_told_with_its_tasks(planned: Harbour) -> None:
    assert last(planned, planned.paver) == {"line": None, "code": "", "total": 0, "tasks": [], "undoable": False}
    act(planned, "planning.task.assign", tasks=["R1", "H1"], person="hand")
    told = last(planned)
    assert (told["code"], told["total"], told["undoable"]) == ("planning.task.assign", 2, True)
    assert [one["key"] for one in told["tasks"]] == ["R1", "H1"]
    act(planned, "planning.publish", title="First")
    assert last(planned)["undoable"] is False


def last(harbour: Harbour, by: Person | None = None) -> Any:
    return ask("planning.last_act", event=harbour.event, person=by or harbour.hq)


def test_a_comment_is_not_in_the_way(planned: Harbour) -> None:
    act(planned, "planning.task.change", task="R1", field="name", value="Changed")
    act(planned, "planning.task.comment", task="R1", text="why?")
    act(planned, "planning.undo")
    assert task(planned, "R1").name_en == "Survey"


def test_publication_is_not_undone(planned: Harbour) -> None:
    act(planned, "planning.publish", title="First")
    with pytest.raises(BadInput, match="cannot be undone"):
        act(planned, "planning.undo")


def test_undo_needs_the_reach_the_change_needed(planned: Harbour) -> None:
    act(planned, "planning.task.change", planned.roads_head, task="R2", field="name", value="Mine")
    planned.posts["roads-head"].appointments.all().delete()
    with pytest.raises(NotAllowed):
        act(planned, "planning.undo", planned.roads_head)


def test_undo_is_itself_recorded(planned: Harbour) -> None:
    act(planned, "planning.task.change", task="R1", field="name", value="Changed")
    act(planned, "planning.undo")
    line = RecordLine.objects.get(event=planned.event, code="planning.undo")
    assert line.after is not None
    assert line.after["code"] == "planning.task.change"
    assert line.actor == planned.hq


def test_removed_key_given_again_is_refused(planned: Harbour) -> None:
    act(planned, "planning.task.remove", task="R2")
    act(planned, "planning.task.create", planned.roads_head, name="Other", key="R2", unit="roads")
    with pytest.raises(BadInput, match="stands again"):
        act(planned, "planning.undo")


def test_two_acts_of_one_instant_are_undone_one_after_the_other(planned: Harbour) -> None:
    """A clock that stands still, as in an exercise, gives both the same instant."""
    now = timezone.now()
    ClockShift.objects.update_or_create(event=planned.event, defaults={"real_from": now, "event_from": now, "rate": 0})
    holders = [[task(planned, key).responsible for key in ("R1", "H1", "H2")]]
    for who, tasks in (("hand", ["R1"]), ("roads_head", ["H1", "H2"])):
        args = {"tasks": tasks, "person": who}
        perform("planning.task.assign", args, event=planned.event, person=planned.hq)
        holders.append([task(planned, key).responsible for key in ("R1", "H1", "H2")])
    assert len(set(RecordLine.objects.filter(code="planning.task.assign").values_list("at", flat=True))) == 1
    assert holders[0] != holders[1] != holders[2]

    for lines in (2, 1):
        holders.pop()
        assert len(perform("planning.undo", {}, event=planned.event, person=planned.hq)["lines"]) == lines
        assert [task(planned, key).responsible for key in ("R1", "H1", "H2")] == holders[-1]


def test_lines_of_before_acts_were_numbered_are_undone_by_their_instant(planned: Harbour) -> None:
    """And the record of an older installation still verifies."""
    act(planned, "planning.task.assign", tasks=["R1", "H1"], person="hand")
    lines = RecordLine.objects.filter(event=planned.event).order_by("seq")
    previous = "0" * 64
    for line in lines:
        line.act_seq, line.previous_hash = None, previous
        previous = line.hash = line_hash(line)
        line.save()
    RecordHead.objects.filter(chain=planned.event.slug).update(hash=previous)
    assert [found for found in verify(planned.event.slug) if found.kind not in {"rewritten", "heads_file"}] == []
    assert len(act(planned, "planning.undo")["lines"]) == 2
