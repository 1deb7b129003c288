"""What publishing a walk would do, and what is published of a day: measures by unit with the state of their duties."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.passengers.element_names import ElementNames, kept_names
from tminus.desks.passengers.measure_words import DOES, measure_words, when_words
from tminus.desks.passengers.models import DayScenarioKept, PublishedMeasure
from tminus.desks.passengers.publishing.differences import pairs
from tminus.desks.passengers.publishing.handouts import walk_paper
from tminus.desks.passengers.publishing.plan import Fate, Step, measures_of, planned, published, walk_of
from tminus.desks.passengers.publishing.times import LEAD_H, MOST_LEAD_H, begins_at, ends_at
from tminus.desks.passengers.publishing.warnings import warnings_of
from tminus.formats.event_folder.day_scenarios import Measure
from tminus.platform.duties.about import lives_at
from tminus.platform.languages import day_text
from tminus.platform.models import Duty, Person
from tminus.platform.registry import Context, Grant, NothingArgs, query, reaches


class LookArgs(BaseModel):
    """As ``passengers.day.publish`` takes them."""

    key: str
    walk: int | None = None
    lead_h: float = Field(LEAD_H, ge=0, le=MOST_LEAD_H)
    holders: dict[int, str] = Field(default_factory=dict)
    units: dict[int, str] = Field(default_factory=dict)


class PublishedArgs(BaseModel):
    day: date


class AgainstArgs(BaseModel):
    """``key`` of a scenario: as it stands, walked or not."""

    key: str
    walk: int | None = None


@query("passengers.day.publish.look", grants=Grant.HEADQUARTERS)
def look(ctx: Context, args: LookArgs) -> dict[str, Any]:
    """Who would get which duty and when, what stays, changes and is withdrawn, and what to know first."""
    plan = planned(ctx, walk_of(ctx, args.key, args.walk), args.holders, args.lead_h, args.units)
    names, walk = kept_names(ctx.the_event), plan.walk
    steps = [_step(ctx, one, names) for one in plan.steps]
    return {
        "key": walk.scenario.key, "name": walk.scenario.name, "day": plan.day, "lead_h": plan.lead_h,
        "walk": {"id": walk.pk, "at": walk.at, "by": walk.person.name if walk.person else None, "as_of": walk.as_of,
                 "row": walk.figures["row"]},
        "steps": steps, "counts": {fate.value: len(plan.of(fate)) for fate in Fate}, "changes": plan.changes,
        "warnings": warnings_of(ctx, plan), "seen": plan.digest,
    }  # fmt: skip


def _step(ctx: Context, step: Step, names: ElementNames) -> dict[str, Any]:
    carrier, old, duty = step.carrier, step.old, step.old.duty if step.old else None
    return {
        "fate": step.fate.value, "measure": None if step.place is None else step.place + 1,
        "number": old.number if old else None, "what": measure_words(step.measure, names),
        "was": measure_words(step.was, names) if step.was and step.was != step.measure else "",
        "unit": _unit(carrier.unit if carrier else old.unit if old else None),
        "holder": _person(carrier.holder if carrier else duty.holder if duty else None),
        "unit_proposed": step.unnamed,
        "stands_in": bool(carrier and carrier.stands_in), "begins": step.begins, "ends": step.ends,
        "due_at": _local(ctx, step.due_at), "due_before": _local(ctx, duty.due_at if duty else None),
        "late": step.late.value, "duty": duty.pk if duty else None,
        "state": str(duty.get_state_display()) if duty else "",
    }  # fmt: skip


def _local(ctx: Context, at: Any) -> Any:
    return at.astimezone(ctx.the_event.zone) if at else None


def _unit(unit: Any) -> dict[str, Any] | None:
    return {"code": unit.code, "name": unit.name} if unit else None


def _person(person: Person | None) -> dict[str, Any] | None:
    return {"id": person.pk, "name": person.name, "account": person.username} if person else None


@query("passengers.day.published.days", grants=Grant.READ)
def published_days(ctx: Context, args: NothingArgs) -> list[dict[str, Any]]:
    """Days of which measures are published, with how many and when the last of them were."""
    rows = PublishedMeasure.objects.filter(event=ctx.event, withdrawn_at=None).values("day").order_by("day")
    return [{"day": one["day"], "measures": one["n"]} for one in rows.annotate(n=Count("pk"))]


@query("passengers.day.published", grants=Grant.READ)
def published_of(ctx: Context, args: PublishedArgs) -> dict[str, Any]:
    """Measures published of a day by unit, with who answers for each and how far the duty is."""
    names, rows = kept_names(ctx.the_event), published(ctx, args.day)
    told = [_row(ctx, row, names) for row in rows]
    units = {row["unit"]["code"] if row["unit"] else "": row["unit"] for row in told}
    last = max(rows, key=lambda row: row.published_at, default=None)
    return {
        "day": args.day,
        "units": [
            {"unit": unit, "rows": sorted((one for one in told if one["unit"] == unit), key=lambda one: one["begins"])}
            for _code, unit in sorted(units.items())
        ],
        "measures": len(rows),
        "states": _states(rows),
        "scenario": {"key": last.scenario.key, "name": last.scenario.name, "walk": last.walk_id} if last else None,
        "at": last.published_at if last else None,
        "by": last.person.name if last and last.person else None,
        "withdrawn": PublishedMeasure.objects.filter(event=ctx.event, day=args.day, withdrawn_at__isnull=False).count(),
    }  # fmt: skip


def _row(ctx: Context, row: PublishedMeasure, names: ElementNames) -> dict[str, Any]:
    measure, duty = measures_of([row.what], row.day)[0], row.duty
    whole = _("all day")
    return {
        "number": row.number, "kind": row.kind, "kind_word": str(DOES[measure.kind]),
        "what": measure_words(measure, names, when=False),
        "when": when_words(measure.from_min, measure.to_min) or whole, "json": row.what,
        "begins": begins_at(ctx.the_event, row.day, measure), "ends": ends_at(ctx.the_event, row.day, measure),
        "unit": _unit(row.unit), "holder": _person(duty.holder if duty else None),
        "duty": duty.pk if duty and _sees(ctx, duty) else None, "state": str(duty.state) if duty else "",
        "state_name": str(duty.get_state_display()) if duty else "",
        "due_at": _local(ctx, duty.due_at if duty else None),
        "late": bool(duty and duty.open and duty.due_at and duty.due_at < ctx.now and duty.state != "submitted"),
        "published_at": row.published_at,
    }  # fmt: skip


def _sees(ctx: Context, duty: Duty) -> bool:
    own = ctx.person is not None and ctx.person.pk in {duty.holder_id, duty.delegate_id, duty.acceptor_id}
    return own or ctx.scope.can_read(duty.unit)


def _states(rows: list[PublishedMeasure]) -> dict[str, int]:
    """How many duties are in each state."""
    states = [str(row.duty.state) for row in rows if row.duty]
    return {state: states.count(state) for state in dict.fromkeys(states)}


@query("passengers.day.against_published", grants=Grant.READ)
def against_published(ctx: Context, args: AgainstArgs) -> dict[str, Any]:
    """What a scenario's measures would change of what is published of its day, in words; nothing where none is."""
    scenario = ctx.find(DayScenarioKept, key=args.key)
    rows = walk_of(ctx, args.key, args.walk).measures if args.walk is not None else scenario.measures
    wanted = measures_of(rows, scenario.day)
    return {"day": scenario.day, **differences_said(ctx, scenario.day, wanted, kept_names(ctx.the_event))}


