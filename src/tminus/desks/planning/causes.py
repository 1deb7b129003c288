"""Causes of risk between the database and the engine: kept as the rows of a drivers file have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tminus.desks.planning.models import RiskCause, Task
from tminus.engines.schedule.risk import Branch, Cause, Hits
from tminus.formats.drivers_file import causes_of as causes_of_rows
from tminus.formats.drivers_file import rows_of
from tminus.formats.event_folder import FolderCause
from tminus.platform.models import Event, Unit


def causes_of(event: Event) -> list[Cause]:
    """The active causes; one that names a unit hits what stands under it too, tasks that are gone it hits no more."""
    found = []
    under, keys = _subtrees(event), keys_of(event)
    for row in RiskCause.objects.filter(event=event, active=True):
        cause = standing(cause_of(row.code, row.definition, row.name_en, row.name_zh), keys)
        if cause is None:
            continue
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


def keys_of(event: Event) -> set[str]:
    return set(Task.objects.filter(event=event).values_list("key", flat=True))


def standing(cause: Cause, keys: set[str]) -> Cause | None:
    """The cause without tasks that are not among ``keys`` any more; ``None`` when it named nothing else."""
    if isinstance(cause, Branch):
        return replace(cause, alternatives=tuple((chance, ids & keys) for chance, ids in cause.alternatives))
    left = replace(cause.hits, ids=cause.hits.ids & keys)
    return None if cause.hits.ids and left == Hits() else replace(cause, hits=left)


def definition_of(cause: Cause) -> list[dict[str, Any]]:
    """A cause as :class:`RiskCause` keeps it; the other way round of :func:`cause_of`."""
    return [{name: row[name] for name in row if name not in ("id", "name", "name_zh")} for row in rows_of([cause])]


def keep_causes(event: Event, given: Iterable[FolderCause], units: Mapping[str, Unit]) -> None:
    """The causes of an event folder into an event that has none."""
    RiskCause.objects.bulk_create(
        RiskCause(
            event=event,
            code=one.cause.id,
            name_en=one.cause.name or one.cause.id,
            name_zh=one.cause.name_zh,
            definition=definition_of(one.cause),
            active=one.active,
            unit=units.get(one.watched_by),
        )
        for one in given
    )


def _subtrees(event: Event) -> dict[str, list[str]]:
    """Of each unit the codes of itself and all under it."""
    units = list(Unit.objects.filter(event=event).values_list("code", "path"))
    found: dict[str, list[str]] = {}
    for code, path in units:
        for above in path.strip("/").split("/"):
            found.setdefault(above, []).append(code)
    return found
