"""Rows of the form of a scenario: read from its fields, laid out kind by kind, errors at their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.desks.passengers.measure_words import BEFALLS, DOES
from tminus.formats.event_folder.day_scenarios import ALLOWED, DAY_BEGIN_MIN, DAY_END_MIN, Befalls, Does, clock_of

PARTS = {"h": "happenings", "m": "measures"}
"""How the fields of a part begin, and what the act calls it."""
TIMES = {"from": clock_of(DAY_BEGIN_MIN), "to": clock_of(DAY_END_MIN)}
FRONT = {Befalls.VISITORS: "visitors", Befalls.RAIN: "rain"}
"""What befalls the whole day has a field of its own."""
_FIELD = re.compile(r"(?P<part>[hm])-(?P<number>\d{1,4})-(?P<name>\w+)")


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a kind's rows; ``choices``: key of what it is chosen from, ``often``: too many for a list."""

    name: str
    label: Promise
    choices: str = ""
    often: bool = False
    number: bool = False


def _value(label: Promise) -> Column:
    return Column("value", label, number=True)


GATE = Column("element", gettext_lazy("Gate"), "gates")
SENT_FROM = Column("element", gettext_lazy("Gate"), "gate_names")
LINE = Column("element", gettext_lazy("Line of vehicles"), "lines")
WAY = Column("element", gettext_lazy("Way"), "ways", often=True)
UNIT = Column("unit", gettext_lazy("Carried out by"), "units")
FROM, TO = Column("from", gettext_lazy("From")), Column("to", gettext_lazy("Until"))

COLUMNS: Mapping[Befalls | Does, tuple[Column, ...]] = {
    Befalls.VISITORS: (_value(gettext_lazy("% more or fewer")), FROM, TO),
    Befalls.RAIN: (_value(gettext_lazy("mm an hour")), FROM, TO),
    Befalls.LINE_CLOSED: (LINE, FROM, TO),
    Befalls.GATE_LOST: (GATE, _value(gettext_lazy("% of its lanes")), FROM, TO),
    Befalls.SERVICE_LATE: (LINE, _value(gettext_lazy("Minutes late")), FROM, TO),
    Befalls.STAY: (_value(gettext_lazy("% stay for the show")), FROM, Column("to", gettext_lazy("The show ends"))),
    Does.LANES: (GATE, _value(gettext_lazy("Lanes open")), FROM, TO, UNIT),
    Does.REDIRECT: (
        SENT_FROM, Column("other", gettext_lazy("Sent to"), "gate_names"), _value(gettext_lazy("% of the people")),
        FROM, TO, UNIT,
    ),
    Does.ONE_WAY: (WAY, Column("other", gettext_lazy("Towards"), "nodes", often=True), FROM, TO, UNIT),
    Does.WAY_CLOSED: (WAY, FROM, TO, UNIT),
    Does.HEADWAY: (LINE, _value(gettext_lazy("One every, seconds")), FROM, TO, UNIT),
    Does.SHUTTLE: (
        Column("element", gettext_lazy("From place"), "nodes", often=True),
        Column("other", gettext_lazy("To place and back"), "nodes", often=True),
        _value(gettext_lazy("A bus every, seconds")), Column("capacity_p", gettext_lazy("Persons a bus"), number=True),
        FROM, TO, UNIT,
    ),
    Does.INFLOW: (
        Column("element", gettext_lazy("Station"), "stations", often=True), _value(gettext_lazy("Persons a minute")),
        FROM, TO, UNIT,
    ),
    Does.RELEASE: (
        Column("element", gettext_lazy("Hall, or empty: every hall"), "nodes", often=True),
        _value(gettext_lazy("Persons a minute")), FROM, TO, UNIT,
    ),
    Does.ADVICE: (_value(gettext_lazy("% of the people")), FROM, TO, UNIT),
}  # fmt: skip
"""Kind → the fields its rows have, in their order."""
BEGIN: Mapping[Befalls | Does, Mapping[str, str]] = {
    Befalls.GATE_LOST: {"value": "50"}, Befalls.SERVICE_LATE: {"value": "10"}, Does.SHUTTLE: {"capacity_p": "80"},
}  # fmt: skip
"""What a new row begins with."""


