"""Publications kept as baselines, and what lies between two of them, or between the last one and the draft."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.models import Publication, PublishedTask, Task, TaskKind
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.registry import Context, Grant, Missing, query

MOST, EVERYTHING = 500, 50_000


class PublicationsArgs(BaseModel):
    """No arguments."""


class DifferenceArgs(BaseModel):
    """``before`` and ``after`` are numbers of publications; without them, the last one and the draft.

    ``most``: rows listed of each kind; the totals count all.
    """

    before: int | None = Field(None, ge=1)
    after: int | None = Field(None, ge=1)
    most: int = Field(MOST, ge=1, le=EVERYTHING)


class Dated(NamedTuple):
    """One leaf on either side of a comparison; ``done``: finished, so that its draft date says nothing."""

    name: str
    unit: str
    holder: str
    finish: datetime
    done: bool = False


@query("planning.publications", grants=Grant.READ)
def publications(ctx: Context, args: PublicationsArgs) -> dict[str, Any]:
    """Every publication, the latest first: each is a baseline that is kept."""
    leaves = Count("tasks", filter=~Q(tasks__kind=TaskKind.SUMMARY))
    found = Publication.objects.filter(event=ctx.event).select_related("person").order_by("-number")
    return {"publications": [_publication(one) for one in found.annotate(leaves=leaves)]}


def _publication(one: Publication) -> dict[str, Any]:
    by = one.person.name if one.person else ""
    return {"number": one.number, "at": one.at, "by": by, "title": one.title, "tasks": getattr(one, "leaves", None)}


@query("planning.difference", grants=Grant.READ)
def difference(ctx: Context, args: DifferenceArgs) -> dict[str, Any]:
    """Leaves whose finish differs between two baselines, the greatest move first; days of the calendar.

    :raises Missing: no publication has that number.
    """
    first = _numbered(ctx, args.before) if args.before else Publication.objects.filter(event=ctx.event).first()
    then = _numbered(ctx, args.after) if args.after else None
    # What one may read now, one may read of the past; what is gone is told to whose it was.
    before = _published(first.tasks.all()) if first else {}
    after = _published(_in_reach(ctx, then)) if then else _draft(ctx)
    moved = [_move(key, before[key], row) for key, row in after.items() if key in before and _moved(before[key], row)]
    moved.sort(key=lambda move: (-abs(move["days"]), move["key"]))
    added = [_listed(key, row) for key, row in after.items() if key not in before]
    standing = set(
        _leaves(then.tasks.all() if then else Task.objects.filter(event=ctx.event)).values_list("key", flat=True)
    )
    gone = _published(_in_reach(ctx, first)) if first else {}
    removed = [_listed(key, row) for key, row in gone.items() if key not in standing]
    return {
        "publication": first.number if first else None,
        "published_at": first.at if first else None,
        "before": _publication(first) if first else None,
        "after": _publication(then) if then else None,
        "moved": moved[: args.most],
        "moved_total": len(moved),
        "later": sum(move["days"] > 0 for move in moved),
        "earlier": sum(move["days"] < 0 for move in moved),
        "units": [{"unit": unit, "moved": n} for unit, n in Counter(move["unit"] for move in moved).most_common()],
        "holders": sorted({move["holder"] for move in moved if move["holder"]}),
        "checkpoints": _crossings(ctx, moved),
        "added": added[: args.most],
        "added_total": len(added),
        "removed": removed[: args.most],
        "removed_total": len(removed),
        "unchanged": len(after) - len(moved) - len(added),
    }


def _numbered(ctx: Context, number: int) -> Publication:
    found = Publication.objects.filter(event=ctx.event, number=number).select_related("person").first()
    if found is None:
        raise Missing(_("no publication has the number %(number)s") % {"number": number}, field="before", value=number)
    return found


def _leaves(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.exclude(kind=TaskKind.SUMMARY)


def _in_reach(ctx: Context, publication: Publication) -> QuerySet[PublishedTask]:
    rows: QuerySet[PublishedTask] = publication.tasks.all()
    if ctx.scope.reads_all or ctx.scope.acts_everywhere:
        return rows
    mine = Q(unit__in=ctx.scope.units_readable()) | Q(holder=ctx.person)
    return rows.filter(mine | Q(key__in=readable(ctx).values("key")))


def _published(rows: QuerySet[PublishedTask]) -> dict[str, Dated]:
    found = _leaves(rows).select_related("unit", "holder")
    return {row.key: _dated(row, row.holder, row.finish) for row in found}


def _draft(ctx: Context) -> dict[str, Dated]:
    rows = _leaves(readable(ctx)).exclude(planned_finish=None).order_by("position")
    return {
        row.key: _dated(row, row.responsible, row.planned_finish)._replace(done=row.actual_finish is not None)
        for row in rows
    }


def _dated(row: Any, holder: Any, finish: datetime) -> Dated:
    return Dated(row.name, row.unit.name if row.unit else "", holder.name if holder else "", finish)


def _moved(before: Dated, after: Dated) -> bool:
    return not after.done and before.finish != after.finish


def _crossings(ctx: Context, moved: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Checkpoints that tasks are due by on one side only: ``later`` no longer, ``earlier`` newly."""
    event, found = ctx.the_event, []
    if not moved:
        return []
    first = min(min(move["before"], move["finish"]) for move in moved)
    for day in event.checkpoint_dates(event.t(first.date()).n):
        end = datetime.combine(day, time.max)
        later = sum(move["before"] <= end < move["finish"] for move in moved)
        earlier = sum(move["finish"] <= end < move["before"] for move in moved)
        if later or earlier:
            found.append({"t": str(event.t(day)), "date": day, "later": later, "earlier": earlier})
    return found


def _listed(key: str, row: Dated) -> dict[str, Any]:
    return {"key": key, "name": row.name, "unit": row.unit, "holder": row.holder, "finish": row.finish}


def _move(key: str, before: Dated, after: Dated) -> dict[str, Any]:
    days = round((after.finish - before.finish).total_seconds() / 86_400, 2)
    return {**_listed(key, after), "before": before.finish, "holder_before": before.holder, "days": days}
