"""Causes of risk, weather and open branches as a table or JSON: what ``--drivers FILE`` takes.

A row of a sheet and an object of a JSON list are the same thing; the console keeps causes as such objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tminus.engines.schedule import Estimate, EstimateKind, PlanError
from tminus.engines.schedule.risk import Branch, Cause, Hits, RiskDriver, WeatherCalendar
from tminus.engines.schedule.risk.causes import check_causes
from tminus.formats.book_row import empty, text_of
from tminus.formats.columns import plain
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected, read_bytes
from tminus.formats.tables import decode, read_tables
from tminus.formats.values import Cell, moment

T = TypeVar("T")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("ID", "编号"),
    "name": ("Cause", "原因", "Name", "名称", "Driver", "Risk", "风险"),
    "name_zh": ("Cause (zh)", "原因（中文）", "原因(中文)"),
    "kind": ("Kind", "类型"),
    "probability": ("Probability", "概率"),
    "optimistic": ("Optimistic", "乐观"),
    "likely": ("Most likely", "最可能", "Impact", "影响"),
    "pessimistic": ("Pessimistic", "悲观"),
    "distribution": ("Distribution", "分布"),
    "tasks": ("Tasks", "任务", "Task IDs", "任务编号"),
    "units": ("Unit", "责任单位", "Units"),
    "areas": ("Area", "板块", "Areas"),
    "phases": ("Phase", "阶段", "Phases"),
    "places": ("Place", "地点", "Places"),
    "calendars": ("Calendar", "日历", "Calendars"),
    "lost_days": ("Lost days", "停工日"),
} | {name.lower(): (name, f"{number}月") for number, name in enumerate(MONTHS, 1)}
"""Field → headings it is recognised by; the first is what we write, the second its Chinese."""

KINDS = {
    "": "driver", "driver": "driver", "风险": "driver", "weather": "weather", "天气": "weather",
    "branch": "branch", "分支": "branch",
}  # fmt: skip
DISTRIBUTIONS = {
    "": EstimateKind.TRIANGULAR, "triangular": EstimateKind.TRIANGULAR, "三角": EstimateKind.TRIANGULAR,
    "pert": EstimateKind.PERT, "lognormal": EstimateKind.LOGNORMAL, "对数正态": EstimateKind.LOGNORMAL,
}  # fmt: skip
CHANCE_ALLOWED = "a probability, 0.3 or 30 %"
IMPACT_ALLOWED = "a multiple like 1.2 or 120 %, or working days like 5d; not both in one row"

_KNOWN = {plain(name): code for code, names in COLUMNS.items() for name in (code, *names)}
Row = Mapping[str, Any]


def read_drivers(path: Path, content: bytes | None = None) -> tuple[Cause, ...]:
    """Causes out of a table (xlsx, xls, ods, csv) or JSON.

    :raises BadFile: not such a file; :class:`Rejected`: values that cannot be taken, every one named.
    """
    content = read_bytes(path) if content is None else content
    if path.suffix.lower() == ".json":
        return causes_of(_json_rows(path, content), path.name)
    sheet = next((sheet for sheet in read_tables(path, content) if sheet.rows), None)
    if sheet is None:
        raise BadFile(f"{path.name}: is empty; allowed: a table with at least the columns ID and Cause")
    fields = {number: _KNOWN[plain(head)] for number, head in enumerate(sheet.rows[0]) if plain(head) in _KNOWN}
    if not {"id", "name"} & set(fields.values()):
        raise BadFile(f"{path.name}: has no column headed ID or Cause (编号, 原因); allowed: those of drivers.md")
    rows = [
        (number, {code: row[at] for at, code in fields.items() if at < len(row) and not empty(row[at])})
        for number, row in enumerate(sheet.rows[1:], start=2)
    ]
    return causes_of([(number, row) for number, row in rows if row], path.name)


def _json_rows(path: Path, content: bytes) -> list[tuple[int, Row]]:
    try:
        document = json.loads(decode(path, content))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path.name}: not JSON ({error})") from error
    listed = document.get("drivers") if isinstance(document, dict) else document
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise BadFile(f'{path.name}: allowed: a list of objects, or {{"drivers": [ … ]}}')
    return [(number, _known(path, number, row)) for number, row in enumerate(listed, start=1)]


def _known(path: Path, number: int, row: Mapping[str, Any]) -> Row:
    if unknown := [key for key in row if plain(key) not in _KNOWN]:
        allowed = f"one of {', '.join(COLUMNS)}"
        raise Rejected([Problem(path.name, number, str(unknown[0]), str(row[unknown[0]])[:80], allowed)])
    return {_KNOWN[plain(key)]: value for key, value in row.items() if value not in (None, "", [])}


# From rows to causes ----------------------------------


def causes_of(rows: Iterable[tuple[int, Row]], file: str = "drivers") -> tuple[Cause, ...]:
    """Causes out of numbered rows of fields (as :data:`COLUMNS` names them).

    :raises Rejected: values that cannot be taken, every one named by ``file`` and row.
    """
    reading = _Reading(file)
    alternatives: dict[str, list[tuple[int, Row]]] = {}
    for number, row in rows:
        alternatives.setdefault(reading.id_of(number, row), []).append((number, row))
    made = [reading.cause(id, found) for id, found in alternatives.items()]
    if reading.problems:
        raise Rejected(reading.problems)
    causes = tuple(cause for cause in made if cause is not None)
    check_causes(causes)
    return causes


class _Reading:
    """One file, and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file, self.problems = file, list[Problem]()

    def refuse(self, number: int, code: str, value: object, allowed: str) -> None:
        self.problems.append(Problem(self.file, number, COLUMNS[code][0], str(value)[:80], allowed))

    def take(self, number: int, row: Row, code: str, read: Callable[[Any], T], otherwise: T) -> T:
        if code not in row:
            return otherwise
        try:
            return read(row[code])
        except (BadValue, ValueError) as error:
            self.refuse(number, code, row[code], str(error))
            return otherwise

    def id_of(self, number: int, row: Row) -> str:
        id = text_of(row.get("id")) or text_of(row.get("name"))
        if not id:
            self.refuse(number, "id", "", "an ID or the name of the cause")
        return id or f"row {number}"

    def cause(self, id: str, rows: Sequence[tuple[int, Row]]) -> Cause | None:
        number, row = rows[0]
        kind = self.take(number, row, "kind", _kind, "driver")
        if len(rows) > 1 and kind != "branch":
            self.refuse(rows[1][0], "id", id, "each ID once (only the alternatives of a branch share one)")
            return None
        names = {"name": text_of(row.get("name")), "name_zh": text_of(row.get("name_zh"))}
        try:
            if kind == "branch":
                return Branch(id, tuple(self._alternative(*one) for one in rows), **names)
            if kind == "weather":
                return self._weather(id, number, row, names)
            return self._driver(id, number, row, names)
        except PlanError as error:
            if not self.problems:
                self.refuse(number, "kind", kind, str(error))
            return None

    def _driver(self, id: str, number: int, row: Row, names: dict[str, str]) -> RiskDriver | None:
        found = [(code, *self.take(number, row, code, _impact, (-1.0, False))) for code in _THREE if code in row]
        if not found:
            self.refuse(number, "likely", "", IMPACT_ALLOWED)
        if len({days for _, _, days in found}) > 1:
            self.refuse(number, found[-1][0], row[found[-1][0]], IMPACT_ALLOWED)
        kind = self.take(number, row, "distribution", _distribution, EstimateKind.TRIANGULAR)
        chance = self.take(number, row, "probability", _chance, 1.0)
        if any(value < 0 for _, value, _ in found) or not found:
            return None
        try:
            impact = three_values(kind, {code: value for code, value, _ in found}, found[0][1])
        except PlanError:
            self.refuse(number, "pessimistic", row.get("pessimistic", ""), "Optimistic ≤ Most likely ≤ Pessimistic")
            return None
        return RiskDriver(id, impact, chance, found[0][2], self._hits(row), **names)

    def _weather(self, id: str, number: int, row: Row, names: dict[str, str]) -> WeatherCalendar:
        lost = [self.take(number, row, month.lower(), _chance, 0.0) for month in MONTHS]
        days = self.take(number, row, "lost_days", _dates, list[date]())
        years = range(min(days).year, max(days).year + 1) if days else ()
        history = tuple(frozenset((day.month, day.day) for day in days if day.year == year) for year in years)
        monthly = tuple(lost) if any(month.lower() in row for month in MONTHS) else ()
        return WeatherCalendar(id, monthly, history, self._hits(row), **names)

    def _alternative(self, number: int, row: Row) -> tuple[float, frozenset[str]]:
        if "probability" not in row:
            self.refuse(number, "probability", "", CHANCE_ALLOWED)
        return self.take(number, row, "probability", _chance, 0.0), frozenset(_listed(row.get("tasks")))

    def _hits(self, row: Row) -> Hits:
        names = ("units", "areas", "phases", "places", "calendars")
        return Hits(frozenset(_listed(row.get("tasks"))), *(frozenset(_listed(row.get(name))) for name in names))


