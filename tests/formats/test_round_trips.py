"""What we write reads back to the same plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings

from tests.formats.plans import CALENDARS, baseline_of, whole_plans
from tminus.engines.schedule import Duration, Plan, TaskKind
from tminus.formats.assignment_book import read_book
from tminus.formats.book_writer import book_csv, book_xlsx
from tminus.formats.mspdi import mspdi_bytes, read_mspdi
from tminus.formats.plan_json import plan_json_bytes, read_plan_json


def compared(plan: Plan, without: tuple[str, ...] = ()) -> Plan:
    """Without what a file does not keep: the stored dates another tool computed, and a summary's own duration."""
    rows = tuple(
        replace(task, duration=Duration(0) if task.kind is TaskKind.SUMMARY else task.duration) for task in plan.tasks
    )
    kept: dict[str, object] = {"tasks": rows, "source": "", "stored": {}} | dict.fromkeys(without)
    return replace(plan, **kept)  # type: ignore[arg-type]


@settings(deadline=None)
@given(whole_plans())
def test_our_own_json(plan: Plan) -> None:
    whole = replace(plan, baselines=(baseline_of(plan),))
    found = read_plan_json(Path("plan.json"), plan_json_bytes(whole))
    assert replace(found, source="") == whole


@settings(deadline=None)
@given(whole_plans())
def test_project_xml(plan: Plan) -> None:
    found = read_mspdi(Path("plan.xml"), mspdi_bytes(plan))
    assert compared(found, ("start", "finish")) == compared(plan, ("start", "finish"))


@settings(deadline=None, max_examples=60)
@given(whole_plans())
def test_workbook(plan: Plan) -> None:
    found = read_book(Path("plan.xlsx"), content=book_xlsx(plan)).checked()
    assert compared(found, ("opening",)) == compared(plan, ("opening",))


@settings(deadline=None, max_examples=60)
@given(whole_plans())
def test_csv_in_chinese(plan: Plan) -> None:
    found = read_book(Path("plan.csv"), content=book_csv(plan, language="zh"), calendars=CALENDARS).checked()
    assert compared(found, ("opening",)) == compared(plan, ("opening",))
