"""Remarks on a task, with files: kept by content, served to whoever may read the task, never run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.platform.models import Comment, RecordLine


@pytest.fixture
def files(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def signed_in(harbour: Harbour, who: str) -> Client:
    client = Client()
    client.force_login(harbour.people[who])
    return client


def remark(client: Client, name: str, content: bytes) -> int:
    given = {"text": "See the plan", "file": SimpleUploadedFile(name, content)}
    return client.post("/e/harbour/book/t/R1/act/comment/", given).status_code


def test_a_file_comes_with_a_remark_and_goes_to_whoever_may_read_the_task(planned: Harbour, files: Path) -> None:
    assert remark(signed_in(planned, "roads_head"), "<b>plan</b>.html", b"<script>alert(1)</script>") == 303
    made = Comment.objects.get()
    assert made.about_id == task(planned, "R1").pk
    assert made.sha256 == hashlib.sha256(b"<script>alert(1)</script>").hexdigest()
    assert (files / made.file.name).read_bytes() == b"<script>alert(1)</script>"
    line = RecordLine.objects.get(code="planning.task.comment")
    assert line.after is not None and line.after["sha256"] == made.sha256
    address = f"/e/harbour/book/t/R1/remarks/{made.pk}/"
    reader = signed_in(planned, "leader")
    assert address in reader.get("/e/harbour/book/t/R1/").content.decode()
    answer = reader.get(address)
    assert (answer["Content-Type"], answer.content) == ("application/octet-stream", b"<script>alert(1)</script>")
    assert answer["Content-Disposition"].startswith("attachment")
    assert signed_in(planned, "health_head").get(address).status_code == 404
    assert reader.get(f"/e/harbour/book/t/H1/remarks/{made.pk}/").status_code == 404


def test_pictures_open_and_empty_files_are_refused(planned: Harbour, files: Path) -> None:
    client = signed_in(planned, "roads_head")
    remark(client, "gate.PNG", b"\x89PNG")
    answer = client.get(f"/e/harbour/book/t/R1/remarks/{Comment.objects.get().pk}/")
    assert answer["Content-Type"] == "image/png" and answer["Content-Disposition"].startswith("inline")
    remark(client, "empty.txt", b"")
    assert Comment.objects.count() == 1
