"""Any file that holds a plan, told apart by what it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tminus.engines.schedule import Plan, PlanError, WorkCalendar
from tminus.engines.schedule.model import check
from tminus.formats.assignment_book import Told, read_book
from tminus.formats.columns import ColumnMapping
from tminus.formats.mspdi import read_mspdi
from tminus.formats.mspdi.reader import parse_xml
from tminus.formats.plan_json import read_plan_json
from tminus.formats.primavera import read_pmxml, read_xer
from tminus.formats.problems import BadFile, read_bytes
from tminus.formats.tables import SHEET_FILES, TEXT_FILES

KINDS = (
    "xlsx, xls, ods, csv, MS Project XML or Primavera P6 XML (.xml), Primavera XER (.xer), tminus JSON (.json), "
    "TaskJuggler (.tjp), or an event folder"
)


def read_plan(
    path: Path,
    *,
    mapping: ColumnMapping | None = None,
    calendars: Mapping[str, WorkCalendar] | None = None,
    told: Told | None = None,
) -> Plan:
    """Read a plan, checked.

    :raises BadFile: not such a file, or any value in it that cannot be taken (:class:`Rejected` lists them all).
    """
    if path.is_dir():
        from tminus.formats.event_folder import read_folder_plan

        return read_folder_plan(path)
    content = read_bytes(path)
    reader = _reader(path, content)
    if reader is None:
        plan = read_book(path, content=content, mapping=mapping, calendars=calendars, told=told).checked()
    else:
        plan = reader(path, content)
    try:
        check(plan)
    except PlanError as error:
        raise BadFile(f"{path.name}: {error}") from error
    return plan


def _reader(path: Path, content: bytes) -> Callable[[Path, bytes], Plan] | None:
    """``None``: a table."""
    suffix = path.suffix.lower()
    if suffix in (".mpp", ".mpt") or (content.startswith(b"\xd0\xcf\x11\xe0") and suffix != ".xls"):
        raise BadFile(
            f"{path.name}: MS Project's own format cannot be read; in MS Project choose Save As → XML, then give that"
        )
    if suffix in SHEET_FILES | TEXT_FILES:
        return None
    if suffix == ".json":
        return read_plan_json
    if suffix == ".xml":
        return _xml
    if suffix == ".tjp":
        from tminus.formats.taskjuggler import read_taskjuggler

        return read_taskjuggler
    if suffix == ".xer" or content.startswith(b"ERMHDR"):
        return read_xer
    raise BadFile(f"{path.name}: {suffix or 'no'} ending is not known; allowed: {KINDS}")


def _xml(path: Path, content: bytes) -> Plan:
    root = parse_xml(path, content)
    if root.tag.endswith("}Project") or root.tag == "Project":
        return read_mspdi(path, content)
    name = root.tag.rsplit("}", 1)[-1]
    if name == "APIBusinessObjects":
        return read_pmxml(path, content)
    raise BadFile(
        f"{path.name}: root element {name!r}; allowed: an MS Project file (Project) or a P6 file (APIBusinessObjects)"
    )
