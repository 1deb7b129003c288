"""Import of plan files: the dry run says what would happen; applying does exactly that, or nothing."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import LazySettings

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning import adapter
from tminus.desks.planning.importing import size
from tminus.desks.planning.models import PlanImport, Task, TaskLink
from tminus.engines.schedule import week_calendar
from tminus.formats.book_writer import book_csv
from tminus.formats.mspdi.writer import mspdi_bytes
from tminus.formats.plan_json import plan_json_bytes
from tminus.platform import jobs
from tminus.platform.access import NotAllowed
from tminus.platform.models import Comment, Duty, Job, RecordLine
from tminus.platform.registry import BadInput, perform

HEAD = "ID,Task,Duration,Predecessors,Unit,Responsible,Parent,Notes\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


def hand_in(harbour: Harbour, content: bytes | str, name: str = "book.csv") -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    file = {"name": name, "content": base64.b64encode(data).decode()}
    return perform("planning.import.read", {"file": file}, event=harbour.event, person=harbour.hq)  # type: ignore[no-any-return]


def apply(harbour: Harbour, pk: int, **args: Any) -> dict[str, Any]:
    return perform("planning.import.apply", {"id": pk, **args}, event=harbour.event, person=harbour.hq)  # type: ignore[no-any-return]


def everything(harbour: Harbour) -> list[dict[str, Any]]:
    return list(Task.objects.filter(event=harbour.event).order_by("pk").values())


def test_own_export_read_back_changes_nothing(planned: Harbour) -> None:
    content = book_csv(adapter.plan_of(planned.event))
    difference = hand_in(planned, content)["difference"]["counts"]
    assert difference["unchanged"] == 7
    assert {name: n for name, n in difference.items() if n and name != "unchanged"} == {}


@pytest.mark.parametrize(("name", "write"), [("plan.json", plan_json_bytes), ("plan.xml", mspdi_bytes)])
def test_other_forms_find_the_same_tasks(planned: Harbour, name: str, write: Any) -> None:
    counts = hand_in(planned, write(adapter.plan_of(planned.event)), name)["difference"]["counts"]
    assert counts["added"] == counts["removed"] == counts["links_removed"] == 0


def test_dry_run_changes_nothing_and_names_each_field(planned: Harbour) -> None:
    before = everything(planned)
    row = "R1,Survey of roads,6d,,Health Commission,health_head,R,\nN9,New one,2d,R1FS+1d,市政工程局,,R,\n"
    answer = hand_in(planned, HEAD + "R,Roads,,,roads,,,\n" + row)
    assert everything(planned) == before
    found = answer["difference"]
    assert [one["key"] for one in found["added"]] == ["N9"]
    changed = {one["key"]: {f["field"]: (f["before"], f["after"]) for f in one["fields"]} for one in found["changed"]}
    assert changed["R1"]["name"] == ("Survey", "Survey of roads")
    assert changed["R1"]["duration"] == ("5d", "6d")
    assert changed["R1"]["unit"] == ("City Works", "Health Commission")
    assert {one["key"] for one in found["removed"]} == {"R2", "R3", "H", "H1", "H2"}


def test_apply_updates_by_key_and_keeps_what_people_did(planned: Harbour) -> None:
    event, hq = planned.event, planned.hq
    perform("planning.publish", {}, event=event, person=hq)
    perform("planning.task.report", {"task": "R1", "percent": "40%"}, event=event, person=hq)
    perform("planning.task.comment", {"task": "R1", "text": "soft ground"}, event=event, person=hq)
    duty, stood = Duty.objects.get(task__key="R1"), task(planned, "R1")
    answer = hand_in(planned, HEAD + "R,Roads,,,roads,,,\nR1,Survey of roads,6d,,roads,roads_head,R,deep\n")
    result = apply(planned, answer["id"])
    now = task(planned, "R1")
    assert (now.pk, now.name_en, now.duration_min, now.notes) == (stood.pk, "Survey of roads", 2880, "deep")
    assert (now.percent, now.actual_start, now.reported_at) == (stood.percent, stood.actual_start, stood.reported_at)
    assert now.duty_id == duty.pk
    assert Duty.objects.get(pk=duty.pk).due_at == duty.due_at
    assert Comment.objects.filter(about_id=now.pk).count() == 1
    assert result["removed"] == 0
    assert Task.objects.filter(event=event).count() == 7
    lines = RecordLine.objects.filter(event=event, object_type="planning.task", object_id=str(now.pk))
    assert lines.filter(code="planning.task.imported").count() == 1


def test_removal_is_chosen(planned: Harbour) -> None:
    perform("planning.publish", {}, event=planned.event, person=planned.hq)
    duty = Duty.objects.get(task__key="H1")
    answer = hand_in(planned, HEAD + "R,Roads,,,roads,,,\nR1,Survey,5d,,roads,roads_head,R,\n")
    apply(planned, answer["id"], remove=True)
    assert set(Task.objects.filter(event=planned.event).values_list("key", flat=True)) == {"R", "R1"}
    assert Duty.objects.get(pk=duty.pk).state == "withdrawn"


def test_links_follow_the_file_for_tasks_it_has(planned: Harbour) -> None:
    answer = hand_in(planned, HEAD + "R2,Paving,20d,R1SS+2d,paving,paver,,\nR1,Survey,5d,,roads,roads_head,,\n")
    apply(planned, answer["id"])
    links = TaskLink.objects.filter(event=planned.event).values_list(
        "predecessor__key", "successor__key", "kind", "lag_min"
    )
    assert set(links) == {("R1", "R2", "SS", 960), ("R2", "R3", "FS", 0), ("H1", "H2", "SS", 0)}


def test_rejected_rows_are_all_named_and_nothing_is_applied(planned: Harbour) -> None:
    before = everything(planned)
    answer = hand_in(planned, HEAD + "A,One,soon,,,,,\nB,Two,1d,Z9,,,,\nC,Three,1d,,,,,\n")
    assert [(one["row"], one["column"], one["value"]) for one in answer["problems"]] == [
        (2, "Duration", "soon"),
        (3, "Predecessors", "Z9"),
    ]
    with pytest.raises(BadInput, match="2 values cannot be taken"):
        apply(planned, answer["id"])
    assert everything(planned) == before


def test_a_circle_undoes_the_whole_import(planned: Harbour) -> None:
    before = everything(planned)
    answer = hand_in(planned, HEAD + "A,One,1d,B,,,,\nB,Two,1d,A,,,,\n")
    with pytest.raises(BadInput, match="circle"):
        apply(planned, answer["id"])
    assert everything(planned) == before
    assert PlanImport.objects.get().applied_at is None


def test_a_plan_changed_meanwhile_is_compared_anew(planned: Harbour) -> None:
    answer = hand_in(planned, HEAD + "A,One,1d,,,,,\n")
    change = {"task": "R1", "field": "name", "value": "Other"}
    perform("planning.task.change", change, event=planned.event, person=planned.hq)
    with pytest.raises(BadInput, match="changed since"):
        apply(planned, answer["id"])


def test_a_day_that_begins_meanwhile_changes_nothing_of_the_plan(planned: Harbour) -> None:
    """An import cut off by a restart runs again after the clock's own acts of the morning."""
    answer = hand_in(planned, HEAD + "A,One,1d,,,,,\n")
    perform("planning.new_day", {"day": "2026-08-18"}, event=planned.event, system=True, channel="clock")
    assert apply(planned, answer["id"])["added"] == 1


