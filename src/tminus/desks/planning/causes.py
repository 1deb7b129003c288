"""Causes of risk between the database and the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tminus.desks.planning.models import RiskCause
from tminus.engines.schedule import Estimate, EstimateKind, PlanError
from tminus.engines.schedule.risk import Branch, Cause, Hits, RiskDriver, WeatherCalendar
from tminus.platform.models import Event, Unit

NAMED = ("ids", "units", "areas", "phases", "places", "calendars")


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


def cause_of(code: str, definition: dict[str, Any], name: str = "", name_zh: str = "") -> Cause:
    """A cause from its JSON form: ``kind`` driver, weather or branch, then the fields of that kind.

    :raises PlanError: a field that is missing or cannot be taken.
    """
    try:
        match definition["kind"]:
            case "driver":
                impact = Estimate(EstimateKind(definition["impact"]["kind"]), _numbers(definition["impact"]["values"]))
                return RiskDriver(
                    code,
                    impact,
                    probability=float(definition["probability"]),
                    days=bool(definition.get("days", False)),
                    hits=_hits(definition),
                    name=name,
                    name_zh=name_zh,
                )
            case "weather":
                return WeatherCalendar(
                    code, lost=_numbers(definition["lost"]), hits=_hits(definition), name=name, name_zh=name_zh
                )
            case "branch":
                alternatives = tuple((float(p), frozenset(map(str, ids))) for p, ids in definition["alternatives"])
                return Branch(code, alternatives, name=name, name_zh=name_zh)
            case other:
                raise PlanError(f"cause {code!r}: kind {other!r}; allowed: driver, weather, branch")
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, PlanError):
            raise
        raise PlanError(f"cause {code!r}: {error}; allowed: the fields of docs/reference/drivers.md") from error


def _numbers(values: Iterable[Any]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _hits(definition: dict[str, Any]) -> Hits:
    given = definition.get("hits", {})
    return Hits(**{name: frozenset(map(str, given[name])) for name in NAMED if given.get(name)})


def _subtrees(event: Event) -> dict[str, list[str]]:
    """Of each unit the codes of itself and all under it."""
    units = list(Unit.objects.filter(event=event).values_list("code", "path"))
    found: dict[str, list[str]] = {}
    for code, path in units:
        for above in path.strip("/").split("/"):
            found.setdefault(above, []).append(code)
    return found
