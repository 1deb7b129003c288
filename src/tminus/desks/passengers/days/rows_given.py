"""Happenings and measures as forms, the API and the command line give them, checked row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from tminus.desks.passengers.days.what_may_be_named import Named
from tminus.formats.event_folder.day_scenarios import (
    ALLOWED,
    MOST_CAPACITY_P,
    Befalls,
    DayScenario,
    Does,
    Happening,
    Measure,
    row_json,
    scenario_of,
)
from tminus.formats.problems import BadFile
from tminus.platform.registry import BadInput

_WHERE = re.compile(r", (?P<part>happening|measure) (?P<row>\d+), (?P<field>\w+): (?P<why>.*)", re.DOTALL)
FIELDS = ("kind", "element", "value", "from", "to", "other", "capacity_p", "unit")


class HappeningArgs(BaseModel):
    """What befalls: ``kind``, the ID of the ``element`` it befalls, ``value``, and ``from`` and ``to`` as HH:MM."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    kind: Befalls
    element: str = Field(default="", max_length=255)
    value: float = 0
    from_: str = Field(default="05:00", alias="from")
    to: str = "29:00"


class MeasureArgs(HappeningArgs):
    """What is done; ``other``: towards, to or instead of which node; ``unit``: the code of who carries it out."""

    kind: Does  # type: ignore[assignment]
    other: str = Field(default="", max_length=255)
    capacity_p: int = 0
    unit: str = Field(default="", max_length=255)


def checked_rows(
    key: str, day: date, happenings: Sequence[HappeningArgs], measures: Sequence[MeasureArgs], known: Named
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Both as they are kept.

    :raises BadInput: a row that cannot be taken; its field is ``measures.2.value``, the third row's value.
    """
    given = {
        "id": key, "day": f"{day}",
        "happenings": [one.model_dump(by_alias=True, mode="json") for one in happenings],
        "measures": [one.model_dump(by_alias=True, mode="json") for one in measures],
    }  # fmt: skip
    try:
        found = scenario_of(given, "")
    except BadFile as error:
        raise _blamed(str(error), given) from error
    check_named(found, known)
    return [row_json(one) for one in found.happenings], [row_json(one) for one in found.measures]


def _blamed(message: str, given: dict[str, Any]) -> BadInput:
    """The error of the format at its field, in the reader's language."""
    found = _WHERE.fullmatch(message)
    if found is None:
        return BadInput(message)
    part, number, field = f"{found['part']}s", int(found["row"]) - 1, found["field"]
    row = given[part][number]
    return BadInput(_allowed(field, row) or found["why"], field=f"{part}.{number}.{field}", value=row.get(field))


def _allowed(field: str, row: dict[str, Any]) -> str:
    """What the field may hold, in words."""
    kind = next(one for kinds in (Befalls, Does) for one in kinds if one.value == row["kind"])
    if field == "value":
        low, high = ALLOWED.get(kind, (0, 0))
        return _("allowed: %(low)s … %(high)s") % {"low": f"{low:g}", "high": f"{high:g}"} if high else ""
    if field == "capacity_p":
        return _("allowed: 1 … %(most)d persons") % {"most": MOST_CAPACITY_P}
    if field == "from" or (field == "to" and not re.fullmatch(r"[0-2]\d:[0-5]\d", row["to"])):
        return _("a time as HH:MM; after midnight 24:00 … 29:00")
    return {
        "to": _("must be later than it begins"),
        "element": _("choose what it concerns") if not row["element"] else "",
        "other": _("choose another place"),
    }.get(field, "")


def check_named(scenario: DayScenario, known: Named) -> None:
    """:raises BadInput: a line, gate, way, place or unit the event has not."""
    for number, one in enumerate(scenario.happenings):
        _check_element(one, known, f"happenings.{number}")
    for number, row in enumerate(scenario.measures):
        _check_element(row, known, f"measures.{number}")
        if row.other and row.other not in known.elements.others_of(row.kind):
            raise _unknown(row.other, f"measures.{number}.other")
        if row.kind is Does.ONE_WAY and row.other not in known.names.ways.get(row.element, ()):
            raise BadInput(_("choose one of the two ends of the way"), field=f"measures.{number}.other")
        if row.unit and row.unit not in known.units:
            raise BadInput(_("no unit %(code)s") % {"code": row.unit}, field=f"measures.{number}.unit", value=row.unit)


def _check_element(row: Happening | Measure, known: Named, where: str) -> None:
    if row.element and row.element not in known.elements.of(row.kind):
        raise _unknown(row.element, f"{where}.element")


def _unknown(code: str, where: str) -> BadInput:
    message = _("%(code)s is not known; allowed: one of the list") % {"code": code}
    return BadInput(message, field=where, value=code)