def test_a_file_too_large_is_refused_whichever_way_it_comes(planned: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "LIMIT_BYTES", 40)
    with pytest.raises(BadInput, match="larger than 50 MB"):
        hand_in(planned, HEAD + "A,One,1d,,,,,\n")
    assert not PlanImport.objects.exists()


def test_applied_once(planned: Harbour) -> None:
    answer = hand_in(planned, HEAD + "A,One,1d,,,,,\n")
    apply(planned, answer["id"])
    with pytest.raises(BadInput, match="already"):
        apply(planned, answer["id"])


def test_mapping_is_adjusted_and_remembered(planned: Harbour) -> None:
    content = "Nr,Was,Tage,Wer\nX1,Bühne,3,roads_head\n"
    first = hand_in(planned, content)  # no heading is known: all are offered, nothing is taken out
    assert first["difference"]["headings"] == ["Nr", "Was", "Tage", "Wer"]
    assert (first["difference"]["counts"]["removed"], len(first["problems"])) == (0, 1)
    with pytest.raises(BadInput, match="nothing is imported"):
        apply(planned, first["id"])
    fields = {"id": "Nr", "name": "Was", "duration": "Tage", "responsible": "Wer"}
    second = perform(
        "planning.import.map", {"id": first["id"], "fields": fields}, event=planned.event, person=planned.hq
    )
    assert [one["key"] for one in second["difference"]["added"]] == ["X1"]
    third = hand_in(planned, content)
    assert third["mapping"]["fields"] == fields
    apply(planned, third["id"])
    made = task(planned, "X1")
    assert (made.duration_min, made.responsible) == (1440, planned.roads_head)


def test_unknown_names_are_kept_as_text_and_listed(planned: Harbour) -> None:
    answer = hand_in(planned, HEAD + "A,One,1d,,Fire Brigade,Nobody Known,,\n")
    assert answer["difference"]["unknown"] == {"unit": ["Fire Brigade"], "responsible": ["Nobody Known"]}
    apply(planned, answer["id"])
    made = task(planned, "A")
    assert (made.unit, made.unit_text, made.responsible_text) == (None, "Fire Brigade", "Nobody Known")


