"""Baselines that came with plan files, and what one of them says of the tasks of a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.planning.baselines import Pair, standing_baselines
from tminus.desks.planning.models import Baseline, BaselineTask, Task
from tminus.formats.baselines import days_late
from tminus.platform.registry import BadInput, Context, Grant, query

NONE = "none"


class BaselinesArgs(BaseModel):
    """No arguments."""


@query("planning.baselines", grants=Grant.READ)
def baselines(ctx: Context, args: BaselinesArgs) -> dict[str, Any]:
    """Baselines that plan files brought, the main one first: what plans are compared with unless another is named."""
    rows = standing_baselines(ctx.the_event)
    ids = [one.pk for one in rows]
    counted = Baseline.objects.filter(pk__in=ids).annotate(n=Count("tasks")).values_list("pk", "n")
    tasks = dict(counted)
    return {"baselines": [{**told(one), "tasks": tasks[one.pk]} for one in rows]}


def told(one: Baseline) -> dict[str, Any]:
    return {"number": one.number, "title": one.title, "source": one.source, "at": one.at}


def chosen(rows: Sequence[Baseline], asked: str) -> Baseline | None:
    """Of the baselines that stand the one asked for by its number; of nothing the main one, of ``none`` none.

    :raises BadInput: no baseline that stands has this number.
    """
    if asked == NONE or not (rows or asked):
        return None
    found = next((one for one in rows if not asked or str(one.number) == asked), None)
    if found is None:
        allowed = ", ".join([NONE, *(str(one.number) for one in rows)])
        raise BadInput(
            _("baseline %(asked)s; allowed: %(allowed)s") % {"asked": asked, "allowed": allowed},
            field="baseline",
            value=asked,
        )
    return found


def agreed(baseline: Baseline | None, tasks: Sequence[Task]) -> dict[str, Pair]:
    """Start and finish in the baseline of those of the tasks it has."""
    if baseline is None:
        return {}
    rows = BaselineTask.objects.filter(baseline=baseline, key__in=[task.key for task in tasks])
    return {key: (start, finish) for key, start, finish in rows.values_list("key", "start", "finish")}


def beside(pair: Pair, finish: datetime | None) -> dict[str, Any]:
    """What a row says of its baseline; ``baseline_days``: of the calendar, by which it is finished later."""
    return {
        "baseline_start": pair[0],
        "baseline_finish": pair[1],
        "baseline_days": days_late(finish, pair[1]),
    }
