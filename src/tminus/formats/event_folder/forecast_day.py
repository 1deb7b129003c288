"""A day of an event folder forecast: its site, what earlier days taught, its stations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.arrivals import (
    ArrivalParams,
    DailyAttendance,
    DayGrid,
    Site,
    SiteDay,
    StationDay,
    baseline_of,
    event_at_stations,
    expand,
    learn,
    over_baseline,
)
from tminus.engines.forecast.arrivals.expansion import day_grid
from tminus.engines.forecast.attendance import AttendanceForecast, AttendanceModel, EventOutlook
from tminus.formats.event_folder.attendance import outlook_of, read_folder_attendance
from tminus.formats.event_folder.folder import EventFolder, read_event
from tminus.formats.event_folder.history import between, read_history
from tminus.formats.event_folder.out_of_service import OutOfService, taken_out
from tminus.formats.event_folder.site import day_context, site_of
from tminus.formats.event_folder.timed_tickets import timed_registrations, with_earlier_tickets, with_tickets
from tminus.formats.event_folder.transit import with_transit
from tminus.formats.problems import BadFile


@dataclass(frozen=True, slots=True)
class DayForecast:
    """The site, and the stations where the site has origins; ``closed``: stations no train stops at."""

    site: SiteDay
    stations: StationDay | None
    closed: frozenset[str] = frozenset()


def attendance_forecast(path: Path, day: date, as_of: date, samples: int, seed: int) -> DailyAttendance:
    """Attendance of ``day`` from registrations, calendar, like events and the days counted until ``as_of``.

    :raises BadFile: the folder says nothing of attendance, or ``day`` is none of the event's.
    """
    days = _event_days(outlook_of(read_event(path)))
    if day not in days:
        raise BadFile(f"--day: {day}; allowed: a day of the event, {days[0]} … {days[-1]}, or --attendance PERSONS")
    return attendance_on(event_attendance(path, as_of, seed), day, samples)


def event_attendance(
    path: Path, as_of: date, seed: int, weather: Mapping[date, Mapping[str, float]] | None = None
) -> AttendanceForecast:
    """Attendance of every day of the event as known at the end of ``as_of``, with its samples.

    :param weather: day → figures such as ``rain_mm``.
    :raises BadFile: the folder says nothing of attendance.
    """
    known = read_folder_attendance(path, read_event(path))
    days = [DayContext(one, weather=(weather or {}).get(one, {})) for one in _event_days(known.outlook)]
    registrations = known.registrations.registrations if known.registrations else None
    try:
        return AttendanceModel(known.outlook, known.analogues).forecast(
            days, as_of=as_of, counted=known.counted, registrations=registrations, seed=seed, keep_samples=True
        )
    except ForecastError as error:
        raise BadFile(f"{path.name}: {error}") from error


def attendance_on(found: AttendanceForecast, day: date, samples: int) -> DailyAttendance:
    """One of its days."""
    at = found.days.index(day)
    shares = zip(found.audiences, found.audience_shares[:, at], strict=True)
    drawn = found.samples[:samples, at] if found.samples is not None else None
    most = float(found.capacity[at]) if found.capacity is not None else np.inf
    return DailyAttendance(
        day, drawn, float(found.mean[at]), shares={name: float(share) for name, share in shares},
        rests_on=found.rests_on, most=most if np.isfinite(most) else None,
    )  # fmt: skip


def _event_days(outlook: EventOutlook) -> list[date]:
    return [outlook.opening + timedelta(days=n) for n in range(outlook.length)]


def forecast_day(
    path: Path, folder: EventFolder, day: date, attendance: DailyAttendance, *, paths: int, seed: int,
    policy: float = 0.0, as_of: date | None = None, out_of_service: OutOfService | None = None,
) -> DayForecast:  # fmt: skip
    """Everything forecast of ``day`` from what the folder knows of the days before it.

    Counts from opening on teach times of arrival and stays at the gates; counts before opening are everyday traffic.

    :param as_of: counts of later days are not looked at; by default all before ``day``.
    :param out_of_service: stations and lines nobody can travel by.
    :raises BadFile: a folder no day can be forecast from.
    """
    folder = with_transit(folder, path, day)
    history = _known(path, folder, as_of)
    everyday = between(history, date.min, min(day, folder.opening))
    site = site_of(folder, day, everyday)
    gone: frozenset[str] = frozenset()
    if out_of_service:
        folder, everyday, gone, words = taken_out(folder, everyday, site, out_of_service)
        site = site_of(folder, day, everyday)
        site = replace(site, rests_on=tuple(dict.fromkeys((*words, *site.rests_on))))
    try:
        found = _expanded(path, folder, site, day, attendance, history, as_of, paths, seed)
        return DayForecast(found, _stations(found, everyday, day_context(folder, day).kind, policy, seed), gone)
    except ForecastError as error:
        raise BadFile(f"{folder.event['id']}, {day}: {error}") from error


def forecast_site(
    path: Path, folder: EventFolder, day: date, attendance: DailyAttendance, *, paths: int, seed: int, as_of: date
) -> SiteDay:
    """The site of :func:`forecast_day` alone, of the same figures: stations take several times as long.

    :raises BadFile: a folder no day can be forecast from.
    """
    folder = with_transit(folder, path, day)
    history = _known(path, folder, as_of)
    site = site_of(folder, day, between(history, date.min, min(day, folder.opening)))
    try:
        return _expanded(path, folder, site, day, attendance, history, as_of, paths, seed)
    except ForecastError as error:
        raise BadFile(f"{folder.event['id']}, {day}: {error}") from error


def _known(path: Path, folder: EventFolder, as_of: date | None) -> FlowPanel | None:
    """Counts of the days until ``as_of``."""
    history = read_history(path, lambda one: day_context(folder, one))
    return history if as_of is None else between(history, date.min, as_of + timedelta(days=1))


def _expanded(
    path: Path, folder: EventFolder, site: Site, day: date, attendance: DailyAttendance, history: FlowPanel | None,
    as_of: date | None, paths: int, seed: int,
) -> SiteDay:  # fmt: skip
    """The day on the site by the times its visitors booked, with what its own days before taught."""
    timed = timed_registrations(path)
    site = with_tickets(site, timed, day, as_of or day - timedelta(days=1))
    params = ArrivalParams(slot_minutes=history.slot_minutes if history is not None else 15)
    grid = _grid(site, history, params)
    counted = between(history, folder.opening, day)
    before = with_earlier_tickets(site, timed, [one.day for one in counted.days if one.day] if counted else [])
    learned = learn(before, counted, params=params, grid=grid, attendance=attendance)
    return expand(site, attendance, paths=paths, seed=seed, params=params, learned=learned, grid=grid)


def _grid(site: Site, history: FlowPanel | None, params: ArrivalParams) -> DayGrid:
    """The event's day and all hours that are counted, in the slots of the counts."""
    own = day_grid(site, params)
    if history is None:
        return own
    length = history.slot_minutes
    before = max(0, -(-(history.first_minute - own.first_minute) // length))
    first = history.first_minute - before * length
    end = max(own.first_minute + own.slots * length, history.first_minute + history.slots * length)
    return DayGrid(first, length, -(-(end - first) // length))


def _stations(day: SiteDay, everyday: FlowPanel | None, kind: str, policy: float, seed: int) -> StationDay | None:
    if not day.site.origins:
        return None
    event = event_at_stations(day)
    counted = {*event.stations} & {*(everyday.nodes if everyday is not None else ())}
    if everyday is None or not counted:
        return event
    return over_baseline(event, baseline_of(everyday, kind), policy=policy, seed=seed)
