"""Walks a plan is told beside: nothing done, what a duty officer would do by rule, what is published."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tminus.desks.passengers.models import DayWalk, Origin, PublishedMeasure


def beside(walk: DayWalk) -> dict[str, DayWalk]:
    """By what they are called, nothing done first; only walks of the same day and happenings, by the same people."""
    latest = _same(walk)
    found = {
        _("Nothing done"): nothing_done(walk),
        _("By rule"): next((one for one in latest if one.scenario.origin == Origin.GREEDY), None),
        _("As published"): _published(walk, latest),
    }
    return {word: one for word, one in found.items() if one is not None and one.measures != walk.measures}


def nothing_done(walk: DayWalk) -> DayWalk | None:
    """The latest walk of the same day without measures; none of a walk that has none itself."""
    return next((one for one in _same(walk) if not one.measures), None) if walk.measures else None


def _same(walk: DayWalk) -> list[DayWalk]:
    """Others of the same day, happenings and people, the latest first."""
    same = DayWalk.objects.filter(scenario__event=walk.scenario.event_id, scenario__day=walk.scenario.day)
    same = same.filter(seed=walk.seed, sample=walk.sample, as_of=walk.as_of).exclude(pk=walk.pk)
    return [one for one in same.select_related("scenario").order_by("-id") if one.happenings == walk.happenings]


def _published(walk: DayWalk, latest: list[DayWalk]) -> DayWalk | None:
    stands = PublishedMeasure.objects.filter(
        event=walk.scenario.event_id, day=walk.scenario.day, withdrawn_at=None
    ).values_list("walk_id", flat=True)
    return next((one for one in latest if one.pk in {*stands}), None)
