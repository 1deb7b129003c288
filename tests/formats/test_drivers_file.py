"""Causes of risk out of tables and JSON, and back; what cannot be taken is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.plans import WORDS
from tminus.engines.schedule import Estimate, EstimateKind
from tminus.engines.schedule.risk import Branch, Cause, Hits, RiskDriver, WeatherCalendar
from tminus.formats.drivers_file import COLUMNS, causes_of, read_drivers, rows_of
from tminus.formats.problems import BadFile, Rejected

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "drivers.md"
NAMES = WORDS.filter(lambda text: not set(text) & set(",;，；、"))


def fenced(kind: str) -> str:
    """The first block of the reference page marked so."""
    return REFERENCE.read_text(encoding="utf-8").split(f"```{kind}\n")[1].split("```")[0]


def written(tmp_path: Path, text: str, name: str = "drivers.csv") -> tuple[Cause, ...]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_drivers(path)


def test_the_example_of_the_reference_page(tmp_path: Path) -> None:
    permits, steel, rain, storms, *roof = written(tmp_path, fenced("csv"))
    assert permits == RiskDriver(
        "permits", Estimate(EstimateKind.TRIANGULAR, (1.1, 1.3, 1.8)), 0.3,
        hits=Hits(units=frozenset(["Works bureau"])), name="Permits come late", name_zh="审批延迟",
    )  # fmt: skip
    assert isinstance(steel, RiskDriver)
    assert steel.days
    assert steel.impact == Estimate(EstimateKind.PERT, (2, 5, 15))
    assert steel.hits == Hits(areas=frozenset(["Roads"]), phases=frozenset(["preparation"]))
    assert isinstance(rain, WeatherCalendar)
    assert rain.lost[6] == 0.3
    assert rain.lost[0] == 0
    assert isinstance(storms, WeatherCalendar)
    assert storms.history == (frozenset([(9, 5), (9, 6)]), frozenset(), frozenset([(10, 1)]))
    assert roof == [Branch("roof", ((0.2, frozenset(["H12"])), (0.7, frozenset(["H13"]))), name="Roof must be renewed")]


def test_json_says_the_same(tmp_path: Path) -> None:
    assert written(tmp_path, fenced("json"), "drivers.json") == written(tmp_path, fenced("csv"))[:2]


def test_chinese_headings(tmp_path: Path) -> None:
    text = "编号,原因,类型,概率,乐观,最可能,悲观,责任单位,7月\nA,审批,风险,30 %,1,1.2,2,规划局,\nB,雨,天气,,,,,,0.4\n"
    permits, rain = written(tmp_path, text)
    assert permits == RiskDriver(
        "A", Estimate(EstimateKind.TRIANGULAR, (1, 1.2, 2)), 0.3, hits=Hits(units=frozenset(["规划局"])), name="审批"
    )
    assert isinstance(rain, WeatherCalendar)
    assert rain.lost == (0, 0, 0, 0, 0, 0, 0.4, 0, 0, 0, 0, 0)


def test_every_column_is_documented() -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    for code, names in COLUMNS.items():
        assert f"`{code}`" in page
        assert all(name in page for name in names[:2]), code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ID,Probability,Impact\nA,2,1.5\n", "row 2, column Probability: '2'"),
        ("ID,Impact\nA,soon\n", "row 2, column Most likely: 'soon'"),
        ("ID,Kind,Impact\nA,luck,2\n", "column Kind: 'luck'"),
        ("ID,Optimistic,Most likely\nA,1.2,5d\n", "column Most likely: '5d'"),
        ("ID,Optimistic,Most likely,Pessimistic\nA,3,2,1\n", "column Pessimistic: '1'"),
        ("ID,Impact\nA,2\nA,3\n", "row 3, column ID: 'A'"),
        ("ID,Kind\nA,weather\n", "column Kind: 'weather'"),
        ("ID,Cause\nA,a\n", "column Most likely: ''"),
        ("ID,Kind,Tasks\nA,branch,T1\n", "column Probability: ''"),
        ("ID,Impact,Distribution\nA,2,normal\n", "column Distribution: 'normal'"),
        ("Sum,Of\n1,2\n", "no column headed ID"),
        ("ID,Kind,Jan\nA,weather,1\n", "twelve probabilities"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        written(tmp_path, text)
    assert said in str(refused.value)
    assert "allowed" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_wrong_value_is_listed(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        written(tmp_path, "ID,Probability,Impact\nA,2,1.5\nB,0.5,much\n")
    assert [(one.row, one.value) for one in refused.value.problems] == [(2, "2"), (3, "much")]


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "not JSON"), ("[1]", "a list of objects"), ('[{"id": "A", "chance": 1}]', "column chance")],
)
def test_json_that_cannot_be_taken(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        written(tmp_path, text, "drivers.json")


@st.composite
def causes(draw: st.DrawFn) -> tuple[Cause, ...]:
    some = st.frozensets(NAMES, max_size=2)
    made: list[Cause] = []
    for id in draw(st.lists(NAMES, max_size=4, unique=True)):
        hits = Hits(*(draw(some) for _ in range(6)))
        values = sorted(draw(st.lists(st.floats(0.001, 99).map(lambda x: round(x, 3)), min_size=3, max_size=3)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            days = st.builds(lambda m, d: (m, d), st.integers(1, 12), st.integers(1, 28))
            year = st.frozensets(days, min_size=1, max_size=4)
            made.append(WeatherCalendar(id, history=tuple(draw(st.lists(year, min_size=1, max_size=3))), hits=hits))
        elif kind == 1:
            made.append(WeatherCalendar(id, tuple(round(value / 100, 3) for value in values * 4), hits=hits))
        elif kind == 2:
            made.append(Branch(id, ((0.25, draw(some)), (0.5, draw(some)))))
        else:
            which = draw(st.sampled_from([EstimateKind.TRIANGULAR, EstimateKind.PERT, EstimateKind.LOGNORMAL]))
            impact = Estimate(which, tuple(values[-2:] if which is EstimateKind.LOGNORMAL else values))
            made.append(RiskDriver(id, impact, draw(st.floats(0, 1)), draw(st.booleans()), hits, name=draw(NAMES)))
    return tuple(made)


@settings(deadline=None)
@given(causes())
def test_rows_read_back_to_the_same_causes(made: tuple[Cause, ...]) -> None:
    rows = json.loads(json.dumps(rows_of(made)))
    assert causes_of(enumerate(rows, 1)) == made
