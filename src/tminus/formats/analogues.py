"""Figures of earlier events as a table, each with its source: what a first-time event's forecast begins with."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, log
from pathlib import Path
from typing import NamedTuple

from tminus.engines.forecast.attendance import ASSUMED, Analogue
from tminus.formats.book_row import text_of
from tminus.formats.book_writer import table_csv
from tminus.formats.headed_table import Fields, HeadedTable
from tminus.formats.problems import BadValue
from tminus.formats.values import Cell

FILE = "analogues.csv"

COLUMNS: dict[str, tuple[str, ...]] = {
    "event": ("Event", "活动", "Name", "名称"),
    "what": ("What", "指标", "Figure", "Measure"),
    "value": ("Value", "数值"),
    "source": ("Source", "来源"),
    "note": ("Note", "备注", "Notes", "说明"),
}
"""Field → headings it is recognised by; the first is what we write, the second its Chinese."""

FIGURES: dict[str, str] = {
    "level_ratio": "visits over the organiser's expectation",
    "daily_visits": "visits of an average day, persons",
    "weekend": "a weekend day over a workday",
    "holiday": "an official holiday over a workday",
    "make_up": "a make-up workday over a workday",
    "ramp": "first days of a long event over its mean",
    "rush": "last days of a long event over its mean",
    "opening_day": "opening day over the days after it",
    "last_day": "last day over the days before it",
    "show": "visits a registration, walk-ins included",
    "pickup_half_days": "days before the visit at which half have registered",
    "late_pickup": "how much faster the last registrations came than the pace before",
    "rain_mm": "factor a millimetre of rain",
}
"""What → what its value is; anything else is a policy of that name, the factor it had on a day."""


class AnalogueRow(NamedTuple):
    """A row as it stands in the table."""

    event: str
    what: str
    value: float
    source: str
    note: str = ""


def read_rows(path: Path, content: bytes | None = None) -> list[AnalogueRow]:
    """The rows of a table, notes too.

    :raises BadFile: as :func:`read_analogues`.
    """
    table = HeadedTable(path, COLUMNS, ("event", "what", "value", "source"), content)
    found = []
    for number, cells in table.rows():
        one = _analogue(table, number, cells)
        note = table.take(number, cells, "note", text_of, "")
        if one is not None:
            found.append(AnalogueRow(one.event, one.what, _positive(cells["value"]), one.source, note))
    table.done()
    return found


def analogues_csv(rows: Iterable[AnalogueRow]) -> bytes:
    """The table as it is read."""
    heads = [names[0] for names in COLUMNS.values()]
    return table_csv(heads, [[one.event, one.what, f"{one.value:.12g}", one.source, one.note] for one in rows])


def read_analogues(path: Path, content: bytes | None = None) -> tuple[Analogue, ...]:
    """Figures out of a table (xlsx, xls, ods, csv); values are factors or counts, kept as logarithms.

    :raises BadFile: not such a table; :class:`Rejected`: values that cannot be taken, every one named.
    """
    table = HeadedTable(path, COLUMNS, ("event", "what", "value", "source"), content)
    found = [one for number, cells in table.rows() if (one := _analogue(table, number, cells))]
    table.done()
    return tuple(found)


def _analogue(table: HeadedTable, number: int, cells: Fields) -> Analogue | None:
    event, what, source = (table.need(number, cells, code, text_of, "") for code in ("event", "what", "source"))
    value = table.need(number, cells, "value", _positive, 0.0)
    return Analogue(event, what, log(value), source) if event and what and source and value else None


def _positive(value: Cell) -> float:
    try:
        number = float(str(value).replace(",", ""))
    except ValueError:
        number = 0.0
    if not number > 0 or not isfinite(number):
        raise BadValue("a number above 0")
    return number


def is_known(what: str) -> bool:
    """Whether the model has an assumption of this name; others are policies."""
    return what in ASSUMED or what in FIGURES
