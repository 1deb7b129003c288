"""Estimates in an assignment book: read, refused, written and read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tminus.engines.schedule import Duration, Estimate, EstimateKind, Plan, Task, week_calendar
from tminus.formats.assignment_book import read_book
from tminus.formats.book_writer import book_csv, book_xlsx
from tminus.formats.plan_json import plan_json_bytes, read_plan_json
from tminus.formats.problems import Rejected

TRIANGULAR, PERT, LOGNORMAL = EstimateKind.TRIANGULAR, EstimateKind.PERT, EstimateKind.LOGNORMAL


def read(text: str) -> Estimate | None:
    return read_book(Path("plan.csv"), content=text.encode()).checked().tasks[0].estimate


@pytest.mark.parametrize(
    ("text", "estimate"),
    [
        ("Task,Duration,Optimistic,Most likely,Pessimistic\nA,5d,4d,5d,9d\n", Estimate(TRIANGULAR, (1920, 2400, 4320))),
        ("任务,工期,乐观,最可能,悲观,分布\nA,5d,4天,5天,9天,pert\n", Estimate(PERT, (1920, 2400, 4320))),
        ("Task,Duration,Pessimistic\nA,5d,9d\n", Estimate(TRIANGULAR, (2400, 2400, 4320))),
        ("Task,Duration,Optimistic,Pessimistic\nA,5d,90 %,150 %\n", Estimate(TRIANGULAR, (0.9, 1, 1.5), relative=True)),
        (
            "Task,Duration,Most likely,Pessimistic,Distribution\nA,5d,5d,10d,lognormal\n",
            Estimate(LOGNORMAL, (2400, 4800)),
        ),
        ("Task,Duration,Uncertainty\nA,5d,Novel\n", Estimate(EstimateKind.CLASS, of="novel")),
        ("Task,Duration,Uncertainty\nA,5d,\n", None),
    ],
)
def test_what_columns_say(text: str, estimate: Estimate | None) -> None:
    assert read(text) == estimate


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Task,Duration,Optimistic,Pessimistic\nA,5d,9d,4d\n", "column Pessimistic: '4d'"),
        ("Task,Duration,Pessimistic\nA,5d,long\n", "column Pessimistic: 'long'"),
        ("Task,Duration,Optimistic,Pessimistic\nA,5d,4d,150 %\n", "all three as durations"),
        ("Task,Duration,Uncertainty\nA,5d,high\n", "fixed, routine, standard"),
        ("Task,Duration,Pessimistic,Distribution\nA,5d,9d,normal\n", "column Distribution: 'normal'"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(text)
    assert said in str(refused.value)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    kind = draw(st.sampled_from([TRIANGULAR, PERT, LOGNORMAL, EstimateKind.CLASS]))
    if kind is EstimateKind.CLASS:
        return Estimate(kind, of=draw(st.sampled_from(["fixed", "novel"])))
    relative = draw(st.booleans())
    number = st.integers(1, 300).map(lambda x: x / 100) if relative else st.integers(1, 90_000).map(float)
    values = sorted(draw(st.lists(number, min_size=3, max_size=3)))
    return Estimate(kind, tuple(values[1:] if kind is LOGNORMAL else values), relative)


@settings(deadline=None, max_examples=40)
@given(estimates())
def test_it_is_written_and_read_back(estimate: Estimate) -> None:
    task = Task("A", "Pave", duration=Duration(2400), estimate=estimate)
    plan = Plan(
        "p", (task, replace(task, id="B", estimate=None)), calendars={"w": week_calendar("w")}, default_calendar="w"
    )
    books = [("p.csv", book_csv(plan)), ("p.xlsx", book_xlsx(plan))]
    found = [read_book(Path(name), content=content).checked() for name, content in books]
    found.append(read_plan_json(Path("p.json"), plan_json_bytes(plan)))
    for one in found:
        assert [row.estimate for row in one.tasks] == [estimate, None]


def test_past_durations_are_kept_in_json() -> None:
    past = Estimate(EstimateKind.EMPIRICAL, (480, 960, 1440))
    plan = Plan("p", (Task("A", "Pave", estimate=past),))
    assert read_plan_json(Path("p.json"), plan_json_bytes(plan)).tasks[0].estimate == past