def differences_said(ctx: Context, day: date, wanted: tuple[Measure, ...], names: ElementNames) -> dict[str, Any]:
    """``published``: how many measures stand; ``new``, ``changed`` (with ``was``), ``gone`` in words; ``same``: how
    many are as published."""
    stand = published(ctx, day)
    was = measures_of([row.what for row in stand], day)
    found: dict[str, Any] = {"published": len(stand), "new": [], "changed": [], "gone": [], "same": 0}
    for before, after in pairs(was, wanted):
        if before is None and after is not None:
            found["new"].append(measure_words(wanted[after], names))
        elif after is None and before is not None:
            found["gone"].append(measure_words(was[before], names))
        elif before is not None and after is not None and was[before] == wanted[after]:
            found["same"] += 1
        elif before is not None and after is not None:
            words = {"what": measure_words(wanted[after], names), "was": measure_words(was[before], names)}
            found["changed"].append(words)
    return found


@query("passengers.day.paper", grants=Grant.READ)
def paper(ctx: Context, args: AgainstArgs) -> dict[str, str]:
    """The plan of a walked day as a PDF in base64, in the language of whoever asks."""
    walk = walk_of(ctx, args.key, args.walk)
    made = walk_paper(ctx, walk)
    return {"name": made.name, "content": b64encode(made.content).decode()}


@lives_at("passengers.publishedmeasure")
def measure_of(ctx: Context, duty: Duty) -> tuple[str, str] | None:
    """The plan of the day a duty is about, for whoever can read it."""
    row = PublishedMeasure.objects.filter(event=ctx.event, pk=duty.about_id).first()
    if row is None or not reaches(ctx.scope, Grant.READ):
        return None
    address = reverse("day-published", kwargs={"event": ctx.the_event.slug, "day": f"{row.day}"})
    return _("Measures of %(day)s") % {"day": day_text(row.day)}, f"{address}#m{row.number}"
