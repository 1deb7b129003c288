"""How likely each checkpoint is to be passed, what endangers it, and what would buy days: the last simulation."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.edit_words import Words
from tminus.desks.planning.edits import edits_of
from tminus.desks.planning.models import RiskCause, RiskRun, Task
from tminus.desks.planning.queries.tasks import readable
from tminus.desks.planning.repairing import AIM
from tminus.desks.planning.standing import version
from tminus.platform import jobs
from tminus.platform.languages import in_language
from tminus.platform.models import TDay
from tminus.platform.registry import BadInput, Context, Grant, query

DAYS_OF_TREND = 120


class LikelihoodArgs(BaseModel):
    """``t``: the checkpoint looked at closely, T-30; empty: the next one that is in danger."""

    t: str = ""


class CausesArgs(BaseModel):
    """No arguments."""


@query("planning.likelihood", grants=Grant.READ)
def likelihood(ctx: Context, args: LikelihoodArgs) -> dict[str, Any]:
    """The probability of every checkpoint by the last simulation, its trend, its causes, and what would buy days."""
    run = RiskRun.objects.filter(event=ctx.event).select_related("person").first()
    aim = float(ctx.the_event.settings.get("aim", AIM))
    if run is None:
        return {"run": None, "aim": aim, "job": _job(ctx)}
    trend = _trend(ctx)
    checkpoints = [_checkpoint(ctx, one, aim, trend) for one in run.result["checkpoints"]]
    looked_at = _looked_at(ctx, checkpoints, args.t)
    day = looked_at["date"].isoformat() if looked_at else ""
    return {
        "run": {
            "id": run.pk,
            "at": run.at,
            "by": run.person.name if run.person else None,
            "samples": run.samples,
            "elapsed_s": run.elapsed_s,
            "stale": run.version != version(ctx.the_event),
        },
        "aim": aim,
        "job": _job(ctx),
        "checkpoints": checkpoints,
        "one": looked_at,
        "trend": trend.get(day, []),
        "causes": _causes(ctx, run.result["causes"].get(day, [])),
        "critical": _critical(ctx, run.result["critical"]),
        "repairs": _repairs(ctx, run, day),
    }


@query("planning.causes", grants=Grant.READ)
def causes(ctx: Context, args: CausesArgs) -> dict[str, Any]:
    """The causes of risk the simulation reckons with."""
    rows = RiskCause.objects.filter(event=ctx.event).select_related("unit")
    return {
        "rows": [
            {
                "code": one.code,
                "name_en": one.name_en,
                "name_zh": one.name_zh,
                "name": one.name,
                "unit": one.unit.code if one.unit else None,
                "unit_name": one.unit.name if one.unit else None,
                "active": one.active,
                "definition": one.definition,
            }
            for one in rows
        ]
    }


def _job(ctx: Context) -> int | None:
    """The simulation under way, if one is."""
    found = jobs.under_way(ctx.event, "planning.simulate")
    return found.pk if found else None


def _trend(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    """By checkpoint the probability of each day's last simulation, the oldest first."""
    latest: dict[date, dict[str, float | None]] = {}
    rows = RiskRun.objects.filter(event=ctx.event).order_by("-id").values_list("day", "result__probabilities")
    for day, found in rows[: 4 * DAYS_OF_TREND]:
        latest.setdefault(day, found or {})
        if len(latest) >= DAYS_OF_TREND:
            break
    trend: dict[str, list[dict[str, Any]]] = {}
    for day in sorted(latest):
        for checkpoint, p in latest[day].items():
            if p is not None:
                trend.setdefault(checkpoint, []).append({"day": day, "t": ctx.the_event.t(day).n, "p": p})
    return trend


def _checkpoint(
    ctx: Context, one: dict[str, Any], aim: float, trend: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    points = trend.get(one["date"], [])
    day = date.fromisoformat(one["date"])
    past = day < ctx.now.date()
    return {
        **one,
        **{name: date.fromisoformat(one[name]) if one[name] else None for name in ("p50", "p80", "p90")},
        "date": day,
        "label": str(TDay(-one["t_minus"])),
        "past": past,
        "change": one["p"] - points[-2]["p"] if one["p"] is not None and len(points) > 1 else None,
        "in_danger": not past and one["p"] is not None and one["p"] < aim,
    }


def _looked_at(ctx: Context, checkpoints: list[dict[str, Any]], asked: str) -> dict[str, Any] | None:
    if asked:
        try:
            n = TDay.parse(asked).n
        except ValueError as error:
            raise BadInput(str(error), field="t", value=asked) from error
        return next((one for one in checkpoints if one["t_minus"] == -n), None)
    ahead = [one for one in checkpoints if not one["past"]]
    return next((one for one in ahead if one["in_danger"]), ahead[-1] if ahead else None)


def _causes(ctx: Context, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Named as they are called now; a cause taken away since keeps the name it had."""
    names = {one.code: one.name for one in RiskCause.objects.filter(event=ctx.event)}
    return [{**row, "name": names.get(row["code"]) or in_language(row["name"], row["name_zh"])} for row in rows]


def _critical(ctx: Context, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = readable(ctx).filter(key__in=[row["key"] for row in rows]).select_related("responsible", "unit")
    tasks = {task.key: task for task in found}
    return [_task(tasks[row["key"]]) | row for row in rows if row["key"] in tasks]


def _task(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "holder": task.responsible.name if task.responsible else None,
        "unit": task.unit.name if task.unit else None,
        "status": task.status,
        "finish": task.planned_finish,
    }


def _repairs(ctx: Context, run: RiskRun, day: str) -> list[dict[str, Any]]:
    """What would buy days for the checkpoint, in words; ``number`` is what a proposal is made from."""
    chosen = [
        (number, row, edits_of(row["edits"]))
        for number, row in enumerate(run.result.get("repairs", []))
        if row["checkpoint"] == day
    ]
    words = Words(ctx.the_event, [edit for _number, _row, edits in chosen for edit in edits])
    return [
        {"number": number, "title": words.together(edits), "sentences": [words.of(edit) for edit in edits], **row}
        for number, row, edits in chosen
    ]