_THREE = ("optimistic", "likely", "pessimistic")


def three_values(kind: EstimateKind, values: Mapping[str, float], middle: float, relative: bool = False) -> Estimate:
    """An estimate out of those of its three values that are given; ``middle`` stands for the most likely one.

    A log-normal's most likely and pessimistic are its P50 and P90.

    :raises PlanError: values that are not in order.
    """
    likely = values.get("likely", middle)
    low, high = values.get("optimistic", min(likely, middle)), values.get("pessimistic", likely)
    if kind is EstimateKind.LOGNORMAL:
        return Estimate(kind, (likely, high), relative)
    return Estimate(kind, (low, likely, high), relative)


# Single values ----------------------------------


def _kind(value: Cell) -> str:
    found = KINDS.get(text_of(value).lower())
    if found is None:
        raise BadValue("driver, weather or branch (风险, 天气, 分支)")
    return found


def _distribution(value: Cell) -> EstimateKind:
    found = DISTRIBUTIONS.get(text_of(value).lower())
    if found is None:
        raise BadValue("triangular, pert or lognormal (三角, pert, 对数正态)")
    return found


def _chance(value: Cell) -> float:
    text = text_of(value)
    signed = text.endswith(("%", "％"))
    try:
        number = float(text.rstrip("%％ ")) / (100 if signed else 1)
    except ValueError:
        raise BadValue(CHANCE_ALLOWED) from None
    if not 0 <= number <= 1:
        raise BadValue(CHANCE_ALLOWED)
    return number


