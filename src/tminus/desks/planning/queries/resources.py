"""Crews, equipment and budgets of the event, how loaded they are, and as a file."""

from __future__ import annotations

import base64
from collections import Counter
from datetime import date
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.acts.resources import counts_of, document_given
from tminus.desks.planning.adapter import plan_of
from tminus.desks.planning.levelling import book_of, name_of, stamp
from tminus.desks.planning.models import Levelling
from tminus.desks.planning.standing import version
from tminus.engines.schedule import PlanError
from tminus.formats.problems import BadFile
from tminus.formats.resources_document import document_of, read_document, resources_workbook, without_gone
from tminus.platform import jobs
from tminus.platform.kept_files import FileGiven
from tminus.platform.languages import reads_chinese
from tminus.platform.models import Job, JobState
from tminus.platform.registry import BadInput, Context, Grant, query


class ResourcesArgs(BaseModel):
    """No arguments."""


class CheckArgs(BaseModel):
    """``file``: as ``planning.resources.import`` takes it."""

    file: FileGiven


@query("planning.resources", grants=Grant.READ)
def resources(ctx: Context, args: ResourcesArgs) -> dict[str, Any]:
    """Every crew, machine and budget: how many, what is needed at most, overload now and as levelled last."""
    document = book_of(ctx.the_event)
    names = ("number", "at", "version", "result__resources", "result__loads")
    last = Levelling.objects.filter(event=ctx.event).values(*names).first()
    loads = last["result__loads"] if last else {}
    needs = Counter(row["resource"] for row in document.get("needs", []))
    rows = [_supply(row, document, loads.pop(row["resource"], None), needs) for row in document.get("resources", [])]
    rows += [_shared(key, load) for key, load in loads.items() if load["kind"] != "supply"]
    return {
        "rows": sorted(rows, key=lambda row: (-(row["hours_before"] or 0), -(row["hours_after"] or 0))),
        "counts": counts_of(document),
        "levelling": _last(ctx, last) if last else None,
        "job": job_under_way(ctx),
        "failed": _failed(ctx),
    }


@query("planning.resources.check", grants=Grant.HEADQUARTERS)
def check(ctx: Context, args: CheckArgs) -> dict[str, Any]:
    """What importing a file of resources would change; nothing is written."""
    after, before = document_given(ctx, args.file), _as_given(ctx)
    now = {row["resource"]: row for row in before.get("resources", [])}
    then = {row["resource"]: row for row in after.get("resources", [])}
    return {
        "file": args.file.name,
        "counts": counts_of(after),
        "before": counts_of(before),
        "added": [code for code in then if code not in now],
        "changed": [code for code in then if code in now and then[code] != now[code]],
        "removed": [code for code in now if code not in then],
        "same": before == after,
    }


def _as_given(ctx: Context) -> dict[str, Any]:
    """The resources there are, written as those of a file are: what is as usual left out."""
    plan = plan_of(ctx.the_event)
    kept, _gone = without_gone(book_of(ctx.the_event), plan)
    try:
        return document_of(read_document(kept, plan))
    except (BadFile, PlanError):  # the plan has changed under them; a file may well mend that
        return dict(kept)


@query("planning.resources.export", grants=Grant.READ)
def export(ctx: Context, args: ResourcesArgs) -> dict[str, Any]:
    """The resources as a workbook that ``planning.resources.import`` reads back; ``content`` in base64."""
    plan = plan_of(ctx.the_event)
    document, _gone = without_gone(book_of(ctx.the_event), plan)
    try:
        content = resources_workbook(document, read_document(document, plan), chinese=reads_chinese())
    except (BadFile, PlanError) as error:
        raise BadInput(str(error), field="resources") from error
    return {"name": f"{ctx.the_event.slug}-resources.xlsx", "content": base64.b64encode(content).decode()}


def is_stale(ctx: Context, plan: str, resources: str) -> bool:
    """Whether the plan or its resources have changed since they stood at these versions."""
    return plan != version(ctx.the_event) or resources != stamp(ctx.the_event)


def _last(ctx: Context, row: Any) -> dict[str, Any]:
    stale = is_stale(ctx, row["version"], row["result__resources"])
    return {"number": row["number"], "at": row["at"], "stale": stale}


def job_under_way(ctx: Context) -> int | None:
    found = jobs.under_way(ctx.event, "planning.level")
    return found.pk if found else None


def _failed(ctx: Context) -> str:
    """Why the newest levelling came to nothing, should it have."""
    newest = Job.objects.filter(event=ctx.event, kind="planning.level").order_by("-pk").first()
    return newest.error if newest is not None and newest.state == JobState.FAILED else ""


LOAD = ("peak_before", "peak_after", "hours_before", "hours_after", "days_before", "days_after")


def _supply(
    row: dict[str, Any], document: dict[str, Any], load: dict[str, Any] | None, needs: Counter[str]
) -> dict[str, Any]:
    code = row["resource"]
    return {
        "resource": code,
        "name": name_of(row.get("name") or code),
        "kind": row.get("kind", "crew"),
        "capacity": row.get("capacity", 1),
        "calendar": row.get("calendar", ""),
        "steps": [_step(one) for one in document.get("capacity", []) if one["resource"] == code],
        "needs": needs[code],
        **{name: load[name] if load else None for name in LOAD},
    }


def _step(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(row[name][:10]) for name in ("from", "until")}
    return {"start": days["from"], "until": days["until"], "capacity": row["capacity"]}


def _shared(key: str, load: dict[str, Any]) -> dict[str, Any]:
    """A skill or a place that several tasks share: it has a load, and no row of its own."""
    name = name_of(load["name"])
    row = {"resource": key, "name": name, "kind": load["kind"], "capacity": None, "calendar": "", "steps": []}
    return {**row, "needs": None, **{name: load[name] for name in LOAD}}
