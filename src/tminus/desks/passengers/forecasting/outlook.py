"""What is said of the event itself that forecasts rest on: visits expected, room of a day, visiting hours."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tminus.desks.passengers.forecasting.kept_folder import event_document
from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.calendars import calendar_days
from tminus.formats.event_folder.attendance import outlook_of
from tminus.formats.event_folder.site import visiting_hours
from tminus.formats.problems import BadFile
from tminus.platform.models import Event

FIGURES = ("expected_visits", "daily_level", "choice_share", "country")
HOURS = {"opens": "open", "closes": "close", "last_entry": "last_entry"}
"""Field → key of ``visiting_hours`` in ``event.json``."""


def outlook_said(event: Event) -> dict[str, Any]:
    """The outlook as a form has it: ``capacity`` of every day, and ``capacity_days`` of those that differ."""
    further = event.settings.get("further", {})
    stated, hours = further.get("attendance", {}), further.get("visiting_hours") or {}
    usual, days = _room(event, stated.get("capacity"))
    return {
        **{name: stated.get(name) for name in FIGURES},
        "capacity": usual,
        "capacity_days": days,
        **{field: hours.get(key) for field, key in HOURS.items()},
    }


def _room(event: Event, stated: object) -> tuple[float | None, dict[str, float]]:
    """The room most days have, where every day has one; and the days that differ from it."""
    if not isinstance(stated, Mapping):
        return (float(stated), {}) if isinstance(stated, int | float) else (None, {})
    every = {day.isoformat() for day in _days(event)} <= stated.keys()
    usual = float(Tally(stated.values()).most_common(1)[0][0]) if every and stated else None
    return usual, {day: float(most) for day, most in sorted(stated.items()) if most != usual}


def further_with(event: Event, said: Mapping[str, Any]) -> dict[str, Any]:
    """The event's further settings with the outlook of a form; what is empty is not known and left out.

    :raises BadFile: a figure, time or country that cannot be.
    """
    attendance = {name: said[name] for name in FIGURES if said.get(name) not in (None, "")}
    if room := _capacity(event, said.get("capacity"), said.get("capacity_days") or {}):
        attendance["capacity"] = room
    hours = {key: said[field] for field, key in HOURS.items() if said.get(field)}
    kept = {key: value for key, value in event.settings.get("further", {}).items() if key not in OURS}
    found = kept | ({"attendance": attendance} if attendance else {}) | ({"visiting_hours": hours} if hours else {})
    _check(event, found)
    return found


OURS = ("attendance", "visiting_hours")


def _capacity(event: Event, usual: float | None, days: Mapping[str, float]) -> float | dict[str, float] | None:
    if not days:
        return usual
    if usual is None:
        return dict(sorted(days.items()))
    return {day.isoformat(): usual for day in _days(event)} | dict(days)


def _check(event: Event, further: Mapping[str, Any]) -> None:
    document = {**event_document(event), **further}
    stated = outlook_of(document)
    opening, closing, last_entry = visiting_hours(document)
    if not opening < (last_entry or closing) <= closing:
        raise BadFile("visiting_hours: open, last entry, close; allowed: one after the other")
    try:
        calendar_days(stated.country, [event.opening, event.closing])
    except ForecastError as error:
        raise BadFile(f"country: {error}") from error


def _days(event: Event) -> list[date]:
    return [event.opening + timedelta(days=n) for n in range((event.closing - event.opening).days + 1)]
