"""Resources for a plan whose every date moves: from when until when there are more, fewer or none moves along."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tminus.engines.schedule.levelling import Mask, Resources, Supply


def moved_resources(resources: Resources, shift: timedelta) -> Resources:
    """Shifts and forbidden hours of weekdays, and days off in calendars of their own, stay where they are."""
    return replace(
        resources,
        supplies=tuple(_supply(one, shift) for one in resources.supplies),
        masks=tuple(_mask(one, shift) for one in resources.masks),
    )


def _supply(one: Supply, shift: timedelta) -> Supply:
    return replace(
        one,
        start=one.start + shift if one.start else None,
        until=one.until + shift if one.until else None,
        steps=tuple(replace(step, start=step.start + shift, until=step.until + shift) for step in one.steps),
    )


def _mask(one: Mask, shift: timedelta) -> Mask:
    return replace(one, start=one.start + shift if one.start else None, until=one.until + shift if one.until else None)
