"""Scenarios: a few changes looked at beside the plan, and beside each other."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

from tminus.desks.planning import adapter
from tminus.desks.planning.acts.areas import CODE
from tminus.desks.planning.acts.drafting import try_edits
from tminus.desks.planning.edit_lines import edits_from
from tminus.desks.planning.edits import Edit, as_json, edits_of
from tminus.desks.planning.models import RiskRun, Scenario
from tminus.desks.planning.simulation import compared
from tminus.desks.planning.standing import version
from tminus.engines.schedule import Plan
from tminus.platform import jobs
from tminus.platform.jobs import Running, job
from tminus.platform.registry import BadInput, Context, Grant, act, perform

MOST = 12
"""Scenarios of an event: more are not compared by anybody."""


class ScenarioArgs(BaseModel):
    """What would be otherwise, as ``edits`` or as ``lines`` (one change a line), or the repair of a simulation."""

    code: str = Field(pattern=CODE)
    name_en: str = Field(min_length=1, max_length=300)
    name_zh: str = Field("", max_length=300)
    edits: list[dict[str, Any]] = Field(default_factory=list)
    lines: str = Field("", max_length=20_000)
    run: int | None = None
    repair: int | None = None


class ScenarioCodeArgs(BaseModel):
    code: str


class ComputeArgs(BaseModel):
    """No arguments."""


@act("planning.scenario.set", grants=Grant.HEADQUARTERS)
def set_scenario(ctx: Context, args: ScenarioArgs) -> dict[str, Any]:
    """Add a scenario, or change the one with this code; nothing of the plan changes."""
    edits = _given(ctx, args)
    try_edits(ctx, edits)
    found = Scenario.objects.filter(event=ctx.event, code=args.code).first()
    if found is None and Scenario.objects.filter(event=ctx.event).count() >= MOST:
        raise BadInput(_("%(n)d scenarios; take one away first") % {"n": MOST}, field="code", value=args.code)
    before = {"name": found.name_en, "edits": found.edits} if found else None
    values = {"name_en": args.name_en, "name_zh": args.name_zh, "edits": as_json(edits), "version": "", "result": None}
    made, _created = Scenario.objects.update_or_create(event=ctx.the_event, code=args.code, defaults=values)
    ctx.record(made, before, {"code": args.code, "name": args.name_en, "edits": made.edits})
    return {"scenario": made.code, "added": found is None}


@act("planning.scenario.remove", grants=Grant.HEADQUARTERS)
def remove_scenario(ctx: Context, args: ScenarioCodeArgs) -> dict[str, Any]:
    """Take a scenario away."""
    found = ctx.find(Scenario, code=args.code)
    ctx.record(found, {"code": found.code, "name": found.name_en, "edits": found.edits}, None)
    found.delete()
    return {"scenario": args.code}


@act("planning.scenario.start", grants=Grant.HEADQUARTERS)
def start(ctx: Context, args: ComputeArgs) -> dict[str, Any]:
    """Schedule and simulate every scenario beside the plan as it stands, as a job."""
    if not Scenario.objects.filter(event=ctx.event).exists():
        raise BadInput(_("there is no scenario yet"), field="code")
    started = jobs.start(ctx, "planning.scenarios", {})
    ctx.record(ctx.the_event, None, {"job": started.pk})
    return {"job": started.pk}


@job("planning.scenarios", again=True, name=gettext_lazy("Scenarios"), page="scenarios")
def in_background(running: Running) -> dict[str, Any]:
    """Compute all of them, with the same draws, and keep what came out."""
    event = running.event
    assert event is not None  # noqa: S101 - started inside an event
    rows = list(Scenario.objects.filter(event=event))
    edits = [edits_of(row.edits) for row in rows]
    found = compared(event, edits, running.progress)
    results = {row.code: result for row, result in zip(rows, found.scenarios, strict=True)}
    args = {"version": found.version, "base": found.base, "results": results}
    done: dict[str, Any] = perform("planning.scenario.keep", args, event=event, person=running.person, channel="job")
    return done


class KeepArgs(BaseModel):
    """What was computed: by scenario, and for the plan as it stood (``base``)."""

    version: str
    base: dict[str, Any]
    results: dict[str, dict[str, Any]]


@act("planning.scenario.keep", grants=Grant.HEADQUARTERS)
def keep(ctx: Context, args: KeepArgs) -> dict[str, Any]:
    """Keep what the scenarios came to, beside the plan they were computed on."""
    jobs.only_a_job(ctx)
    kept = 0
    for row in Scenario.objects.filter(event=ctx.event, code__in=args.results):
        row.version, row.result = args.version, {"base": args.base, **args.results[row.code]}
        row.save(update_fields=["version", "result"])
        kept += 1
    ctx.record(ctx.the_event, None, {"scenarios": kept})
    return {"scenarios": kept, "stale": args.version != version(ctx.the_event)}


def _given(ctx: Context, args: ScenarioArgs) -> list[Edit]:
    if args.run is not None:
        repairs = ctx.find(RiskRun, pk=args.run).result.get("repairs", [])
        if args.repair is None or not 0 <= args.repair < len(repairs):
            raise BadInput(_("no such repair"), field="repair", value=args.repair)
        return edits_of(repairs[args.repair]["edits"])
    if args.lines.strip():
        plan = adapter.plan_of(ctx.the_event)
        return edits_of(as_json(edits_from(args.lines, {task.id for task in plan.tasks}, day_minutes_of(plan))))
    return edits_of(args.edits)


def day_minutes_of(plan: Plan) -> dict[str, int]:
    """By calendar the working minutes of its usual day; ``""``: the plan's own."""
    own = plan.calendars[plan.default_calendar].day_minutes if plan.default_calendar else 480
    return {"": own, **{code: calendar.day_minutes for code, calendar in plan.calendars.items()}}
