"""What whoever publishes should know first: who stands in, what is old, what is worse than what stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tminus.desks.passengers.forecast_words import FILE_WORDS
from tminus.desks.passengers.forecasting.kept_folder import inputs_of
from tminus.desks.passengers.models import DayWalk
from tminus.desks.passengers.publishing.beside import nothing_done
from tminus.desks.passengers.publishing.plan import Fate, Plan, Step, published
from tminus.desks.passengers.publishing.times import Late
from tminus.platform.registry import Context

COMPARED = {"mean_wait_s": 60.0, "person_minutes_e_f": 1.0}
"""Figures a plan is judged by, and what they are divided by to be told."""
OF_NOTE = 0.01
"""A figure is worse where it is more than a hundredth worse; walks of the same measures differ by less."""


def warnings_of(ctx: Context, plan: Plan) -> list[str]:
    """Sentences, the gravest first; nothing of it hinders publishing."""
    return [*_worse(ctx, plan), *_aged(ctx, plan.walk), *_unnamed(plan), *_carried(plan), *_short(plan)]


def _worse(ctx: Context, plan: Plan) -> Iterator[str]:
    """Than what is published, and than doing nothing."""
    stands = next((row.walk for row in published(ctx, plan.day)), None)
    if stands is not None and stands.pk != plan.walk.pk:
        if stands.happenings == plan.walk.happenings:
            yield from _told(plan.walk, stands, {
                "mean_wait_s": _("people would wait %(own).1f min on average instead of %(other).1f min as published"),
                "person_minutes_e_f": _("%(own).0f person-minutes in the crush instead of %(other).0f as published"),
            })  # fmt: skip
        else:
            yield _("what is published was walked for other happenings; the figures cannot be compared")
    nothing = nothing_done(plan.walk)
    if nothing is not None:
        yield from _told(plan.walk, nothing, {
            "mean_wait_s": _("people would wait %(own).1f min on average; with nothing done %(other).1f min"),
            "person_minutes_e_f": _("%(own).0f person-minutes in the crush; with nothing done %(other).0f"),
        })  # fmt: skip


def _told(own: DayWalk, other: DayWalk, words: dict[str, str]) -> Iterator[str]:
    """The figures in which ``own`` is worse."""
    for name, unit in COMPARED.items():
        here, there = own.figures.get("row", {}).get(name), other.figures.get("row", {}).get(name)
        if here is not None and there is not None and here > there * (1 + OF_NOTE):
            yield words[name] % {"own": here / unit, "other": there / unit}


def _aged(ctx: Context, walk: DayWalk) -> Iterator[str]:
    if walk.edited_since:
        yield _("the scenario was edited after it was walked; what was walked is published")
    names = sorted(name for name, digest in inputs_of(ctx.the_event).items() if walk.inputs.get(name) != digest)
    if names:
        files = ", ".join(str(FILE_WORDS.get(name.split(".")[0], name)) for name in names)
        yield _("it was walked with older files than those that count now: %(files)s") % {"files": files}


def _unnamed(plan: Plan) -> Iterator[str]:
    """Units nobody has named: those proposed, and measures for which there is none to propose."""
    rows = [step for step in plan.steps if step.unnamed]
    for unit in dict.fromkeys(step.carrier.unit for step in rows if step.carrier):
        some = [step for step in rows if step.carrier and step.carrier.unit == unit]
        said = {"places": _places(some)}
        if unit is None:
            yield _("no unit carries out measure %(places)s: name one, else it is not published") % said
        else:
            yield _("the scenario names no unit for measure %(places)s: %(unit)s is proposed") % {
                **said, "unit": unit.name
            }  # fmt: skip


def _carried(plan: Plan) -> Iterator[str]:
    steps = [step for step in plan.of(Fate.NEW, Fate.CHANGED) if step.carrier and step.carrier.stands_in]
    for unit in dict.fromkeys(step.carrier.unit for step in steps if step.carrier and step.carrier.unit):
        some = [step for step in steps if step.carrier and step.carrier.unit == unit]
        yield _("nobody heads %(unit)s (measure %(places)s): %(holder)s above it would answer for it") % {
            "unit": unit.name if unit else "",
            "places": _places(some),
            "holder": some[0].carrier.holder.name if some[0].carrier else "",
        }


def _places(steps: list[Step]) -> str:
    return ", ".join(str(n + 1) for n in sorted(step.place or 0 for step in steps))


def _short(plan: Plan) -> Iterator[str]:
    counted: list[tuple[list[Step], Any]] = [
        (
            [step for step in plan.of(Fate.NEW, Fate.CHANGED) if step.late is Late.LEAD],
            lambda n: ngettext(
                "%(n)d measure begins before the lead is over: its duty is due when it begins",
                "%(n)d measures begin before the lead is over: their duties are due when they begin", n,
            ),
        ),
        (
            [step for step in plan.of(Fate.NEW, Fate.CHANGED) if step.late is Late.BEGUN],
            lambda n: ngettext(
                "%(n)d measure should have begun already", "%(n)d measures should have begun already", n
            ),
        ),
        (
            plan.of(Fate.OVER),
            lambda n: ngettext(
                "%(n)d measure would be over by now: nobody is given it",
                "%(n)d measures would be over by now: nobody is given them", n,
            ),
        ),
    ]  # fmt: skip
    for steps, words in counted:
        if steps:
            yield words(len(steps)) % {"n": len(steps)}
