"""Counters and their readings out of an installation into an event folder, and back: the very same readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
from django.db import transaction
from django.utils import timezone

from tminus.desks.passengers.intake.blocks import HOUR_S, Block, Reading, joined, packed, unpacked
from tminus.desks.passengers.intake.store import ROWS, recount
from tminus.desks.passengers.models import Counter, CounterPulse, CountHour, Kind
from tminus.formats.event_folder import EventFolder
from tminus.formats.event_folder.folder import Row, Rows, rows_csv
from tminus.formats.event_folder.intervals import intervals_text, read_intervals
from tminus.formats.event_folder.readings import FILE, LARGEST, Readings, read_readings, write_readings
from tminus.formats.problems import BadFile
from tminus.platform.models import Event
from tminus.platform.models.account import hashed, new_secret

COLUMNS = (
    "code",
    "node",
    "channels",
    "kind",
    "every_s",
    "most_per_min",
    "edge",
    "note",
    "believed",
    "halved",
    "retired",
)
FLAGS = ("edge", "believed")
EARLIEST_S, LATEST_S = 946_684_800, 4_102_444_800
"""The years 2000 to 2099."""


def write_counters(event: Event, folder: Path) -> int:
    """Add ``counters.csv`` (without keys) and every reading to an event folder; how many readings there are."""
    counters = list(Counter.objects.filter(event=event).order_by("code"))
    if not counters:
        return 0
    rows = tuple(_row(one) for one in counters)
    (folder / "counters.csv").write_bytes(rows_csv(Rows(COLUMNS, rows)))
    return write_readings(folder / FILE, _readings(counters))


def _row(one: Counter) -> dict[str, str]:
    ended = one.retired_at.isoformat() if one.retired_at else ""
    flags = {name: str(int(getattr(one, name))) for name in FLAGS}
    plain = {name: str(getattr(one, name)) for name in COLUMNS[:-2]}
    return plain | flags | {"halved": intervals_text(one.halved), "retired": ended}


def _readings(counters: list[Counter]) -> Iterator[Readings]:
    for counter in counters:
        rows: list[tuple[int, Reading]] = []
        hours = CountHour.objects.filter(counter=counter).order_by("hour").values_list("hour", "readings")
        for hour, content in hours.iterator(ROWS):
            block = unpacked(content)
            rows += [(hour * HOUR_S + second, block[second]) for second in sorted(block)]
        if rows:
            at, read = zip(*rows, strict=True)
            seq, ins, outs, doubtful = (np.array(column) for column in zip(*read, strict=True))
            yield Readings(counter.code, np.array(at, dtype=np.int64), seq, ins, outs, doubtful.astype(np.bool_))


def load_counters(event: Event, folder: EventFolder) -> dict[str, int]:
    """Put the folder's counters and their readings into the database; how many of each. Keys are made anew.

    :raises BadFile: readings of a counter that ``counters.csv`` does not name, or that cannot be.
    """
    with transaction.atomic():
        made = {row["code"]: _counter(event, row) for row in folder.table("counters")}
        hours: dict[str, dict[int, Block]] = defaultdict(lambda: defaultdict(dict))
        for part in read_readings(FILE, folder.further[FILE]) if FILE in folder.further else ():
            if part.counter not in made:
                raise BadFile(f"{FILE}: counter {part.counter!r}; allowed: a code of counters.csv")
            _check(made[part.counter], part)
            _joined_into(hours[part.counter], part)
        for code, blocks in hours.items():
            _keep(made[code], blocks)
    return {
        "counters": len(made),
        "readings": sum(len(block) for blocks in hours.values() for block in blocks.values()),
    }


def _counter(event: Event, row: Row) -> Counter:
    """As the table says it; what it does not say is as for a counter added by hand."""
    given = {name: row[name] for name in COLUMNS if row.get(name)}
    numbers = {name: int(float(given.pop(name))) for name in ("every_s", "most_per_min") if name in given}
    ended, halved = given.pop("retired", ""), read_intervals(given.pop("halved", ""))
    flags = {name: given.pop(name, "0") == "1" for name in FLAGS}
    return Counter.objects.create(
        event=event, key_hash=hashed(new_secret()), made_at=timezone.now(),
        retired_at=datetime.fromisoformat(ended) if ended else None, halved=halved, **given, **numbers, **flags,
    )  # fmt: skip


def _check(counter: Counter, part: Readings) -> None:
    """:raises BadFile: times or numbers of persons no counter of this kind can have sent."""
    if not EARLIEST_S <= part.at.min() <= part.at.max() < LATEST_S:
        raise BadFile(f"{FILE}: times of counter {part.counter!r}; allowed: the years 2000 to 2099")
    most = LARGEST if counter.kind == Kind.CUMULATIVE else counter.most_per_min * counter.every_s // 60
    if (found := max(part.ins.max(), part.outs.max())) > most:
        raise BadFile(f"{FILE}: {found} persons in a reading of counter {part.counter!r}; allowed: at most {most}")


def _joined_into(blocks: dict[int, Block], part: Readings) -> None:
    columns = (part.at.tolist(), part.seq.tolist(), part.ins.tolist(), part.outs.tolist(), part.doubtful.tolist())
    for at, *read in zip(*columns, strict=True):
        hour, second = divmod(at, HOUR_S)
        reading, block = Reading(*read), blocks[hour]
        block[second] = joined(block[second], reading) if second in block else reading


def _keep(counter: Counter, blocks: dict[int, Block]) -> None:
    CountHour.objects.bulk_create(
        (CountHour(counter=counter, hour=hour, readings=packed(block)) for hour, block in sorted(blocks.items())), ROWS
    )
    first, last = min(blocks), max(blocks)
    CounterPulse.objects.create(
        counter=counter, first_s=first * HOUR_S + min(blocks[first]), last_s=last * HOUR_S + max(blocks[last]),
        received_s=int(timezone.now().timestamp()),
    )  # fmt: skip
    recount(counter)
