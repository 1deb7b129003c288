"""Figures of events like this one, row by row, in the file forecasts are made from; each change is a version of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tminus.desks.passengers.forecasting.kept_folder import content_of, current, keep
from tminus.desks.passengers.models import ForecastFile
from tminus.formats.analogues import FILE, AnalogueRow, analogues_csv, read_analogues, read_rows
from tminus.platform.models import Event, Person


def standing(event: Event) -> tuple[ForecastFile | None, list[AnalogueRow]]:
    """The version that counts now, and its rows."""
    row = current(event).get(FILE)
    return row, read_rows(Path(FILE), content_of(row)) if row else []


def keep_rows(
    event: Event, rows: list[AnalogueRow], before: ForecastFile | None, at: datetime, person: Person | None
) -> ForecastFile:
    """Forecasts are made from ``rows`` from now on.

    :raises Rejected: a row that cannot be taken.
    """
    content = analogues_csv(rows)
    read_analogues(Path(FILE), content)
    made = keep(event, FILE, FILE, content, at, person=person)
    made.found = {"says": {"rows": len(rows)}, "before": before.pk if before else None, "edited": True}
    made.save()
    return made


def rows_before(row: ForecastFile) -> list[AnalogueRow]:
    """The rows of the version that ``row`` was made from by an edit here; none where it was the first."""
    before = ForecastFile.objects.filter(event=row.event, pk=row.found.get("before")).first()
    return read_rows(Path(FILE), content_of(before)) if before else []
