"""Real files of Primavera agree with their own dates, and survive our own round trip. What differs is stated in
``docs/engines/schedule.md``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tminus.engines.schedule import ConstraintKind, Plan, agreement_of
from tminus.engines.schedule.primavera_rules import own_dates
from tminus.formats.plan_file import read_plan
from tminus.formats.primavera import pmxml_bytes, read_pmxml, read_xer, xer_bytes


@pytest.fixture
def large(real_data: Path) -> Plan:
    """Utilities works of a railway: 3,468 open activities, 919 with float below zero."""
    found = next(real_data.rglob("SP10_cost_loaded.xer"), None)
    if found is None:
        pytest.skip("TMINUS_DATA holds no SP10_cost_loaded.xer")
    return read_plan(found)


def test_dates_and_floats_of_a_large_file(large: Plan) -> None:
    agreement = agreement_of(large)
    assert agreement is not None
    assert agreement.of == 3468
    for name in ("start", "finish", "early_start", "early_finish", "late_start", "late_finish"):
        assert getattr(agreement, name) == 3468
    assert agreement.total_float == 3431


def test_floats_that_differ_are_of_what_was_late_already(large: Plan) -> None:
    ours, tasks = own_dates(large), large.by_id()
    for id, stored in large.stored.items():
        if id in ours and stored.total_float_minutes != ours[id].total_float_minutes:
            assert tasks[id].constraints[0].kind is ConstraintKind.ALAP
            assert stored.total_float_minutes is not None and ours[id].total_float_minutes is not None
            assert abs(stored.total_float_minutes - ours[id].total_float_minutes) <= 960


def test_a_large_file_is_written_and_read_back_the_same(large: Plan) -> None:
    assert read_xer(Path("plan.xer"), xer_bytes(large)) == large
    assert replace(read_pmxml(Path("plan.xml"), pmxml_bytes(large)), source="xer") == large
