"""What a file handed in says and would change, before forecasts are made from it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tminus.desks.passengers.forecasting.kept_folder import content_of, current, laid_out
from tminus.desks.passengers.models import ForecastFile
from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.attendance import Registrations
from tminus.formats.analogues import read_analogues
from tminus.formats.book_writer import table_csv
from tminus.formats.crowd.element_names import read_element_names
from tminus.formats.crowd.read_network import read_tables as read_network
from tminus.formats.crowd.settings import read_settings
from tminus.formats.day_figures import read_counted_visits
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.history import read_history
from tminus.formats.event_folder.services import FILE as SERVICES
from tminus.formats.event_folder.services import read_services
from tminus.formats.problems import BadFile, Rejected
from tminus.formats.registrations import read_registrations
from tminus.formats.tables import read_tables
from tminus.platform import clock
from tminus.platform.models import Event
from tminus.platform.registry import BadInput

SHOWN = 200
"""Problems a dry run names; the number of all of them is said."""
WORKBOOKS = (".xlsx", ".xls", ".ods")
ENDINGS = {"history": (".csv", ".npz", ".parquet"), "calendar": (".json",), "gtfs": (".zip",)}


def with_ending(what: str, given: str, content: bytes) -> tuple[str, bytes]:
    """The name in the event folder, and the content as it stands there: other tables become CSV.

    :raises BadInput: an ending this kind of file cannot have.
    """
    ending = Path(given).suffix.lower()
    if what not in ENDINGS and ending in (*WORKBOOKS, ".tsv", ".txt"):
        return f"{what}.csv", _as_csv(given, content)
    if what not in ENDINGS and ending == ".csv":
        return f"{what}.csv", content
    if ending in ENDINGS.get(what, ()):
        return f"{what}{ending}", content
    allowed = ", ".join(ENDINGS.get(what, (".csv", *WORKBOOKS)))
    raise BadInput(_("%(file)s; allowed: %(allowed)s") % {"file": given, "allowed": allowed}, field="file", value=given)


def _as_csv(given: str, content: bytes) -> bytes:
    try:
        sheet = read_tables(Path(given), content)[0]
    except BadFile as error:
        raise BadInput(str(error), field="file", value=given) from error
    if not sheet.rows:
        raise BadInput(_("%(name)s is empty") % {"name": given}, field="file", value=given)
    head, *rows = ([_cell(value) for value in row] for row in sheet.rows)
    return table_csv(head, rows)


def _cell(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # workbooks have no whole numbers
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


def looked_at(event: Event, row: ForecastFile) -> dict[str, Any]:
    """Figures of the file beside those of the one it would replace, and what of it cannot be taken."""
    before, today = current(event).get(row.name), clock.today(event)
    found: dict[str, Any] = {"problems": [], "refused": 0, "replaces": before.digest if before else None}
    try:
        with laid_out(event, {**current(event), row.name: row}) as path:
            read_folder(path)
            if row.name.startswith("history"):
                read_history(path)
            if row.name == SERVICES:
                links = read_network(path, read_settings(path)).network.links
                read_services(path, links, read_element_names(path).lines)
        found["says"] = _figures(row, today)
    except Rejected as error:
        found["problems"] = [{"line": one.row, "message": str(one)} for one in error.problems[:SHOWN]]
        found["refused"] = len(error.problems)
    except (BadFile, ForecastError) as error:
        found |= {"problems": [{"line": None, "message": str(error)}], "refused": 1}
    if before is not None and not found["problems"]:
        found["before"] = _figures(before, today)
    return found


def _figures(row: ForecastFile, today: date) -> dict[str, Any]:
    content, name = content_of(row), Path(row.name)
    if row.name == "registrations.csv":
        return _registered(read_registrations(name, content).registrations, today)
    if row.name == "analogues.csv":
        return {"rows": len(read_analogues(name, content))}
    if row.name == "attendance.csv":
        days = read_counted_visits(name, content)
        return {"rows": len(days), "persons": round(sum(days.values()))}
    if name.suffix == ".csv":
        return {"rows": max(len(content.splitlines()) - 1, 0)}
    return {"bytes": len(content)}


def _registered(found: Registrations, today: date) -> dict[str, Any]:
    """Persons who hold a registration today, by day of visit."""
    by_day = found.held(today).sum(axis=0)
    return {
        "persons": round(float(by_day.sum())),
        "audiences": list(found.audiences),
        "days": {day.isoformat(): round(float(value)) for day, value in zip(found.visit_days, by_day, strict=True)},
    }
