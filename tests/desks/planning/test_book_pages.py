"""The book, a task, import and export as pages: what is shown, what a button does, who gets which answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.models import PlanImport, Task, TaskLink
from tminus.platform.models import Comment, Person


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, /, **where: object) -> str:
    return reverse(name, kwargs={"event": "harbour", **where})


def test_the_book_shows_rows_holders_and_holes(planned: Harbour) -> None:
    page = signed_in(planned.hq).get(at("book")).content.decode()
    assert "Survey" in page
    assert "Ambulance plan" in page
    assert page.count("no holder") >= 1


def test_filters_and_paging_never_fail(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    assert "Survey" not in client.get(at("book"), {"unit": "health"}).content.decode()
    assert "Ambulance plan" in client.get(at("book"), {"holes": "1"}).content.decode()
    refused = client.get(at("book"), {"due_by": "soon", "offset": "x"})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()


def test_rows_beyond_reach_are_not_shown(planned: Harbour) -> None:
    client = signed_in(planned.health_head)
    assert "Survey" not in client.get(at("book")).content.decode()
    assert client.get(at("task", key="R1")).status_code == 404
    assert client.get(at("plan-import")).status_code == 403
    assert b"Survey" not in client.get(at("plan-export", form="csv")).content


def test_bulk_assignment(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    answer = client.post(at("book-assign"), {"task": ["H2", "R1"], "person": "hand", "query": "unit=health"})
    assert (answer.status_code, answer["Location"]) == (303, f"{at('book')}?unit=health")
    assert {task(planned, key).responsible for key in ("H2", "R1")} == {planned.hand}


def test_undo_button(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    client.post(at("task-act", key="R1", name="change"), {"field": "name", "value": "Other"})
    assert task(planned, "R1").name_en == "Other"
    client.post(at("book-undo"))
    assert task(planned, "R1").name_en == "Survey"


def test_task_page_and_its_buttons(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    page = client.get(at("task", key="R2")).content.decode()
    assert "Survey" in page, "what it waits for is named"
    client.post(at("task-act", key="R2", name="comment"), {"text": "wet ground"})
    assert Comment.objects.get().text == "wet ground"
    client.post(at("task-act", key="R2", name="report"), {"percent": "30%"})
    assert task(planned, "R2").percent == 30
    client.post(at("task-act", key="R2", name="link"), {"predecessor": "H1", "kind": "SS", "lag": "1d"})
    assert TaskLink.objects.filter(successor__key="R2", predecessor__key="H1", kind="SS", lag_min=480).exists()
    client.post(at("task-act", key="R2", name="unlink"), {"predecessor": "H1", "kind": "SS"})
    assert not TaskLink.objects.filter(successor__key="R2", predecessor__key="H1").exists()
    client.post(at("task-act", key="R2", name="break-down"), {"names": "Base\nSurface\n"})
    assert Task.objects.filter(parent__key="R2").count() == 2
    client.post(at("task-act", key="R2", name="remove"))
    assert not Task.objects.filter(key="R2").exists()
    assert client.post(at("task-act", key="R1", name="explode")).status_code == 404


def test_a_mistake_is_said_and_nothing_changes(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    answer = client.post(at("task-act", key="R1", name="change"), {"field": "duration", "value": "soon"}, follow=True)
    assert "soon" in answer.content.decode()
    assert task(planned, "R1").duration_min == 2400


def test_a_member_sees_no_button_that_would_be_refused(planned: Harbour) -> None:
    page = signed_in(planned.leader).get(at("task", key="R1")).content.decode()
    assert at("task-act", key="R1", name="change") not in page
    assert signed_in(planned.leader).post(at("task-act", key="R1", name="remove")).status_code == 403
    assert task(planned, "R1")


def test_import_from_upload_to_book(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    content = b"ID,Task,Duration,Parent\nR,Roads,,\nR1,Survey twice,5d,R\nN1,Lamps,2d,R\n"
    answer = client.post(at("plan-import"), {"file": SimpleUploadedFile("book.csv", content)}, follow=True)
    page = answer.content.decode()
    assert "Survey twice" in page
    assert "Lamps" in page
    made = PlanImport.objects.get()
    client.post(
        at("plan-import-columns", pk=made.pk), {"field_id": "ID", "field_name": "Task", "field_parent": "Parent"}
    )
    answer = client.post(at("plan-import-apply", pk=made.pk), follow=True)
    assert "1 added" in answer.content.decode()
    assert task(planned, "R1").name_en == "Survey twice"


def test_pasted_rows_are_compared_first(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    pasted = "编号\t任务\t工期\nP1\t试点\t3d\nP2\t收尾\t\n"
    answer = client.post(at("plan-import"), {"pasted": pasted}, follow=True)
    assert "试点" in answer.content.decode()
    assert not Task.objects.filter(key="P1").exists()


def test_refused_file_says_why_and_keeps_what_was_pasted(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    answer = client.post(at("plan-import"), {"file": SimpleUploadedFile("plan.mpp", b"\xd0\xcf\x11\xe0")})
    assert answer.status_code == 422
    assert "Save As" in answer.content.decode()
    too_wide = "ID\tTask\nA\tOne\n" + "\t" * 20_000
    answer = client.post(at("plan-import"), {"pasted": too_wide})
    assert answer.status_code == 422 and "A\tOne" in answer.content.decode()


def test_columns_known_by_no_name_are_asked_for(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    page = client.post(at("plan-import"), {"pasted": "Nr\tWas\nX1\tBühne\n"}, follow=True).content.decode()
    assert "<option>Was</option>" in page and "say which of these columns names the task" in page
    made = PlanImport.objects.get()
    given = {"field_id": "Nr", "field_name": "Was"}
    page = client.post(at("plan-import-columns", pk=made.pk), given, follow=True).content.decode()
    assert "Bühne" in page and at("plan-import-apply", pk=made.pk) in page


def test_rejected_rows_are_listed_and_downloadable(planned: Harbour) -> None:
    client = signed_in(planned.hq)
    client.post(at("plan-import"), {"pasted": "ID\tTask\tDuration\nA\tOne\tsoon\n"})
    made = PlanImport.objects.get()
    assert "soon" in client.get(at("plan-import-one", pk=made.pk)).content.decode()
    assert b"soon" in client.get(at("plan-import-problems", pk=made.pk)).content
    assert at("plan-import-apply", pk=made.pk) not in client.get(at("plan-import-one", pk=made.pk)).content.decode()


@pytest.mark.parametrize("form", ["xlsx", "csv", "xml", "xer", "p6.xml", "json", "ics"])
def test_export_holds_what_the_filters_leave(planned: Harbour, form: str) -> None:
    answer = signed_in(planned.hq).get(at("plan-export", form=form), {"unit": "health"})
    assert answer.status_code == 200
    if form != "xlsx":
        assert b"Ambulance plan" in answer.content
        assert b"Survey" not in answer.content


@pytest.mark.parametrize("name", ["book", "plan-import", "plan-template"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_in_both_languages(planned: Harbour, name: str, language: str) -> None:
    client = signed_in(planned.hq)
    client.cookies["django_language"] = language
    assert client.get(at(name)).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(
    planned: Harbour, django_assert_max_num_queries: object
) -> None:
    Task.objects.bulk_create(
        Task(
            event=planned.event,
            key=f"X{n}",
            position=100 + n,
            name_en=f"Extra {n}",
            unit=planned.units["roads"],
            responsible=planned.paver,
            parent=task(planned, "R"),
        )
        for n in range(150)
    )
    client = signed_in(planned.hq)
    client.get(at("book"))
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        client.get(at("book"))
