"""Readings into the database: joined with what is known, and their difference added to the slots, at once or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction

from tminus.desks.passengers.intake.blocks import HOUR_S, Block, Reading, joined, packed
from tminus.desks.passengers.intake.halved import halved
from tminus.desks.passengers.intake.kept_hours import KeptHours
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.slots import (
    LONGEST_GAP_S,
    SLOTS,
    Shares,
    Stretch,
    Timed,
    day_of,
    differences,
    empty_day,
    intervals,
    shares,
)  # fmt: skip
from tminus.desks.passengers.models import CountDay, Counter, CounterPulse, CountHour, Kind

Batch = Mapping[Counter, Iterable[Given]]
ROWS = 400
"""Rows a statement writes at once."""


class Taken(NamedTuple):
    """Readings by what became of them: never seen before, changing what was known, known already."""

    new: int = 0
    corrected: int = 0
    known: int = 0

    def plus(self, other: Taken) -> Taken:
        return Taken(*(one + two for one, two in zip(self, other, strict=True)))


@dataclass(slots=True)
class Change:
    """What a batch does to one counter: its touched hours as they will be, and what that adds to its slots."""

    hours: dict[int, Block]
    added: Shares
    first_s: int
    last_s: int
    taken: Taken


def store(batch: Batch, received_s: int) -> Taken:
    """Join readings with what is known, in one transaction; any order and number of times end in the same state."""
    with transaction.atomic(savepoint=False):
        _one_at_a_time(batch)
        changes = _changes(batch)
        _write_hours(changes)
        _write_days(changes)
        _write_pulses(changes, received_s)
    return _total(changes)


def _one_at_a_time(batch: Batch) -> None:
    """Two batches for one counter wait for each other; SQLite lets in one writer at a time anyhow."""
    if connection.features.has_select_for_update:
        counters = Counter.objects.select_for_update().filter(pk__in=[counter.pk for counter in batch])
        list(counters.order_by("pk").values_list("pk", flat=True))


def compare(batch: Batch) -> Taken:
    """What :func:`store` would answer, with nothing written."""
    return _total(_changes(batch))


def _total(changes: Mapping[int, Change]) -> Taken:
    total = Taken()
    for change in changes.values():
        total = total.plus(change.taken)
    return total


def _changes(batch: Batch) -> dict[int, Change]:
    given = {counter: sorted(readings) for counter, readings in batch.items()}
    given = {counter: readings for counter, readings in given.items() if readings}
    kept = KeptHours.around({counter: (rows[0].at, rows[-1].at) for counter, rows in given.items()})
    return {counter.pk: _change(counter, rows, kept) for counter, rows in given.items()}


def _change(counter: Counter, given: list[Given], kept: KeptHours) -> Change:
    hours: dict[int, Block] = {}
    before: dict[int, Reading | None] = {}
    known = 0
    for hour, rows in groupby(given, key=lambda one: one.at // HOUR_S):
        block = dict(kept.block(counter.pk, hour))
        touched = _join(block, hour, rows, before)
        known += touched[1]
        if touched[0]:
            hours[hour] = block
    new = sum(was is None for was in before.values())
    added = _added(counter, before, hours, kept)
    taken = Taken(new, len(before) - new, known)
    return Change(hours, added, given[0].at, given[-1].at, taken)


def _join(block: Block, hour: int, rows: Iterable[Given], before: dict[int, Reading | None]) -> tuple[bool, int]:
    """Join one hour's readings into ``block``; whether anything changed, and how many were known already."""
    changed, known = False, 0
    for at, seq, ins, outs in rows:
        second = at - hour * HOUR_S
        was, one = block.get(second), Reading(seq, ins, outs)
        now = one if was is None else joined(was, one)
        if now == was:
            known += 1
            continue
        changed, block[second] = True, now
        before.setdefault(at, was)
    return changed, known


def _added(
    counter: Counter, before: Mapping[int, Reading | None], hours: Mapping[int, Block], kept: KeptHours
) -> Shares:
    """What the slots gain: the stretches that stand now less those that stood before."""
    if not before:
        return {}
    new = [(at, hours[at // HOUR_S][at % HOUR_S]) for at in sorted(before)]
    old = [(at, was) for at in sorted(before) if (was := before[at]) is not None]
    if counter.kind == Kind.CUMULATIVE:
        around = _beside(counter, new, before, kept)
        new, old = sorted({**dict(around), **dict(new)}.items()), sorted({**dict(around), **dict(old)}.items())
    found = shares(stretches_of(counter, new))
    return shares(stretches_of(counter, old), -1, found)


def stretches_of(counter: Counter, readings: list[Timed]) -> Iterable[Stretch]:
    """What a counter's readings in order of time say."""
    if counter.kind == Kind.CUMULATIVE:
        found = differences(readings, counter.every_s, counter.most_per_min)
    else:
        found = intervals(readings, counter.every_s)
    return halved(counter.halved, found) if counter.halved else found


def _beside(
    counter: Counter, new: list[Timed], before: Mapping[int, Reading | None], kept: KeptHours
) -> Iterable[Timed]:
    """Readings of a meter that were not touched but stand beside or between those that were."""
    first, last = new[0][0], new[-1][0]
    beside = kept.beside(counter.pk, first, last, LONGEST_GAP_S)
    return [one for one in beside if one[0] not in before]


def _write_hours(changes: Mapping[int, Change]) -> None:
    rows = [
        CountHour(counter_id=pk, hour=hour, readings=packed(block))
        for pk, change in changes.items()
        for hour, block in change.hours.items()
    ]
    CountHour.objects.bulk_create(
        rows, ROWS, update_conflicts=True, unique_fields=["counter", "hour"], update_fields=["readings"]
    )


def _write_days(changes: Mapping[int, Change]) -> None:
    added: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(dict)
    for pk, change in changes.items():
        for slot, share in change.added.items():
            if any(share):
                added[pk, slot // SLOTS][slot % SLOTS] = share
    kept = CountDay.objects.filter(counter__in={pk for pk, _ in added}, day__in={day for _, day in added}).values_list(
        "counter_id", "day", "slots"
    )
    days = {(pk, day): content for pk, day, content in kept if (pk, day) in added}
    rows = []
    for (pk, day), slots in added.items():
        table = day_of(days[pk, day]) if (pk, day) in days else empty_day()
        for slot, share in slots.items():
            table[slot] += share
        rows.append(CountDay(counter_id=pk, day=day, slots=table.tobytes()))
    CountDay.objects.bulk_create(
        rows, ROWS, update_conflicts=True, unique_fields=["counter", "day"], update_fields=["slots"]
    )


def _write_pulses(changes: Mapping[int, Change], received_s: int) -> None:
    kept = CounterPulse.objects.in_bulk(list(changes))
    rows = []
    for pk, change in changes.items():
        was = kept.get(pk)
        first = min(was.first_s, change.first_s) if was else change.first_s
        last = max(was.last_s, change.last_s) if was else change.last_s
        rows.append(CounterPulse(counter_id=pk, first_s=first, last_s=last, received_s=received_s))
    CounterPulse.objects.bulk_create(
        rows, ROWS, update_conflicts=True, unique_fields=["counter"], update_fields=["first_s", "last_s", "received_s"]
    )


def recount(counter: Counter) -> None:
    """The counter's slots anew from its readings: after its interval, kind, limit or halves were set right."""
    with transaction.atomic():
        CountDay.objects.filter(counter=counter).delete()
        readings = KeptHours.whole(counter.pk).between(counter.pk, 0, 2**40)
        added = shares(stretches_of(counter, readings))
        _write_days({counter.pk: Change({}, added, 0, 0, Taken())})