def test_new_holder_takes_over_the_duty(planned: Harbour) -> None:
    perform("planning.publish", {}, event=planned.event, person=planned.hq)
    answer = hand_in(planned, "ID,Task,Responsible\nR1,Survey,hand\n")
    apply(planned, answer["id"])
    assert Duty.objects.get(task__key="R1").holder == planned.hand
    assert task(planned, "R1").duration_min == 2400, "a column the file lacks stays as it is"


def test_a_flat_list_of_some_tasks_leaves_outline_and_order(planned: Harbour) -> None:
    before = list(Task.objects.filter(event=planned.event).values_list("key", "parent__key", "depth", "kind"))
    answer = hand_in(planned, "ID,Task,Notes\nH1,First-aid posts,six of them\nR,Roads,all\nN1,New,\n")
    apply(planned, answer["id"])
    after = list(Task.objects.filter(event=planned.event).values_list("key", "parent__key", "depth", "kind"))
    assert after == [*before, ("N1", None, 0, "task")]
    assert task(planned, "H1").notes == "six of them"


def test_a_whole_book_brings_its_own_order(planned: Harbour) -> None:
    rows = "H,Health,,,health,,,\nH2,Ambulance plan,3d,,health,,H,\nH1,First-aid posts,10d,,health,health_head,H,\n"
    rows += "R,Roads,,,roads,,,\nR3,Road open,0d,R2,roads,roads_head,R,\nR2,Paving,20d,R1,paving,paver,R,\n"
    answer = hand_in(planned, HEAD + rows + "R1,Survey,5d,,roads,roads_head,R,\n")
    apply(planned, answer["id"])
    keys = Task.objects.filter(event=planned.event).order_by("position").values_list("key", flat=True)
    assert list(keys) == ["H", "H2", "H1", "R", "R3", "R2", "R1"]


def test_workbook_with_dates(planned: Harbour) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["编号", "任务", "开始", "完成", "责任单位"])
        sheet.write_row(1, 0, ["Z1", "搭建", "2026-09-01", "2026-09-04", "铺装班组"])
    answer = hand_in(planned, target.getvalue(), "任务书.xlsx")
    apply(planned, answer["id"])
    made = task(planned, "Z1")
    assert (made.planned_start, made.planned_finish) == (datetime(2026, 9, 1, 9), datetime(2026, 9, 4, 17))
    assert made.unit == planned.units["paving"]


def test_project_files_of_their_own_form_are_told_how(planned: Harbour) -> None:
    with pytest.raises(BadInput, match="Save As"):
        hand_in(planned, b"\xd0\xcf\x11\xe0rest", "plan.mpp")


def test_large_import_runs_as_a_job(planned: Harbour) -> None:
    rows = "".join(f"L{n},Task {n},1d,{f'L{n - 1}' if n % 50 else ''},,,,\n" for n in range(2500))
    answer = hand_in(planned, HEAD + rows)
    started = apply(planned, answer["id"])
    assert Task.objects.filter(event=planned.event).count() == 7
    done = jobs.run(started["job"])
    assert done.state == "done", done.error
    assert done.result["added"] == 2500
    assert Job.objects.count() == 1
    assert Task.objects.filter(event=planned.event).count() == 2507


def test_only_headquarters_imports(planned: Harbour) -> None:
    file = {"name": "book.csv", "content": base64.b64encode(HEAD.encode()).decode()}
    with pytest.raises(NotAllowed):
        perform("planning.import.read", {"file": file}, event=planned.event, person=planned.roads_head)


@pytest.mark.parametrize(
    ("code", "name", "said"), [("x" * 81, "night", "code has 81"), ("n", "y" * 201, "name has 201")]
)
def test_a_calendar_called_by_too_much_is_refused_in_one_line(
    planned: Harbour, code: str, name: str, said: str
) -> None:
    """On every database alike, and before anything is kept."""
    plan = adapter.plan_of(planned.event)
    other = replace(week_calendar("other"), id=code, name=name)
    content = plan_json_bytes(replace(plan, calendars={**plan.calendars, code: other}))
    with pytest.raises(BadInput, match=f"^plan.*: calendar '[xy]{{40}}'…: its {said} characters; allowed: (80|200)$"):
        hand_in(planned, content, "plan.json")
    assert PlanImport.objects.count() == 0
    args = {"code": code, "name": name, "working_weekdays": [0], "hours": [("09:00", "17:00")]}
    with pytest.raises(BadInput):
        perform("planning.calendar.set", args, event=planned.event, person=planned.hq)
