"""What a new event takes over from a past one: its counters, and the files forecasts rest on that hold for it too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from tminus.desks.passengers.forecasting.kept_folder import content_of, current, keep, laid_out
from tminus.desks.passengers.models import Counter
from tminus.formats.event_folder.folder import Rows, rows_csv
from tminus.formats.event_folder.history import between, read_history
from tminus.formats.flows_parquet import flows_parquet
from tminus.platform import clock
from tminus.platform.events.copying import copier
from tminus.platform.models import Event
from tminus.platform.models.account import hashed, new_secret

AS_THEY_ARE = (
    "nodes.csv", "links.csv", "audiences.csv", "origins.csv", "analogues.csv", "calendar.json", "gtfs.zip",
    "services.csv",
)  # fmt: skip
SHIFTED = ("gates.csv", "programme.csv")
"""Their column ``day`` moves with opening. Registrations and visits counted are the past event's alone."""


@copier("counters")
def _counters(source: Event, target: Event, shift: timedelta) -> int:
    """Those in use, without what they counted; their keys are made anew."""
    made = Counter.objects.bulk_create(
        Counter(
            event=target, code=one.code, node=one.node, channels=one.channels, kind=one.kind, every_s=one.every_s,
            most_per_min=one.most_per_min, edge=one.edge, note=one.note, key_hash=hashed(new_secret()),
            made_at=timezone.now(),
        )
        for one in Counter.objects.filter(event=source, retired_at=None)
    )  # fmt: skip
    return len(made)


@copier("forecast_files")
def _forecast_files(source: Event, target: Event, shift: timedelta) -> int:
    """Files that do not speak of the past event's visitors, and everyday traffic before it opened."""
    now, number = clock.now(target), 0
    _outlook(source, target, shift)
    for name, content, file_name in _files(source, shift):
        keep(target, name, file_name, content, now).save()
        number += 1
    return number


def _files(source: Event, shift: timedelta) -> Iterator[tuple[str, bytes, str]]:
    rows = current(source)
    for name in (*AS_THEY_ARE, *SHIFTED):
        if name in rows:
            content = content_of(rows[name])
            yield name, shifted_days(content, shift) if name in SHIFTED else content, rows[name].file_name
    with laid_out(source, rows) as path:
        everyday = between(read_history(path), date.min, source.opening)
    if everyday is not None:
        yield "history.parquet", flows_parquet(everyday), f"{source.slug}: history"


def shifted_days(content: bytes, shift: timedelta) -> bytes:
    """A table with each date of its column ``day`` moved; empty ones stay."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    rows = tuple(
        {**row, "day": (date.fromisoformat(row["day"]) + shift).isoformat()} if row.get("day") else row
        for row in reader
    )
    return rows_csv(Rows(tuple(reader.fieldnames or ()), rows))


def _outlook(source: Event, target: Event, shift: timedelta) -> None:
    """Visiting hours and what is expected; caps of single days move with opening."""
    further = source.settings.get("further", {})
    kept = {name: further[name] for name in ("visiting_hours", "attendance") if name in further}
    room = kept.get("attendance", {}).get("capacity")
    if isinstance(room, dict):
        moved = {(date.fromisoformat(day) + shift).isoformat(): most for day, most in room.items()}
        kept["attendance"] = {**kept["attendance"], "capacity": moved}
    if kept:
        target.settings = {**target.settings, "further": {**target.settings.get("further", {}), **kept}}
        target.save(update_fields=["settings"])
