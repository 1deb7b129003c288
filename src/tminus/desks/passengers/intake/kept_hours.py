"""The packed hours around a batch, fetched in as few queries as the batch allows, opened only when looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Self

from django.db.models import Q

from tminus.desks.passengers.intake.blocks import HOUR_S, Block, unpacked
from tminus.desks.passengers.intake.slots import LONGEST_GAP_S, Timed
from tminus.desks.passengers.models import Counter, CountHour, Kind

TOGETHER_H = 6
"""Counters whose readings lie within so many hours are asked for in one query."""
NONE: Block = {}


class KeptHours:
    """Blocks by counter and hour; those not kept are empty."""

    def __init__(self) -> None:
        self._packed: dict[int, dict[int, bytes]] = defaultdict(dict)
        self._opened: dict[tuple[int, int], Block] = {}

    @classmethod
    def around(cls, spans: Mapping[Counter, tuple[int, int]]) -> Self:
        """What a batch reaching from the first to the last second of each counter may touch or stand beside."""
        found = cls()
        for reach_h, counters in _by_reach(spans):
            low = min(spans[counter][0] for counter in counters) // HOUR_S - reach_h
            high = max(spans[counter][1] for counter in counters) // HOUR_S + reach_h
            if high - low <= TOGETHER_H + 2 * reach_h or len(counters) == 1:
                found._fetch(Q(counter__in=[counter.pk for counter in counters], hour__range=(low, high)))
                continue
            for counter in counters:
                first, last = spans[counter]
                hours = (first // HOUR_S - reach_h, last // HOUR_S + reach_h)
                found._fetch(Q(counter=counter.pk, hour__range=hours))
        return found

    @classmethod
    def whole(cls, counter: int) -> Self:
        """Every hour of one counter."""
        found = cls()
        found._fetch(Q(counter=counter))
        return found

    def _fetch(self, where: Q) -> None:
        for counter, hour, content in CountHour.objects.filter(where).values_list("counter_id", "hour", "readings"):
            self._packed[counter][hour] = bytes(content)

    def block(self, counter: int, hour: int) -> Block:
        """One hour; not to be changed."""
        content = self._packed[counter].get(hour)
        if content is None:
            return NONE
        if (counter, hour) not in self._opened:
            self._opened[counter, hour] = unpacked(content)
        return self._opened[counter, hour]

    def between(self, counter: int, first: int, last: int) -> list[Timed]:
        """Readings from ``first`` to ``last`` (seconds since 1970, both included) in order of time."""
        hours = sorted(hour for hour in self._packed[counter] if first // HOUR_S <= hour <= last // HOUR_S)
        rows = ((hour * HOUR_S + second, one) for hour in hours for second, one in self.block(counter, hour).items())
        return sorted((at, one) for at, one in rows if first <= at <= last)

    def beside(self, counter: int, first: int, last: int, gap_s: int) -> list[Timed]:
        """Readings between ``first`` and ``last``, the one before and the one after, each within ``gap_s``."""
        low, high = first // HOUR_S, last // HOUR_S
        hours = sorted(self._packed[counter])
        earlier = next((hour for hour in reversed(hours) if self._stands(counter, hour, first, -1)), low)
        later = next((hour for hour in hours if self._stands(counter, hour, last, 1)), high)
        rows = self.between(counter, earlier * HOUR_S, (later + 1) * HOUR_S - 1)
        before = [one for one in rows if first - gap_s <= one[0] < first][-1:]
        after = [one for one in rows if last < one[0] <= last + gap_s][:1]
        return [*before, *(one for one in rows if first <= one[0] <= last), *after]

    def _stands(self, counter: int, hour: int, at: int, side: int) -> bool:
        """Whether an hour has a reading before (−1) or after (1) a second."""
        if (hour - at // HOUR_S) * side < 0:
            return False
        return hour != at // HOUR_S or any(
            (hour * HOUR_S + second - at) * side > 0 for second in self.block(counter, hour)
        )


def _by_reach(spans: Iterable[Counter]) -> list[tuple[int, list[Counter]]]:
    """Counters of intervals need the very hours; meters also what stands beside, up to the longest gap."""
    meters = [counter for counter in spans if counter.kind == Kind.CUMULATIVE]
    plain = [counter for counter in spans if counter.kind != Kind.CUMULATIVE]
    return [(reach, counters) for reach, counters in ((0, plain), (LONGEST_GAP_S // HOUR_S, meters)) if counters]
