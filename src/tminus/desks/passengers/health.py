"""How a counter is: sending, silent, still, stuck, doubling, begun anew, ahead of time; told from its last hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tminus.desks.passengers.intake.blocks import HOUR_S
from tminus.desks.passengers.intake.slots import Timed
from tminus.desks.passengers.models import Counter, CounterPulse, Kind
from tminus.desks.passengers.odd_readings import DOUBLED, TOTALS, Odd, odd_now, readings_between

WATCHED_H = 3
"""Full hours before the running one that are looked at."""
LATE_S = 120
"""Readings may be this late beyond three intervals before a counter is called silent."""
SAME_READINGS = 20
"""So many equal readings in a row, not zero, are no people."""
STILL_S, STILL_OTHERS = HOUR_S, 50
"""Nothing in an hour in which the place's other counters counted so many persons: it does not see them."""
AHEAD_S = 120

STATUS = {
    "sending": "on_time",
    "ahead": "at_risk",
    "double": "at_risk",
    "reset": "at_risk",
    "stuck": "late",
    "still": "late",
    "totals": "late",
    "doubled": "late",
    "silent": "late",
    "never": "unknown",
    "retired": "inactive",
}
"""Each state with its mark; the worst one is shown first."""
WORST = ("silent", "stuck", "still", "totals", "doubled", "double", "reset", "ahead", "never", "sending", "retired")


@dataclass(frozen=True, slots=True)
class Health:
    """``state`` is one of :data:`STATUS`; ``since_s`` when it last spoke of, seconds since 1970; ``also``: further;
    ``odd``: of its last hours, what is no counts and not believed."""

    state: str
    since_s: int | None = None
    also: tuple[str, ...] = ()
    odd: Odd | None = None


def health_of(counter: Counter, pulse: CounterPulse | None, recent: Sequence[Timed], others: int, now_s: int) -> Health:
    """The health of a counter from its ``recent`` readings in order of time.

    :param others: persons the place's other counters counted in the last hour.
    """
    if counter.retired_at is not None:
        return Health("retired", pulse.last_s if pulse else None)
    if pulse is None:
        return Health("never")
    until = pulse.last_s + (counter.every_s if counter.kind == Kind.INTERVAL else 0)
    odd = odd_now(counter, recent)
    wrong = {
        TOTALS: odd is not None and odd.kind == TOTALS,
        DOUBLED: odd is not None and odd.kind == DOUBLED,
        "silent": now_s - until > 3 * counter.every_s + LATE_S,
        "ahead": pulse.last_s > now_s + AHEAD_S,
        "stuck": counter.kind == Kind.INTERVAL and is_stuck(recent),
        "still": others >= STILL_OTHERS and is_still(counter, recent, now_s),
        "double": is_double(counter, recent),
        "reset": counter.kind == Kind.CUMULATIVE and has_fallen(recent),
    }
    found = [name for name in WORST if wrong.get(name)]
    return Health(found[0] if found else "sending", until, tuple(found[1:]), odd)


def is_stuck(recent: Sequence[Timed]) -> bool:
    last = [(one.ins, one.outs) for _, one in recent[-SAME_READINGS:]]
    return len(last) == SAME_READINGS and len(set(last)) == 1 and any(last[0])


def is_still(counter: Counter, recent: Sequence[Timed], now_s: int) -> bool:
    """It has spoken for an hour and seen nobody."""
    last = [(one.ins, one.outs) for at, one in recent if at >= now_s - STILL_S]
    if len(last) * counter.every_s < STILL_S // 2:
        return False
    return len(set(last)) == 1 if counter.kind == Kind.CUMULATIVE else not any(map(any, last))


def is_double(counter: Counter, recent: Sequence[Timed]) -> bool:
    """Two readings for one second, or intervals that lie over each other."""
    if any(one.doubtful for _, one in recent):
        return True
    if counter.kind == Kind.CUMULATIVE:
        return False
    return any(later - earlier < counter.every_s for (earlier, _), (later, _) in pairwise(recent))


def has_fallen(recent: Sequence[Timed]) -> bool:
    return any(after.ins < before.ins or after.outs < before.outs for (_, before), (_, after) in pairwise(recent))


def recent_of(counters: Sequence[Counter], now_s: int) -> Mapping[int, list[Timed]]:
    """The readings of the last hours of each counter, in order of time."""
    hour = now_s // HOUR_S
    return readings_between(counters, (hour - WATCHED_H) * HOUR_S, (hour + 2) * HOUR_S)


def persons_in_hour(counter: Counter, recent: Sequence[Timed], now_s: int) -> int:
    """Persons, in and out together, a counter's own readings say of the last hour."""
    last = [one for at, one in recent if at >= now_s - STILL_S]
    if counter.kind == Kind.INTERVAL:
        return sum(one.ins + one.outs for one in last)
    rises = (after.ins + after.outs - before.ins - before.outs for before, after in pairwise(last))
    return sum(rise for rise in rises if rise > 0)


def health_of_all(counters: Sequence[Counter], now_s: int) -> dict[int, Health]:
    """The health of every counter of an event, in three queries."""
    pulses = CounterPulse.objects.in_bulk([one.pk for one in counters])
    recent = recent_of([one for one in counters if one.retired_at is None], now_s)
    own = {one.pk: persons_in_hour(one, recent.get(one.pk, []), now_s) for one in counters}
    of_node: dict[str, int] = {}
    for one in counters:
        of_node[one.node] = of_node.get(one.node, 0) + own[one.pk]
    return {
        one.pk: health_of(one, pulses.get(one.pk), recent.get(one.pk, []), of_node[one.node] - own[one.pk], now_s)
        for one in counters
    }
