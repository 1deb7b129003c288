"""What an event folder knows of attendance: its outlook, registrations, like events, days counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.attendance import Analogue, EventOutlook
from tminus.formats.analogues import FILE as ANALOGUES
from tminus.formats.analogues import read_analogues
from tminus.formats.day_figures import COUNTED_FILE, COUNTED_HERE, read_counted_visits
from tminus.formats.problems import BadFile, Problem, Rejected
from tminus.formats.registrations import FILE as REGISTRATIONS
from tminus.formats.registrations import RegistrationsFile, read_registrations

KEYS = ("expected_visits", "daily_level", "capacity", "choice_share", "country")


@dataclass(frozen=True, slots=True)
class FolderAttendance:
    """``outlook`` of ``event.json``; the other files where they are there."""

    outlook: EventOutlook
    registrations: RegistrationsFile | None = None
    analogues: tuple[Analogue, ...] = ()
    counted: Mapping[date, float] = field(default_factory=dict)


def read_folder_attendance(path: Path, event: Mapping[str, Any], registrations: Path | None = None) -> FolderAttendance:
    """:raises BadFile: a file or figure that cannot be taken.

    :param event: the checked ``event.json`` of the folder ``path``.
    :param registrations: a table elsewhere, instead of the folder's own.
    """
    registered = registrations or path / REGISTRATIONS
    return FolderAttendance(
        outlook_of(event),
        read_registrations(registered) if registrations or registered.exists() else None,
        read_analogues(path / ANALOGUES) if (path / ANALOGUES).exists() else (),
        counted_visits(path),
    )


def counted_visits(path: Path) -> dict[date, float]:
    """Visits of days counted: by the console's counters, and as handed in, which goes before.

    :raises BadFile: a file that cannot be taken.
    """
    files = (path / COUNTED_HERE, path / COUNTED_FILE)
    return {day: visits for file in files if file.exists() for day, visits in read_counted_visits(file).items()}


def outlook_of(event: Mapping[str, Any]) -> EventOutlook:
    """Opening, closing and the object ``attendance`` of ``event.json``.

    :raises BadFile: a key or figure that cannot be taken.
    """
    stated = event.get("attendance", {})
    if not isinstance(stated, dict):
        raise BadFile(f"event.json, attendance: {stated!r}; allowed: an object with {', '.join(KEYS)}")
    if unknown := [key for key in stated if key not in KEYS]:
        raise BadFile(f"event.json, attendance, {unknown[0]}: no such key; allowed: {', '.join(KEYS)}")
    opening, closing = date.fromisoformat(event["opening"]), date.fromisoformat(event["closing"])
    numbers = {
        key: _number(key, stated[key]) for key in ("expected_visits", "daily_level", "choice_share") if key in stated
    }
    try:
        return EventOutlook(
            opening,
            closing,
            country=str(stated.get("country", "")),
            capacity=_capacity(stated.get("capacity", {}), opening, closing),
            **numbers,
        )
    except ForecastError as error:
        raise BadFile(f"event.json, attendance: {error}") from error


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadFile(f"event.json, attendance, {key}: {value!r}; allowed: a number")
    return float(value)


def _capacity(stated: object, opening: date, closing: date) -> dict[date, float]:
    """One number for every day, or numbers by date."""
    days = [opening + timedelta(days=n) for n in range((closing - opening).days + 1)]
    if not isinstance(stated, dict):
        return dict.fromkeys(days, _number("capacity", stated))
    try:
        return {date.fromisoformat(str(day)): _number(f"capacity, {day}", most) for day, most in stated.items()}
    except ValueError as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(f"event.json, attendance, capacity: {stated!r}; allowed: a number, or date → number") from None


def attendance_problems(path: Path, event: Mapping[str, Any]) -> list[Problem]:
    """What of these files cannot be taken, for the check of a whole folder.

    :raises BadFile: a file as a whole, or a figure of ``event.json``.
    """
    outlook_of(event)
    readers: dict[str, Callable[[Path], object]] = {
        REGISTRATIONS: read_registrations, ANALOGUES: read_analogues, COUNTED_FILE: read_counted_visits,
        COUNTED_HERE: read_counted_visits,
    }  # fmt: skip
    problems: list[Problem] = []
    for name, read in readers.items():
        try:
            if (path / name).exists():
                read(path / name)
        except Rejected as error:
            problems += error.problems
    return problems
