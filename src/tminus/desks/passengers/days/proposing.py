"""What to do about a day, by the engines or by the rule of a duty officer; walked before it is told."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import gettext_noop

from tminus.desks.passengers.days.computing import PREPARED, WHOLE, Asked, Told, computed, prepared
from tminus.desks.passengers.days.kept_scenarios import proposed_names
from tminus.desks.passengers.publishing.unit_proposals import UnitProposals
from tminus.formats.event_folder.day_scenarios import DayScenario, Measure
from tminus.platform.models import Event
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.recommendation import greedy, recommend

PLANNED = 70
"""Per cent done when the plan stands; its last walk is the rest."""
EACH = 6
"""Per cent for every day walked while a plan is sought; how many it takes is not known before."""
SAYS = {
    "nothing": gettext_noop("walking the day with nothing done"),
    "greedy": gettext_noop("walking the day by the duty officer's rule"),
    "gates": gettext_noop("trying lanes at the gates, day %(n)s"),
    "headways": gettext_noop("trying more trains, day %(n)s"),
    "shuttles": gettext_noop("trying shuttle buses, day %(n)s"),
    "advice": gettext_noop("trying advice to the people, day %(n)s"),
    "release": gettext_noop("trying to let people out of the halls slower, day %(n)s"),
    "inflow": gettext_noop("trying to let fewer into stations, day %(n)s"),
    "one_way": gettext_noop("trying ways walked one way, day %(n)s"),
    "whole": gettext_noop("walking the whole plan on further days, day %(n)s"),
}
"""Kind of part being tried → the sentence said of it."""


def proposed(event: Event, scenario: DayScenario, how: str, asked: Asked, told: Told) -> dict[str, Any]:
    """``measures`` and ``walk`` as ``passengers.day.keep_proposal`` takes them.

    :raises BadFile: files no day can be forecast from, or a scenario that cannot be walked.
    """
    ready = prepared(event, asked, told)
    told(PREPARED, WHOLE, gettext_noop("a plan is sought"))
    sought, parts = _sought(ready.day, scenario, how, told)
    measures = UnitProposals(event, scenario.day).with_units(sought)
    with_them = replace(scenario, name=proposed_names(scenario.name, how), measures=measures)
    walk = computed(event, with_them, asked, _later(told))
    walk["figures"]["parts"] = parts
    return {"measures": walk["measures"], "walk": {**walk, "key": scenario.id}}


def _sought(
    day: PreparedDay, scenario: DayScenario, how: str, told: Told
) -> tuple[tuple[Measure, ...], list[dict[str, Any]]]:
    if how == "greedy":
        return greedy(day, scenario), []

    def trying(kind: str, walks: int) -> None:
        told(min(PREPARED + EACH * walks, PLANNED), WHOLE, SAYS.get(kind, SAYS["nothing"]), n=f"{walks + 1}")

    found = recommend(day, scenario, on_progress=trying)
    return found.measures, [asdict(part) for part in found.parts]


def _later(told: Told) -> Told:
    """The last walk, from where the plan stands on."""

    def tell(done: int, total: int, doing: str = "", **values: str) -> None:
        told(PLANNED + (WHOLE - PLANNED) * done // total, total, doing, **values)

    return tell
