"""What would avoid the harm of a move: which task to shorten, which two to overlap, or when to begin at the latest.

Each remedy is tried: the plan is passed forward with it, and it is told only if nothing comes too late any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np

from tminus.engines.schedule.bounds import OPEN, midnight
from tminus.engines.schedule.conflicts import driving_chain
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.passes import FS
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.what_if import Attempt, attempted
from tminus.engines.schedule.worktime import Ints, instant, minutes

LONGEST_CHAIN = 8
"""Tasks of the binding chain, from its end, that are looked at."""


class How(StrEnum):
    SHORTEN = "shorten"
    OVERLAP = "overlap"
    NO_LATER = "no_later"
    CREW = "crew"
    SEVEN_DAYS = "seven_days"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Remedy:
    """``SHORTEN``: ``task`` takes ``days`` working days less; ``OVERLAP``: ``task`` begins ``days`` working days
    before ``before`` is finished; ``NO_LATER``: ``task``, the moved one, begins on ``day``.

    ``checkpoint``: the last one lost, of which nothing would be lost then; without it, latest dates would be kept (or
    the moved task have the date asked for).
    """

    how: How
    task: str
    days: int = 0
    before: str = ""
    day: date | None = None
    checkpoint: date | None = None


def remedies(schedule: Schedule, starts: Mapping[str, datetime], *, most: int = 4) -> tuple[Remedy, ...]:
    """The smallest steps, each sufficient by itself, that keep every task within its latest date; where those are
    kept anyway, that keep the last checkpoint that would be lost; and else, that give the moved task the date asked for
    where its chain withholds it.

    :raises PlanError: as :func:`what_if`.
    """
    tried = attempted(schedule, starts)
    harm = _harm(schedule, tried)
    if harm is None:
        return ()
    trial = _Trial(tried, harm)
    found = [remedy for remedy in (_latest_start(tried, starts, harm, trial),) if remedy]
    for remedy in _along(tried, harm, trial):
        if len(found) >= most:
            break
        found.append(remedy)
    return tuple(replace(remedy, checkpoint=harm.checkpoint) for remedy in found)


@dataclass(frozen=True, slots=True)
class _Harm:
    """``late``: places that come too late, the worst first, with the instants they must be finished (or, where
    ``withheld``, begun) by."""

    late: Ints
    limit: Ints
    withheld: bool = False
    checkpoint: date | None = None

    def averted(self, after: Incremental) -> bool:
        at = after.early_start if self.withheld else after.early_finish
        return bool(np.all(at[self.late] <= self.limit))


class _Trial:
    """The plan as it would be after the move, with one thing changed and changed back: only what that reaches is
    passed again."""

    def __init__(self, tried: Attempt, harm: _Harm) -> None:
        self._tried, self._harm = tried, harm
        self._inside = Incremental(tried.network, tried.held, earliest=tried.earliest, late=False)

    def harmless_from(self, at: int) -> bool:
        """With the moved task beginning no earlier than ``at``, an instant."""
        first, own = self._tried.first, int(self._tried.held.earliest_start[self._tried.first])
        self._inside.set_earliest_start(first, max(own, at))
        found = self._harm.averted(self._inside)
        self._inside.set_earliest_start(first, max(own, int(self._tried.earliest[first])))
        return found

    def harmless_with_work(self, place: int, work: int) -> bool:
        self._inside.set_work(place, work)
        found = self._harm.averted(self._inside)
        self._inside.set_work(place, int(self._tried.held.work[place]))
        return found

    def harmless_with_lag(self, number: int, before: int, lag: int) -> bool:
        self._inside.set_lag(number, lag)
        found = self._harm.averted(self._inside)
        self._inside.set_lag(number, before)
        return found


def _harm(schedule: Schedule, tried: Attempt) -> _Harm | None:
    """Latest dates before checkpoints, the last lost checkpoint before the others; then the date asked for."""
    moved = np.flatnonzero((tried.held.state == OPEN) & (tried.after.finish > tried.before.finish))
    latest = np.maximum(tried.dates.late_finish[moved], tried.before.finish[moved])  # late anyway: not the move's doing
    if (tried.after.finish[moved] > latest).any():
        return _ends(tried, moved, latest)
    for checkpoint in reversed(schedule.checkpoints):
        end = midnight(checkpoint.date + timedelta(days=1))
        lost = moved[(tried.before.finish[moved] <= end) & (tried.after.finish[moved] > end)]
        if len(lost):
            return replace(_ends(tried, lost, np.full(len(lost), end)), checkpoint=checkpoint.date)
    if tried.after.start[tried.first] > tried.asked and tried.after.driver[tried.first] >= 0:
        return _Harm(np.array([tried.first]), np.array([tried.asked]), withheld=True)
    return None


def _ends(tried: Attempt, places: Ints, limit: Ints) -> _Harm:
    """The late ones that drive no other late one: what comes before them is late only because of them."""
    over = tried.after.finish[places] - limit
    late = set(places[over > 0].tolist())
    rows = tried.after.driver[list(late)]
    driving = set(tried.network.forward.ends[rows[rows >= 0]].tolist())
    end = np.array([int(place) in late - driving for place in places])
    worst = np.argsort(-over[end], kind="stable")
    return _Harm(places[end][worst], limit[end][worst])


def _latest_start(tried: Attempt, starts: Mapping[str, datetime], harm: _Harm, trial: _Trial) -> Remedy | None:
    """The last day on which the moved task could begin without harm; none where that is no later than it does now."""
    (id, asked), *others = starts.items()
    planned = instant(int(tried.before.start[tried.first]))
    if others or harm.withheld or asked.date() <= planned.date():
        return None

    def harmless(days_less: int) -> bool:
        return trial.harmless_from(minutes(asked - timedelta(days=days_less)))

    days = smallest(harmless, (asked.date() - planned.date()).days - 1)
    return Remedy(How.NO_LATER, id, day=asked.date() - timedelta(days=days)) if days else None


def _along(tried: Attempt, harm: _Harm, trial: _Trial) -> Iterator[Remedy]:
    """Remedies on the chain that drives the worst, the smallest first among shortening and overlapping each."""
    network = tried.network
    chain = driving_chain(network, tried.after.driver, int(harm.late[0]))
    if not harm.withheld and tried.first in chain:
        chain = chain[chain.index(tried.first) :]
    last = chain[-LONGEST_CHAIN:]
    shortened = [one for place in (last[:-1] if harm.withheld else last) if (one := _shortened(tried, trial, place))]
    overlapped = [one for place in last[1:] if (one := _overlapped(tried, trial, place))]
    yield from sorted(shortened + overlapped, key=lambda one: one.days)


def _shortened(tried: Attempt, trial: _Trial, place: int) -> Remedy | None:
    network, node = tried.network, int(tried.network.node[place])
    if node < 0 or tried.held.state[place] != OPEN:
        return None
    day, work = _day(network, int(network.calendar[place])), tried.held.work

    def enough(days: int) -> bool:
        return trial.harmless_with_work(place, int(work[place]) - days * day)

    days = smallest(enough, (int(work[place]) - 1) // day)
    return Remedy(How.SHORTEN, network.tasks[node].id, days) if days else None


def _overlapped(tried: Attempt, trial: _Trial, place: int) -> Remedy | None:
    """Where the link that drives ``place`` is from finish to start, let the two overlap."""
    network, row = tried.network, int(tried.after.driver[place])
    if row < 0 or network.forward.kind[row] != FS:
        return None
    pred = int(network.forward.ends[row])
    if network.node[pred] < 0 or network.node[place] < 0 or tried.held.state[place] != OPEN:
        return None
    day = _day(network, int(network.forward.lag_calendar[row]))

    lag, number = int(network.forward.lag[row]), int(network.forward.number[row])

    def enough(days: int) -> bool:
        return trial.harmless_with_lag(number, lag, lag - days * day)

    days = smallest(enough, max(int(network.work[pred]) // day, 1))
    names = (network.tasks[int(network.node[one])].id for one in (place, pred))
    return Remedy(How.OVERLAP, next(names), days, before=next(names)) if days else None


def _day(network: Network, calendar: int) -> int:
    """Working minutes of a usual day of a calendar."""
    return max(int(network.time.day_minutes[calendar]), 1)


def smallest(enough: Callable[[int], bool], most: int) -> int:
    """The smallest number from 1 to ``most`` that is enough, 0 for none; more is never worse than less."""
    if most < 1 or not enough(most):
        return 0
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low
