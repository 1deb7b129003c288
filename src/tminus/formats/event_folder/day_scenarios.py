"""Days as they may come and what headquarters does about them: ``day_scenarios.json`` of an event folder.

A scenario has no figures of its own: forecast, network, gates and timetable are the event's; it says what befalls that
day (:class:`Happening`) and what is done (:class:`Measure`). Times are minutes after midnight, event-local, beyond 1440
after midnight of the same service day; in files ``HH:MM``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tminus.formats.problems import BadFile, read_bytes

FILE = "day_scenarios.json"
DAY_BEGIN_MIN, DAY_END_MIN = 300.0, 1740.0
"""A service day: 05:00 to 05:00."""
_ID = re.compile(r"[^\s,/?#]{1,60}")
_CLOCK = re.compile(r"([01]\d|2[0-9]):([0-5]\d)")


class Befalls(StrEnum):
    """What may befall a day, and what ``value`` and ``element`` mean with it."""

    VISITORS = "visitors"
    """``value`` per cent more visitors than forecast (−90 … 300)."""
    RAIN = "rain"
    """``value`` mm an hour: people walk slower, fewer stand in the open."""
    LINE_CLOSED = "line_closed"
    """No vehicle of line ``element`` runs."""
    GATE_LOST = "gate_lost"
    """``value`` per cent of the lanes of gate ``element`` are out of service (1 … 100)."""
    SERVICE_LATE = "service_late"
    """Vehicles of line ``element`` come ``value`` minutes late (1 … 240)."""
    STAY = "stay"
    """``value`` per cent of those who would leave in that time stay until its end, for a show (1 … 100)."""


class Does(StrEnum):
    """What headquarters may do, and what ``value``, ``element`` and ``other`` mean with it."""

    LANES = "lanes"
    """``value`` lanes of gate ``element`` are open (0 … 4096)."""
    ONE_WAY = "one_way"
    """Way ``element`` is walked towards node ``other`` alone."""
    WAY_CLOSED = "way_closed"
    """Nobody enters way ``element``."""
    HEADWAY = "headway"
    """A vehicle of line ``element`` every ``value`` seconds (30 … 7200)."""
    SHUTTLE = "shuttle"
    """A bus for ``capacity_p`` persons from node ``element`` to node ``other`` and back every ``value`` seconds."""
    INFLOW = "inflow"
    """``value`` persons a minute at the most are let into station ``element``."""
    RELEASE = "release"
    """``value`` persons a minute at the most are let out of hall ``element``; of every hall where it names none."""
    ADVICE = "advice"
    """``value`` per cent of the people follow screens and stewards (0 … 100)."""
    REDIRECT = "redirect"
    """``value`` per cent of those who would come to gate ``element`` then are sent to gate ``other`` (0 … 100)."""


@dataclass(frozen=True, slots=True)
class Happening:
    """``kind`` befalls ``element`` from ``from_min`` to ``to_min``."""

    kind: Befalls
    element: str = ""
    value: float = 0.0
    from_min: float = DAY_BEGIN_MIN
    to_min: float = DAY_END_MIN


@dataclass(frozen=True, slots=True)
class Measure:
    """``kind`` is done from ``from_min`` to ``to_min``; ``unit``: the ID of the unit that carries it out."""

    kind: Does
    element: str = ""
    value: float = 0.0
    from_min: float = DAY_BEGIN_MIN
    to_min: float = DAY_END_MIN
    other: str = ""
    capacity_p: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DayScenario:
    """``about``: what it is to show, a sentence; names and sentences by language (``en``, ``zh``)."""

    id: str
    name: Mapping[str, str]
    day: date
    happenings: tuple[Happening, ...] = ()
    measures: tuple[Measure, ...] = ()
    about: Mapping[str, str] | None = None


ALLOWED: Mapping[Befalls | Does, tuple[float, float]] = {
    Befalls.VISITORS: (-90, 300), Befalls.RAIN: (0, 100), Befalls.GATE_LOST: (1, 100), Befalls.SERVICE_LATE: (1, 240),
    Befalls.STAY: (1, 100),
    Does.LANES: (0, 4096), Does.HEADWAY: (30, 7200), Does.SHUTTLE: (30, 7200), Does.INFLOW: (0, 10_000),
    Does.RELEASE: (1, 10_000),
    Does.ADVICE: (0, 100), Does.REDIRECT: (0, 100),
}  # fmt: skip
"""Least and greatest ``value``; kinds without one take none."""
MOST_CAPACITY_P = 4000
Kind = TypeVar("Kind", Befalls, Does)


@dataclass(frozen=True, slots=True)
class Elements:
    """IDs that happenings and measures may name: of lines, gates, ways (links) and nodes."""

    lines: Collection[str]
    gates: Collection[str]
    ways: Collection[str]
    nodes: Collection[str]

    def of(self, kind: Befalls | Does) -> Collection[str]:
        """Those ``element`` may be; empty where the kind concerns everything."""
        named: dict[Befalls | Does, Collection[str]] = {
            Befalls.LINE_CLOSED: self.lines, Befalls.SERVICE_LATE: self.lines, Befalls.GATE_LOST: self.gates,
            Does.LANES: self.gates, Does.ONE_WAY: self.ways, Does.WAY_CLOSED: self.ways, Does.HEADWAY: self.lines,
            Does.SHUTTLE: self.nodes, Does.INFLOW: self.nodes, Does.RELEASE: self.nodes, Does.REDIRECT: self.gates,
        }  # fmt: skip
        return named.get(kind, ())

    def others_of(self, kind: Befalls | Does) -> Collection[str]:
        """Those ``other`` may be."""
        return self.gates if kind is Does.REDIRECT else self.nodes


OF_ALL = frozenset({Befalls.VISITORS, Befalls.RAIN, Befalls.STAY})
"""What befalls everybody, not one line or gate."""
WITH_OTHER = frozenset({Does.SHUTTLE, Does.ONE_WAY, Does.REDIRECT})
"""What is done from ``element`` to ``other``."""


def read_day_scenarios(folder: Path) -> tuple[DayScenario, ...]:
    """Those of an event folder; none where it has no such file.

    :raises BadFile: not JSON, or a value that cannot be taken, with its place and what is allowed.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        document = json.loads(read_bytes(path).decode("utf-8-sig"))
    except ValueError as error:
        raise BadFile(f"{FILE}: {error}; allowed: JSON in UTF-8") from error
    rows = document.get("scenarios") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise BadFile(f'{FILE}: allowed: {{"scenarios": [ … ]}}')
    found = tuple(scenario_of(row, f"{FILE}, scenario {number}") for number, row in enumerate(rows, start=1))
    if twice := [one.id for n, one in enumerate(found) if one.id in {other.id for other in found[:n]}]:
        raise BadFile(f"{FILE}: {twice[0]!r} stands twice; allowed: an id once")
    return found


