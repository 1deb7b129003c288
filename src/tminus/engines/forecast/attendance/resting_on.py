"""What an attendance forecast rests on, in words, the weakest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tminus.engines.forecast.attendance.attendance_state import Evidence
from tminus.engines.forecast.attendance.beliefs import Beliefs
from tminus.engines.forecast.attendance.event_outlook import EventOutlook


def resting_on(event: EventOutlook, beliefs: Beliefs, evidence: Evidence) -> tuple[str, ...]:
    """One line for the level, one for the shape of days, one for registrations, one for counted days."""
    return tuple(_lines(event, beliefs, evidence))


def _lines(event: EventOutlook, beliefs: Beliefs, evidence: Evidence) -> Iterator[str]:
    if not evidence.counted:
        yield "no day of this event has been counted yet: nothing here has been checked against it"
    yield f"level: {_level(event, beliefs)}"
    if evidence.effects:
        yield f"differences between days: {_differences(beliefs, evidence.effects)}"
    yield from _registered(beliefs, evidence)
    if closed := sum(count == 0 for count in evidence.counted.values()):
        yield f"{closed} day{'s' if closed > 1 else ''} without visits taken as closed, telling nothing of others"
    if evidence.counted:
        yield f"{len(evidence.counted)} of {len(evidence.days)} days counted; a day's noise {evidence.noise:.0%}"


def _differences(beliefs: Beliefs, effects: Sequence[str]) -> str:
    assumed = [name.replace("_", " ") for name in effects if name not in beliefs.learned]
    learned = [
        f"{name.replace('_', ' ')} from {_events(beliefs.learned[name])}" for name in effects if name in beliefs.learned
    ]
    return "; ".join([f"assumed: {', '.join(assumed)}"] * bool(assumed) + [", ".join(learned)] * bool(learned))


def _level(event: EventOutlook, beliefs: Beliefs) -> str:
    if event.expected_visits is not None:
        learned = beliefs.learned.get("level_ratio", 0)
        how = f"corrected by {_events(learned)}" if learned else "no earlier event tells how far such figures hold"
        return f"the organiser's expectation of {event.expected_visits:,.0f} visits, {how}"
    if event.daily_level is not None:
        return f"{event.daily_level:,.0f} visits on an average day of events like it"
    if learned := beliefs.learned.get("daily_visits", 0):
        return f"nothing is stated of this event: the average day of {_events(learned)}"
    return "nothing is stated: 60,000 visits a day within a factor of ten"


def _events(number: int) -> str:
    return f"{number} earlier event{'s' if number > 1 else ''}"


def _registered(beliefs: Beliefs, evidence: Evidence) -> Iterator[str]:
    if evidence.registered is None:
        yield f"no registrations known as of {evidence.as_of}"
        return
    persons, audiences = evidence.registered.persons, evidence.layout.audiences
    yield f"{persons:,.0f} persons registered as of {evidence.as_of}, {audiences} audiences"
    for name, what in (("show", "visits a registration"), ("pickup_half_days", "pace of registration")):
        learned = beliefs.learned.get(name, 0)
        yield f"{what}: {f'from {_events(learned)}' if learned else 'assumed'}, sharpened by what came in"
