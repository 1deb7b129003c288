"""A plan for a day proposed: sought and walked in a job, kept as a scenario of its own."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from tminus.desks.passengers.acts.day_scenarios import said_of, scenario_row
from tminus.desks.passengers.acts.day_walks import KeepArgs, kept, performed, started
from tminus.desks.passengers.days.kept_scenarios import as_scenario, free_key, proposed_names
from tminus.desks.passengers.days.walking_jobs import PROPOSE
from tminus.desks.passengers.models import DayScenarioKept, Origin
from tminus.platform import clock, jobs
from tminus.platform.jobs import Running, job
from tminus.platform.registry import Context, Grant, act

How = Literal["recommended", "greedy"]


class ProposeArgs(BaseModel):
    """``how``: the best plan the engines find, or what the rule of a duty officer does."""

    key: str
    how: How = "recommended"


class KeepProposalArgs(BaseModel):
    """The measures proposed for the scenario ``key``, and the walk of the scenario with them."""

    key: str
    how: How
    measures: list[dict[str, Any]]
    walk: KeepArgs


@act("passengers.day.propose", grants=Grant.HEADQUARTERS)
def propose(ctx: Context, args: ProposeArgs) -> dict[str, Any]:
    """Propose what to do about a scenario, as a job; what is proposed becomes a scenario of its own, walked."""
    row = scenario_row(ctx, args.key)
    found = started(ctx, PROPOSE, row, args.model_dump())
    ctx.record(row, None, {"job": found.pk, "how": args.how})
    return {"job": found.pk, "key": row.key}


@job(PROPOSE, again=True, name=gettext_lazy("A plan for a day"), page="day-scenarios")
def propose_in_background(running: Running) -> dict[str, Any]:
    """Propose, walk what is proposed, then keep both at once."""
    from tminus.desks.passengers.days import computing, proposing

    event, args = running.event, ProposeArgs(**running.args)
    assert event is not None  # noqa: S101 - started inside an event
    row = DayScenarioKept.objects.get(event=event, key=args.key)
    asked = computing.Asked(row.day, computing.known_until(row.day, clock.now(event)))
    found = proposing.proposed(event, as_scenario(row), args.how, asked, running.progress)
    return performed(running, "passengers.day.keep_proposal", {**found, "key": row.key, "how": args.how})


@act("passengers.day.keep_proposal", grants=Grant.HEADQUARTERS)
def keep_proposal(ctx: Context, args: KeepProposalArgs) -> dict[str, Any]:
    """Keep what was proposed as a scenario of its own, in place of what was proposed for it before; with its walk."""
    jobs.only_a_job(ctx)
    source = ctx.find(DayScenarioKept, key=args.key)
    row = source.made_from_it.filter(origin=args.how, withdrawn_at=None).first()
    before = said_of(row) if row else None
    row = row or _child(source, args.how)
    row.day, row.happenings, row.measures = source.day, source.happenings, args.measures
    row.at, row.person = ctx.now, ctx.person
    row.save()
    ctx.record(row, before, said_of(row))
    return kept(ctx, row, args.walk)


def _child(source: DayScenarioKept, how: str) -> DayScenarioKept:
    """A scenario for what is proposed; its names say of which one."""
    row = DayScenarioKept(
        event=source.event, key=free_key(source.event, f"{source.key}-{how}"), parent=source, origin=Origin(how),
        about_en=source.about_en, about_zh=source.about_zh,
    )  # fmt: skip
    names = proposed_names({"en": source.name_en, "zh": source.name_zh}, how)
    row.name_en, row.name_zh = names.get("en", ""), names.get("zh", "")
    return row
