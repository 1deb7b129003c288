"""Calendars of a file: their own hours, with the exceptions of the ones they build on beneath their own."""

from __future__ import annotations

from tminus.engines.schedule import PlanError, WorkCalendar
from tminus.formats.primavera.clndr_data import week_and_exceptions
from tminus.formats.primavera.tables import Table
from tminus.formats.problems import BadFile

DEEPEST = 50


def read_calendars(file: str, table: Table | None) -> dict[str, WorkCalendar]:
    """Calendars by their key in the file; their identity is their name, made distinct where two share one.

    :raises BadFile: a calendar that cannot be taken.
    """
    if table is None:
        return {}
    rows = list(table.picked("clndr_id", "clndr_name", "base_clndr_id", "clndr_data"))
    made: dict[str, WorkCalendar] = {}
    base = {key: below for key, _, below, _ in rows}
    names: set[str] = set()
    for number, (key, name, _, text) in enumerate(rows, start=1):
        id = name or f"Calendar {key}"
        id = f"{id} ({key})" if id in names else id
        names.add(id)
        try:
            week, exceptions = week_and_exceptions(text)
            made[key] = WorkCalendar(id, name or id, week, exceptions)  # type: ignore[arg-type]  # seven days
        except (ValueError, PlanError) as error:
            place = f"{file}, table CALENDAR, row {number} ({id}), field clndr_data"
            raise BadFile(f"{place}: {text[:60]!r} cannot be taken; allowed: {error}") from error
    return {key: _with_base(key, made, base) for key in made}


def _with_base(key: str, made: dict[str, WorkCalendar], base: dict[str, str]) -> WorkCalendar:
    own = made[key]
    chain, below = [own], base[key]
    while below in made and len(chain) < DEEPEST and made[below] not in chain:
        chain.append(made[below])
        below = base[below]
    if len(chain) == 1:
        return own
    exceptions = {day: hours for one in reversed(chain) for day, hours in one.exceptions.items()}
    return WorkCalendar(own.id, own.name, own.week, exceptions)


def default_of(table: Table | None, calendars: dict[str, WorkCalendar], chosen: str) -> WorkCalendar | None:
    """The project's calendar, else the one marked as default, else the first."""
    if chosen in calendars or not calendars or table is None:
        return calendars.get(chosen)
    marked = [key for key, flag in table.picked("clndr_id", "default_flag") if flag == "Y" and key in calendars]
    return calendars[marked[0] if marked else next(iter(calendars))]
