"""Every published test that applies passes, and the page of the engine tells of each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tminus.engines.crowd.verification import CASES, NOT_APPLICABLE, Case, Outcome
from tminus.formats.crowd.verification_document import document_of, table_of, without_measured

PAGE = Path(__file__).parents[4] / "docs" / "engines" / "crowd.md"
BEGIN, END = "<!-- tminus verify crowd --markdown -->", "<!-- end -->"


@cache
def outcome_of(case: Case) -> Outcome:
    return case.run()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_published_test_passes(case):
    outcome = outcome_of(case)
    assert outcome.passed, f"{case.title}: {outcome.measured:g}, expected {outcome.expected:g} {outcome.allowed}"


def test_every_test_has_its_own_name_and_a_source():
    names = [one.id for one in (*CASES, *NOT_APPLICABLE)]
    assert len(set(names)) == len(names) and all(case.source and case.title for case in CASES)
    assert all(one.reason for one in NOT_APPLICABLE)


def test_the_document_counts(monkeypatch):
    case = CASES[0]
    told = document_of([(case, Outcome(41.0, 40.0, "± 0.5", False)), (case, Outcome(40.0, 40.0, "± 0.5", True))])
    assert (told["passed"], told["failed"]) == (1, 1)
    assert told["cases"][0]["measured"] == 41.0 and told["not_applicable"]


def test_a_failure_stands_out_in_the_table():
    table = table_of([(CASES[0], Outcome(41.0, 40.0, "± 0.5", False))])
    assert "| 40 s | ± 0.5 | 41 s | **fails** |" in table


def test_the_page_tells_of_every_test():
    """Else: ``tminus verify crowd --markdown`` between the two marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    told = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    made = table_of([(case, outcome_of(case)) for case in CASES])
    assert without_measured(told.splitlines()) == without_measured(made.splitlines())
