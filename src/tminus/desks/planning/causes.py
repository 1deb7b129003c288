"""Causes of risk between the database and the engine: kept as the rows of a drivers file have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tminus.desks.planning.models import RiskCause
from tminus.engines.schedule.risk import Branch, Cause
from tminus.formats.drivers_file import causes_of as causes_of_rows
from tminus.platform.models import Event, Unit


def causes_of(event: Event) -> list[Cause]:
    """The active causes; one that names a unit hits what stands under it too."""
    found = []
    under = _subtrees(event)
    for row in RiskCause.objects.filter(event=event, active=True):
        cause = cause_of(row.code, row.definition, row.name_en, row.name_zh)
        if not isinstance(cause, Branch):
            units = frozenset(code for unit in cause.hits.units for code in under.get(unit, [unit]))
            cause = replace(cause, hits=replace(cause.hits, units=units))
        found.append(cause)
    return found


def cause_of(code: str, rows: Sequence[dict[str, Any]], name: str = "", name_zh: str = "") -> Cause:
    """One cause from its rows: one, or of a branch one for each alternative.

    :raises BadFile: values that cannot be taken, named by column. :raises PlanError: no such cause can be.
    """
    named = {"id": code, "name": name or code, "name_zh": name_zh}
    return causes_of_rows([(number, {**row, **named}) for number, row in enumerate(rows, start=1)], "cause")[0]


def _subtrees(event: Event) -> dict[str, list[str]]:
    """Of each unit the codes of itself and all under it."""
    units = list(Unit.objects.filter(event=event).values_list("code", "path"))
    found: dict[str, list[str]] = {}
    for code, path in units:
        for above in path.strip("/").split("/"):
            found.setdefault(above, []).append(code)
    return found