@dataclass(slots=True)
class Row:
    """One row as typed; ``number`` tells its fields apart and never changes, ``errors`` stand at fields by name."""

    part: str
    number: int
    kind: Befalls | Does
    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS[self.kind]

    def cells(self, choices: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        """Its fields for the page."""
        return [
            {
                "name": f"{self.part}-{self.number}-{one.name}", "column": one, "value": self.typed.get(one.name, ""),
                "error": self.errors.get(one.name, ""), "list": f"list-{one.choices}" if one.often else "",
                "choices": [] if one.often else _options(choices.get(one.choices, ()), self.typed.get(one.name, "")),
                "called": _called(choices.get(one.choices, ()), self.typed.get(one.name, "")) if one.often else "",
            }
            for one in self.columns
        ]  # fmt: skip

    def as_args(self) -> dict[str, Any]:
        """As the act takes it; a number that is none is an error at its field."""
        found: dict[str, Any] = {"kind": self.kind.value}
        for one in self.columns:
            text = self.typed.get(one.name, "").strip()
            if one.number:
                found[one.name] = self._number(one.name, text)
            elif text:
                found[one.name] = text
        return found

    def _number(self, name: str, text: str) -> float | int:
        try:
            value = float(text.replace(",", ".").replace("−", "-"))
        except ValueError:
            self.errors[name] = _("a number")
            return 0
        return round(value) if name == "capacity_p" else value

    @property
    def most(self) -> tuple[float, float] | None:
        return ALLOWED.get(self.kind)


def _options(choices: Sequence[Mapping[str, Any]], value: str) -> list[Mapping[str, Any]]:
    """What can be chosen; what is chosen stays there although it is not known."""
    known = any(one["id"] == value for one in choices)
    return [*choices, *([] if known or not value else [{"id": value, "name": value}])]


def _called(choices: Sequence[Mapping[str, Any]], value: str) -> str:
    return next((one["name"] for one in choices if one["id"] == value and one["name"] != value), "")


def rows_typed(given: Mapping[str, str]) -> list[Row]:
    """Rows of a form that was sent, in the order they stand; a kind nobody knows is left out."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for name, text in given.items():
        if one := _FIELD.fullmatch(name):
            found.setdefault((one["part"], int(one["number"])), {})[one["name"]] = text
    rows = []
    for (part, number), typed in sorted(found.items()):
        if (kind := kind_of(part, typed.pop("kind", ""))) is not None:
            rows.append(Row(part, number, kind, typed))
    return rows


def rows_kept(happenings: Sequence[Mapping[str, Any]], measures: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows of a scenario as it is kept."""
    rows = []
    for part, kept in (("h", happenings), ("m", measures)):
        for number, one in enumerate(kept):
            kind = kind_of(part, one["kind"])
            assert kind is not None  # noqa: S101 - it was checked when it was kept
            rows.append(Row(part, number, kind, _typed(one)))
    return rows


def _typed(kept: Mapping[str, Any]) -> dict[str, str]:
    said = {name: f"{value:.12g}" if isinstance(value, int | float) else str(value) for name, value in kept.items()}
    return {**TIMES, "value": "0", **said}


def kind_of(part: str, text: str) -> Befalls | Does | None:
    """The kind of a part's row by its name."""
    kinds: type[Befalls] | type[Does] = Befalls if part == "h" else Does
    return next((one for one in kinds if one.value == text), None)


def new_row(rows: Sequence[Row], part: str, kind: Befalls | Does) -> Row:
    """One more, with a number none of the part has had."""
    number = max((one.number for one in rows if one.part == part), default=-1) + 1
    return Row(part, number, kind, {**TIMES, **BEGIN.get(kind, {})})


def grouped(rows: Sequence[Row], part: str, choices: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Rows of a part kind by kind, each kind a table of its own columns."""
    words: Mapping[Any, Any] = BEFALLS if part == "h" else DOES
    found = []
    for kind in Befalls if part == "h" else Does:
        own = [{"row": one, "cells": one.cells(choices)} for one in rows if one.part == part and one.kind is kind]
        if own:
            found.append({"kind": kind.value, "word": words[kind], "columns": COLUMNS[kind], "rows": own})
    return found


def adders(part: str) -> list[dict[str, Any]]:
    """Kinds of rows that can be added."""
    words: Mapping[Any, Any] = BEFALLS if part == "h" else DOES
    kinds = [one for one in (Befalls if part == "h" else Does) if one is not Befalls.VISITORS]
    return [{"do": f"add-{part}-{kind.value}", "word": words[kind]} for kind in kinds]
