"""The files forecasts are made from: kept by content, the latest of a name counts; laid out as an event folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db.models import Max

from tminus.desks.passengers.models import ForecastFile
from tminus.formats.day_figures import COUNTED_HERE
from tminus.formats.event_folder import SCHEMA_VERSION, EventFolder
from tminus.formats.event_folder.folder import Rows, rows_csv, table_rows
from tminus.formats.event_folder.history import COUNTED_FLOWS
from tminus.platform.kept_files import keep_file
from tminus.platform.models import Event, Person

TABLES = ("nodes", "links", "audiences", "gates", "origins", "programme", "registrations", "history", "services")
COUNTED = (COUNTED_FLOWS, COUNTED_HERE)
"""Of the console's own counters (``forecasting/counted_days.py``); nobody hands these in."""
FURTHER = ("analogues.csv", "attendance.csv", "history.npz", "history.parquet", "gtfs.zip", *COUNTED)
NAMES = (*(f"{name}.csv" for name in TABLES), *FURTHER, "calendar.json")
"""Files of an event folder that forecasts, and days walked, are made from."""


def files_in(folder: EventFolder) -> dict[str, bytes]:
    """Those of :data:`NAMES` an event folder has, by name."""
    found = {f"{name}.csv": rows_csv(folder.table(name)) for name in TABLES if folder.table(name).headings}
    found |= {name: folder.further[name] for name in FURTHER if name in folder.further}
    if folder.calendar_document is not None:
        found["calendar.json"] = json.dumps(folder.calendar_document, ensure_ascii=False).encode()
    return found


def keep_folder(event: Event, folder: EventFolder, at: datetime) -> int:
    """Keep what of an event folder forecasts are made from; how many files that is."""
    found = files_in(folder)
    for name, content in found.items():
        keep(event, name, name, content, at).save()
    return len(found)


def keep(
    event: Event, name: str, file_name: str, content: bytes, at: datetime, *, taken: bool = True,
    person: Person | None = None,
) -> ForecastFile:  # fmt: skip
    """A row for a file that counts from now on, or once it is taken; not saved yet."""
    file, digest = keep_file(content, Path(name).suffix)
    row = ForecastFile(
        event=event, name=name, file_name=file_name[:255], file=file, digest=digest, at=at, person=person
    )  # fmt: skip
    return taken_now(row, at) if taken else row


def taken_now(row: ForecastFile, at: datetime) -> ForecastFile:
    """The row as the latest taken; not saved yet. The event's clock may be set back, its order of taking may not."""
    last = ForecastFile.objects.filter(event=row.event).aggregate(last=Max("taken_number"))["last"]
    row.taken_at, row.taken_number = at, (last or 0) + 1
    return row


def current(event: Event) -> dict[str, ForecastFile]:
    """The files that count now, by name."""
    rows = ForecastFile.objects.filter(event=event, taken_at__isnull=False).order_by("taken_number", "id")
    return {row.name: row for row in rows}


def inputs_of(event: Event, rows: Mapping[str, ForecastFile] | None = None) -> dict[str, str]:
    """What a forecast made now rests on: name of each file, and of what is said of the event itself → its SHA-256."""
    rows = current(event) if rows is None else rows
    document = json.dumps(event_document(event), ensure_ascii=False, sort_keys=True).encode()
    said = {"event.json": hashlib.sha256(document).hexdigest()} if rows else {}
    return said | {name: row.digest for name, row in rows.items()}


def content_of(row: ForecastFile) -> bytes:
    return (Path(settings.MEDIA_ROOT) / row.file).read_bytes()


def write_kept(event: Event, folder: Path) -> None:
    """Add the files that count now to an event folder, but those it has from elsewhere (its calendar).

    Its places have what is known of them for forecasts besides: lines, areas, capacities, and nodes that lie nowhere.
    """
    rows = current(event)
    for name, row in rows.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(content_of(row))
    if "nodes.csv" in rows:
        nodes = folder / "nodes.csv"
        kept = table_rows(nodes, content_of(rows["nodes.csv"]))
        nodes.write_bytes(rows_csv(_joined(table_rows(nodes), kept)))


def _joined(own: Rows, kept: Rows) -> Rows:
    """``own`` rows with the columns only ``kept`` has, and the rows only ``kept`` has."""
    more = {row["id"]: row for row in kept}
    headings = tuple(dict.fromkeys((*own.headings, *kept.headings)))
    known = {row["id"] for row in own}
    all_rows = (*({**more.get(row["id"], {}), **row} for row in own), *(row for row in kept if row["id"] not in known))
    return Rows(headings, tuple({name: row.get(name, "") for name in headings} for row in all_rows))


@contextmanager
def laid_out(event: Event, rows: Mapping[str, ForecastFile]) -> Iterator[Path]:
    """The event and its files as an event folder, for as long as it is looked at."""
    with TemporaryDirectory(prefix="tminus-forecast-") as place:
        folder = Path(place) / event.slug
        folder.mkdir()
        (folder / "event.json").write_text(json.dumps(event_document(event), ensure_ascii=False), encoding="utf-8")
        for name, row in rows.items():
            (folder / name).symlink_to((Path(settings.MEDIA_ROOT) / row.file).resolve())
        yield folder


def event_document(event: Event) -> dict[str, Any]:
    """``event.json``: of the event itself and of what its folder said besides (visiting hours, attendance)."""
    return {
        **event.settings.get("further", {}),
        "schema": SCHEMA_VERSION,
        "id": event.slug,
        "name": {"en": event.name_en, "zh": event.name_zh},
        "timezone": event.timezone,
        "opening": event.opening.isoformat(),
        "closing": event.closing.isoformat(),
    }
