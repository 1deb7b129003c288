"""Crews, equipment and budgets: taken from a file all at once, changed one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.adapter import plan_of
from tminus.desks.planning.levelling import book_of
from tminus.desks.planning.models import ResourceBook
from tminus.engines.schedule import PlanError
from tminus.formats.problems import BadFile
from tminus.formats.resources_document import document_of, read_content, read_document, without_gone
from tminus.platform.kept_files import FileGiven
from tminus.platform.registry import BadInput, Context, Grant, act

KINDS = "crew|equipment|person|budget|material"


class ImportArgs(BaseModel):
    """A workbook, CSV or JSON as ``docs/reference/resources.md`` has it."""

    file: FileGiven


class SupplyArgs(BaseModel):
    """How many units there are of ``resource``; with ``start`` and ``until`` only on those days, both included.

    ``name``, ``kind``, ``calendar`` (its shifts): left as they are where empty; they do not go with days.
    """

    resource: str = Field(min_length=1, max_length=80)
    capacity: float = Field(ge=0, le=1_000_000)
    start: date | None = None
    until: date | None = None
    name: str = Field("", max_length=200)
    kind: str = Field("", pattern=f"^({KINDS})?$")
    calendar: str = Field("", max_length=80)


class SupplyCodeArgs(BaseModel):
    resource: str


@act("planning.resources.import", grants=Grant.HEADQUARTERS)
def import_resources(ctx: Context, args: ImportArgs) -> dict[str, Any]:
    """Put the resources of a file in the place of those there are, all or none."""
    before = book_of(ctx.the_event)
    document = document_given(ctx, args.file)
    kept = _keep(ctx, document)
    ctx.record(kept, counts_of(before), {"file": args.file.name, **counts_of(document)})
    return counts_of(document)


@act("planning.supply.set", grants=Grant.HEADQUARTERS)
def set_supply(ctx: Context, args: SupplyArgs) -> dict[str, Any]:
    """Say how many there are of a crew or machine, always or from one day until another; a new name adds one."""
    document = book_of(ctx.the_event)
    before = _rows_of(document, args.resource)
    known = bool(before)
    if args.start is None and args.until is None:
        after = _with_supply(document, args)
    else:
        after = _with_step(document, args, known=known)
    checked(ctx, after)
    kept = _keep(ctx, after)
    ctx.record(
        kept, {"rows": before} if known else None, {"code": args.resource, "rows": _rows_of(after, args.resource)}
    )
    return {"resource": args.resource, "added": not known}


@act("planning.supply.remove", grants=Grant.HEADQUARTERS)
def remove_supply(ctx: Context, args: SupplyCodeArgs) -> dict[str, Any]:
    """Take a crew or machine away, and with it what tasks need of it."""
    document = book_of(ctx.the_event)
    gone = _rows_of(document, args.resource)
    if not gone:
        raise _unknown(document, args.resource)
    after = {
        table: rows if table == "calendars" else [row for row in rows if row.get("resource") != args.resource]
        for table, rows in document.items()
    }
    checked(ctx, after)
    kept = _keep(ctx, after)
    needs = len(document.get("needs", [])) - len(after.get("needs", []))
    ctx.record(kept, {"rows": gone, "needs": needs}, {"code": args.resource, "rows": []})
    return {"resource": args.resource, "needs": needs}


def document_given(ctx: Context, file: FileGiven) -> dict[str, Any]:
    """What a file holds, as it would be kept.

    :raises BadInput: every value that cannot be taken, with file, sheet, row, column and what is allowed.
    """
    plan = plan_of(ctx.the_event)
    found: dict[str, Any] = _read(lambda: document_of(read_content(file.name, file.content, plan)), "file", file.name)
    return found


def checked(ctx: Context, document: dict[str, Any]) -> None:
    """:raises BadInput: resources that contradict themselves or the plan."""
    plan = plan_of(ctx.the_event)
    kept, _gone = without_gone(document, plan)
    _read(lambda: read_document(kept, plan), "resource", "")


def counts_of(document: dict[str, Any]) -> dict[str, int]:
    tables = ("resources", "capacity", "needs", "modes", "places", "masks", "marks", "calendars")
    return {table: len(document.get(table, ())) for table in tables}


def _read(reading: Callable[[], Any], field: str, value: str) -> Any:
    try:
        return reading()
    except (BadFile, PlanError) as error:
        raise BadInput(str(error), field=field, value=value) from error


def _keep(ctx: Context, document: dict[str, Any]) -> ResourceBook:
    kept, _made = ResourceBook.objects.update_or_create(event=ctx.the_event, defaults={"document": document})
    return kept


def _rows_of(document: dict[str, Any], resource: str) -> list[dict[str, Any]]:
    """The row of a supply, then those that change how many there are."""
    rows = [*document.get("resources", []), *document.get("capacity", [])]
    return [row for row in rows if row["resource"] == resource]


def _with_supply(document: dict[str, Any], args: SupplyArgs) -> dict[str, Any]:
    rows = [dict(row) for row in document.get("resources", [])]
    row = next((row for row in rows if row["resource"] == args.resource), None)
    if row is None:
        row = {"resource": args.resource, "kind": "crew"}
        rows.append(row)
    given = {"name": args.name, "kind": args.kind, "calendar": args.calendar}
    row.update({name: value for name, value in given.items() if value} | {"capacity": args.capacity})
    return {**document, "resources": rows}


def _with_step(document: dict[str, Any], args: SupplyArgs, *, known: bool) -> dict[str, Any]:
    if not known:
        raise _unknown(document, args.resource)
    if args.start is None or args.until is None or args.until < args.start:
        field = "until" if args.start else "start"
        raise BadInput(_("from and until: both, until not before from"), field=field, value=args.until)
    start, until = args.start.isoformat(), args.until.isoformat()
    new = {"resource": args.resource, "from": start, "until": until, "capacity": args.capacity}
    others = [
        row
        for row in document.get("capacity", [])
        if (row["resource"], row["from"], row["until"]) != (args.resource, start, until)
    ]
    return {**document, "capacity": [*others, new]}


def _unknown(document: dict[str, Any], resource: str) -> BadInput:
    known = ", ".join(row["resource"] for row in document.get("resources", [])[:12])
    said = _("%(resource)s is no resource; allowed: %(known)s") % {"resource": resource, "known": known or "—"}
    return BadInput(said, field="resource", value=resource)