def scenario_of(row: Any, where: str) -> DayScenario:
    """A scenario out of its JSON.

    :raises BadFile: a value that cannot be taken; ``where`` begins the sentence.
    """
    row = _object(row, where, {"id", "name", "day", "happenings", "measures", "about"})
    if not isinstance(row.get("id"), str) or not _ID.fullmatch(row["id"]):
        raise BadFile(f"{where}, id: {row.get('id')!r}; allowed: 1 to 60 characters without blanks and , / ? #")
    try:
        day = date.fromisoformat(str(row.get("day")))
    except ValueError:
        raise BadFile(f"{where}, day: {row.get('day')!r}; allowed: YYYY-MM-DD") from None
    return DayScenario(
        row["id"], _words(row.get("name", {}), f"{where}, name"), day,
        tuple(_happening(one, f"{where}, happening {n}") for n, one in enumerate(_rows(row, "happenings", where), 1)),
        tuple(_measure(one, f"{where}, measure {n}") for n, one in enumerate(_rows(row, "measures", where), 1)),
        _words(row.get("about", {}), f"{where}, about") or None,
    )  # fmt: skip


def scenario_json(scenario: DayScenario) -> dict[str, Any]:
    """What :func:`scenario_of` reads back to the same scenario; what is as usual is left out."""
    found: dict[str, Any] = {"id": scenario.id, "name": dict(scenario.name), "day": scenario.day.isoformat()}
    if scenario.about:
        found["about"] = dict(scenario.about)
    if scenario.happenings:
        found["happenings"] = [row_json(one) for one in scenario.happenings]
    if scenario.measures:
        found["measures"] = [row_json(one) for one in scenario.measures]
    return found


def row_json(row: Happening | Measure) -> dict[str, Any]:
    """A happening or a measure with its times as ``HH:MM``."""
    usual = {field.name: field.default for field in fields(row)}
    found: dict[str, Any] = {"kind": row.kind.value}
    for field in fields(row)[1:]:
        value = getattr(row, field.name)
        if value != usual[field.name]:
            times = field.name in ("from_min", "to_min")
            found[field.name.removesuffix("_min") if times else field.name] = clock_of(value) if times else value
    return found


def day_scenarios_json(scenarios: Sequence[DayScenario]) -> bytes:
    """The file."""
    return json.dumps(
        {"scenarios": [scenario_json(one) for one in scenarios]}, ensure_ascii=False, indent=1
    ).encode()  # fmt: skip


def clock_of(minute: float) -> str:
    """``HH:MM``, beyond 24 after midnight."""
    return f"{int(minute) // 60:02}:{int(minute) % 60:02}"


def check_elements(scenario: DayScenario, known: Elements, where: str) -> None:
    """:raises BadFile: a line, gate, way or node that is not there, with some that are."""
    rows: list[Happening | Measure] = [*scenario.happenings, *scenario.measures]
    for row in rows:
        allowed = known.of(row.kind)
        for field, code in (("element", row.element), ("other", getattr(row, "other", ""))):
            pool = known.others_of(row.kind) if field == "other" else allowed
            if code and pool and code not in pool:
                some = ", ".join([*pool][:20]) + (", …" if len(pool) > 20 else "")
                raise BadFile(f"{where}, {row.kind.value}, {field}: {code!r}; allowed: {some}")