_IMPACT = re.compile(r"(\d+(?:\.\d+)?)\s*(d|days?|天|个?工作日|x|×|倍|%|％)?")


def _impact(value: Cell) -> tuple[float, bool]:
    """A number, and whether it is days."""
    matched = _IMPACT.fullmatch(text_of(value).lower())
    if matched is None or isinstance(value, bool):
        raise BadValue(IMPACT_ALLOWED)
    number, unit = float(matched[1]), matched[2] or ""
    return number / (100 if unit in ("%", "％") else 1), unit.startswith(("d", "天", "工", "个"))


def _listed(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [text_of(one) for one in value]
    return [part.strip() for part in re.split(r"[,;，；、\n]", text_of(value)) if part.strip()]


def _dates(value: Any) -> list[date]:
    return [moment(part)[0].date() for part in _listed(value)]


# From causes to rows ----------------------------------


def rows_of(causes: Iterable[Cause]) -> list[dict[str, Any]]:
    """Causes as objects that :func:`causes_of` reads back to the same causes; empty fields are left out."""
    rows = [row for cause in causes for row in _rows(cause)]
    return [{key: value for key, value in row.items() if value not in ("", [], None)} for row in rows]


def _rows(cause: Cause) -> list[dict[str, Any]]:
    head: dict[str, Any] = {"id": cause.id, "name": cause.name, "name_zh": cause.name_zh}
    if isinstance(cause, Branch):
        return [
            head | {"kind": "branch", "probability": chance, "tasks": sorted(ids)} for chance, ids in cause.alternatives
        ]
    head |= {name: sorted(kept) for name, kept in _named(cause.hits)}
    if isinstance(cause, WeatherCalendar):
        months = {month.lower(): chance for month, chance in zip(MONTHS, cause.lost, strict=bool(cause.lost))}
        days = [
            f"{2000 + year}-{month:02}-{day:02}"  # which years they were does not matter; one of four has a 29th
            for year, lost in enumerate(cause.history)
            for month, day in sorted(lost)
            if (month, day) != (2, 29) or year % 4 == 0
        ]
        return [head | {"kind": "weather", "lost_days": days} | months]
    suffix, values = "d" if cause.days else "", cause.impact.values
    names = ("likely", "pessimistic") if cause.impact.kind is EstimateKind.LOGNORMAL else _THREE
    impact = {name: f"{value!r}{suffix}" for name, value in zip(names, values, strict=True)}
    kind = "" if cause.impact.kind is EstimateKind.TRIANGULAR else cause.impact.kind.value
    return [head | {"probability": cause.probability, "distribution": kind} | impact]


def _named(hits: Hits) -> list[tuple[str, frozenset[str]]]:
    return [
        ("tasks", hits.ids), ("units", hits.units), ("areas", hits.areas), ("phases", hits.phases),
        ("places", hits.places), ("calendars", hits.calendars),
    ]  # fmt: skip
