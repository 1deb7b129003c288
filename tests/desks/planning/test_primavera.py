"""Primavera's files through the same dry run as any other plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.desks.planning.test_import import apply, hand_in
from tests.harbour import Harbour
from tminus.desks.planning import adapter
from tminus.desks.planning.models import Task, TaskLink
from tminus.engines.schedule import ConstraintKind
from tminus.formats.primavera import pmxml_bytes, xer_bytes

PAIR = Path(__file__).parents[2] / "formats" / "primavera" / "pair"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("name", ["hall.xer", "hall.xml"])
def test_a_file_becomes_the_plan(harbour: Harbour, name: str) -> None:
    read = hand_in(harbour, (PAIR / name).read_bytes(), name)
    assert read["difference"]["counts"]["added"] == 6
    assert read["difference"]["notes"] == [
        "Levels of effort and WBS summaries drive nothing: taken without their links: A1040"
    ]
    assert not Task.objects.filter(event=harbour.event).exists()
    apply(harbour, read["id"])
    plan = adapter.plan_of(harbour.event)
    assert {task.id: task.parent for task in plan.tasks}["A1010"] == "B"
    assert plan.by_id()["A1020"].constraints[0].kind is ConstraintKind.SNET
    assert TaskLink.objects.filter(event=harbour.event).count() == 3
    assert plan.calendars["Five days"].day_minutes == 480


@pytest.mark.parametrize(("name", "write"), [("plan.xer", xer_bytes), ("plan.xml", pmxml_bytes)])
def test_our_own_export_finds_the_same_tasks(planned: Harbour, name: str, write: type) -> None:
    counts = hand_in(planned, write(adapter.plan_of(planned.event)), name)["difference"]["counts"]
    assert (counts["added"], counts["removed"]) == (0, 0)


def test_a_file_of_several_projects_is_told(harbour: Harbour) -> None:
    content = (PAIR / "hall.xer").read_text().replace("%T\tCALENDAR", "%R\t501\tROADS\n%T\tCALENDAR")
    rows = content.replace("%T\tTASKPRED", "%R\t9\t501\n%T\tTASKPRED")
    with pytest.raises(Exception, match=r"holds 2 projects: HALL, ROADS; allowed: one"):
        hand_in(harbour, rows, "both.xer")
