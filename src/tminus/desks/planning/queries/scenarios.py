"""Scenarios beside the plan as it stands, and beside each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.edit_lines import lines_of
from tminus.desks.planning.edit_words import Words
from tminus.desks.planning.edits import edits_of
from tminus.desks.planning.models import Scenario
from tminus.desks.planning.standing import version
from tminus.platform import jobs
from tminus.platform.models import TDay
from tminus.platform.registry import Context, Grant, query


class ScenariosArgs(BaseModel):
    """No arguments."""


@query("planning.scenarios", grants=Grant.READ)
def scenarios(ctx: Context, args: ScenariosArgs) -> dict[str, Any]:
    """Every scenario with what it changes and what came out, beside the plan as it stood when they were computed."""
    rows = list(Scenario.objects.filter(event=ctx.event))
    edits = {row.code: edits_of(row.edits) for row in rows}
    words = Words(ctx.the_event, [edit for some in edits.values() for edit in some])
    stands = version(ctx.the_event)
    base = next((row.result["base"] for row in rows if row.result and row.version == stands), None)
    base = base or next((row.result["base"] for row in rows if row.result), None)
    job = jobs.under_way(ctx.event, "planning.scenarios")
    return {
        "base": base,
        "days": [_day(ctx, one["date"]) for one in base["checkpoints"]] if base else [],
        "job": job.pk if job else None,
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "name_en": row.name_en,
                "name_zh": row.name_zh,
                "lines": lines_of(edits[row.code]),
                "sentences": [words.of(edit) for edit in edits[row.code]],
                "result": row.result,
                "stale": bool(row.result) and row.version != stands,
            }
            for row in rows
        ],
    }


def _day(ctx: Context, text: str) -> dict[str, Any]:
    day = date.fromisoformat(text)
    return {"date": day, "label": str(TDay(ctx.the_event.t(day).n))}
