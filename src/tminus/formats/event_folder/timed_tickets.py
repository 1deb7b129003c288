"""Registrations with a time slot: a day's arrivals follow the times its visitors booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tminus.engines.forecast.arrivals import Site, Tickets
from tminus.formats.registrations import FILE, RegistrationsFile, read_registrations


def timed_registrations(path: Path) -> RegistrationsFile | None:
    """The folder's registrations where any of them has a slot.

    :raises BadFile: a table that cannot be taken.
    """
    found = read_registrations(path / FILE) if (path / FILE).exists() else None
    return found if found is not None and found.timed else None


def with_tickets(site: Site, registered: RegistrationsFile | None, day: date, as_of: date) -> Site:
    """The site on ``day`` with the tickets held at the end of ``as_of``; who registers later or without a slot is
    taken to come as the others of the audience, in proportion."""
    tickets = _of_site(site, registered.tickets(day, as_of)) if registered else ()
    if not tickets:
        return site
    shares = ", ".join(f"{one.audience} {one.share:.0%}" for one in tickets)
    return replace(site, tickets=tickets, rests_on=(*site.rests_on, f"times that registrations have booked: {shares}"))


def with_earlier_tickets(site: Site, registered: RegistrationsFile | None, days: Sequence[date]) -> Site:
    """The site with the mean of the tickets of ``days`` that were counted: what their counts are held against."""
    if registered is None:
        return replace(site, tickets=())
    share: dict[str, float] = defaultdict(float)
    slots: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for day in days:
        for one in _of_site(site, registered.tickets(day, day)):
            share[one.audience] += one.share / len(days)
            persons = sum(held for _, held in one.slots)
            for minute, held in one.slots:
                slots[one.audience][minute] += one.share * held / persons
    tickets = tuple(
        Tickets(name, min(1.0, found), tuple(sorted(slots[name].items()))) for name, found in share.items() if found > 0
    )
    return replace(site, tickets=tickets)


def _of_site(site: Site, tickets: Sequence[Tickets]) -> tuple[Tickets, ...]:
    known = {one.id for one in site.audiences}
    return tuple(one for one in tickets if one.audience in known)