def _happening(row: Any, where: str) -> Happening:
    row = _object(row, where, {"kind", "element", "value", "from", "to"})
    kind = _kind(row, Befalls, where)
    begin, end = _times(row, where)
    element = _text(row, "element", where)
    if bool(element) != (kind not in OF_ALL):
        raise BadFile(f"{where}, element: {element!r}; allowed with {kind.value}: {_element_of(kind)}")
    return Happening(kind, element, _value(row, kind, where), begin, end)


def _measure(row: Any, where: str) -> Measure:
    row = _object(row, where, {"kind", "element", "value", "from", "to", "other", "capacity_p", "unit"})
    kind = _kind(row, Does, where)
    begin, end = _times(row, where)
    element, other = _text(row, "element", where), _text(row, "other", where)
    if kind is not Does.RELEASE and bool(element) != (kind is not Does.ADVICE):
        raise BadFile(f"{where}, element: {element!r}; allowed with {kind.value}: {_element_of(kind)}")
    if bool(other) != (kind in WITH_OTHER):
        a_node = "another gate" if kind is Does.REDIRECT else "a node"
        raise BadFile(f"{where}, other: {other!r}; allowed with {kind.value}: {a_node if not other else 'none'}")
    if other and other == element:
        raise BadFile(f"{where}, other: {other!r}; allowed: another one than {element!r}")
    capacity = row.get("capacity_p", 0)
    most = MOST_CAPACITY_P if kind is Does.SHUTTLE else 0
    if not isinstance(capacity, int) or not (1 if most else 0) <= capacity <= most:
        raise BadFile(f"{where}, capacity_p: {capacity!r}; allowed: {f'1 … {most}' if most else 'none'}")
    return Measure(kind, element, _value(row, kind, where), begin, end, other, capacity, _text(row, "unit", where))


def _element_of(kind: Befalls | Does) -> str:
    if kind in (*OF_ALL, Does.ADVICE):
        return "none"
    return {
        Befalls.LINE_CLOSED: "a line", Befalls.SERVICE_LATE: "a line", Does.HEADWAY: "a line",
        Befalls.GATE_LOST: "a gate", Does.LANES: "a gate", Does.ONE_WAY: "a way", Does.WAY_CLOSED: "a way",
        Does.REDIRECT: "a gate",
    }.get(kind, "a node")  # fmt: skip


def _object(row: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise BadFile(f"{where}: {str(row)[:80]!r}; allowed: an object")
    if unknown := sorted({*row} - known):
        raise BadFile(f"{where}: {unknown[0]!r}; allowed: {', '.join(sorted(known))}")
    return row


def _rows(row: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = row.get(name, [])
    if not isinstance(found, list):
        raise BadFile(f"{where}, {name}: {str(found)[:80]!r}; allowed: a list")
    return found


def _words(given: Any, where: str) -> dict[str, str]:
    if (
        not isinstance(given, dict)
        or not all(isinstance(one, str) for one in given.values())
        or {*given} - {"en", "zh"}
    ):
        raise BadFile(f'{where}: {str(given)[:80]!r}; allowed: {{"en": …, "zh": …}}')
    return dict(given)


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or len(value) > 255:
        raise BadFile(f"{where}, {name}: {str(value)[:80]!r}; allowed: a text of at most 255 characters")
    return value


def _kind(row: Mapping[str, Any], kinds: type[Kind], where: str) -> Kind:
    try:
        return kinds(str(row.get("kind")))
    except ValueError:
        allowed = ", ".join(one.value for one in kinds)
        raise BadFile(f"{where}, kind: {row.get('kind')!r}; allowed: {allowed}") from None


def _value(row: Mapping[str, Any], kind: Befalls | Does, where: str) -> float:
    value = row.get("value", 0.0)
    low, high = ALLOWED.get(kind, (0.0, 0.0))
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise BadFile(
            f"{where}, value: {value!r}; allowed with {kind.value}: {f'{low:g} … {high:g}' if high else 'none'}"
        )
    return float(value)


def _times(row: Mapping[str, Any], where: str) -> tuple[float, float]:
    begin, end = (
        _minute(row.get(name, clock_of(usual)), f"{where}, {name}")
        for name, usual in (("from", DAY_BEGIN_MIN), ("to", DAY_END_MIN))
    )
    if not begin < end:
        raise BadFile(f"{where}, to: {row.get('to')!r}; allowed: after {clock_of(begin)}")
    return begin, end


def _minute(text: Any, where: str) -> float:
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise BadFile(f"{where}: {text!r}; allowed: HH:MM, up to 29:59 for what is after midnight")
    return float(int(found[1]) * 60 + int(found[2]))
