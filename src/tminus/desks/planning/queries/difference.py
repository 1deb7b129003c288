"""Publications kept as baselines, and what lies between two of them, or between the last one and the draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, NamedTuple

from django.db.models import BooleanField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.models import Publication, PublishedTask, Task, TaskKind
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.languages import in_language
from tminus.platform.local_datetime import LocalDateTimeField
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


class Row(NamedTuple):
    """One leaf on the later side; ``was``: its finish on the earlier one."""

    key: str
    name: str
    unit: str
    holder: str
    finish: datetime
    was: datetime | None = None

    @property
    def days(self) -> float:
        """By how many days of the calendar the finish has moved; positive is later."""
        return round((self.finish - self.was).total_seconds() / 86_400, 2) if self.was else 0.0

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "name": self.name, "unit": self.unit, "holder": self.holder, "finish": self.finish}


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
    after = _compared(_published(ctx, then) if then else _draft(ctx), first)
    moved = _rows(after.filter(was__isnull=False, open=True).exclude(was=F("finish_then")))
    moved.sort(key=lambda row: (-abs(row.days), row.key))
    added = _rows(after.filter(was=None))
    standing = then.tasks.all() if then else Task.objects.filter(event=ctx.event)
    gone = _published(ctx, first).exclude(key__in=_leaves(standing).values("key")) if first else None
    removed = _rows(_compared(gone, None)) if gone is not None else []
    return {
        "publication": first.number if first else None,
        "published_at": first.at if first else None,
        "before": _publication(first) if first else None,
        "after": _publication(then) if then else None,
        "moved": _told(moved[: args.most], first),
        "moved_total": len(moved),
        "later": sum(row.days > 0 for row in moved),
        "earlier": sum(row.days < 0 for row in moved),
        "units": [{"unit": unit, "moved": n} for unit, n in Counter(row.unit for row in moved).most_common()],
        "holders": sorted({row.holder for row in moved if row.holder}),
        "checkpoints": _crossings(ctx, moved),
        "added": [row.as_json() for row in added[: args.most]],
        "added_total": len(added),
        "removed": [row.as_json() for row in removed[: args.most]],
        "removed_total": len(removed),
        "unchanged": after.count() - len(moved) - len(added),
    }


def _numbered(ctx: Context, number: int) -> Publication:
    found = Publication.objects.filter(event=ctx.event, number=number).select_related("person").first()
    if found is None:
        raise Missing(_("no publication has the number %(number)s") % {"number": number}, field="before", value=number)
    return found


def _leaves(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.exclude(kind=TaskKind.SUMMARY)


def _published(ctx: Context, publication: Publication) -> QuerySet[Any]:
    """Its leaves in reach: what was one's own, and what one may read now."""
    rows: QuerySet[Any] = _leaves(publication.tasks.all())
    if ctx.scope.reads_all or ctx.scope.acts_everywhere:
        return rows
    mine = Q(unit__in=ctx.scope.units_readable()) | Q(holder=ctx.person)
    return rows.filter(mine | Q(key__in=readable(ctx).values("key")))


def _draft(ctx: Context) -> QuerySet[Any]:
    return _leaves(readable(ctx)).exclude(planned_finish=None).order_by("position")


def _compared(rows: QuerySet[Any], first: Publication | None) -> QuerySet[Any]:
    """With ``finish_then``, ``was`` in ``first``, and whether it is still ``open``: a done draft date says nothing."""
    draft = rows.model is Task
    published = _leaves(PublishedTask.objects.filter(publication=first, key=OuterRef("key"))).values("finish")[:1]
    compared: QuerySet[Any] = rows.annotate(
        finish_then=F("planned_finish") if draft else F("finish"),
        was=Subquery(published) if first else Value(None, output_field=LocalDateTimeField(null=True)),
        open=Q(actual_finish=None) if draft else Value(True, output_field=BooleanField()),
    )
    return compared


def _rows(rows: QuerySet[Any]) -> list[Row]:
    """What is said of each row, in the reader's language, without making objects of them."""
    holder = "responsible" if rows.model is Task else "holder"
    names = [f"{of}name_{language}" for of in ("", "unit__", f"{holder}__") for language in ("en", "zh")]
    found = rows.values_list("key", *names, f"{holder}__username", "finish_then", "was")
    return [
        Row(key, in_language(*own), in_language(*unit), in_language(*person) or account, finish, was)
        for key, own, unit, person, account, finish, was in (
            (one[0], one[1:3], _texts(one[3:5]), _texts(one[5:7]), one[7] or "", one[8], one[9]) for one in found
        )
    ]


def _texts(pair: Sequence[str | None]) -> tuple[str, str]:
    return pair[0] or "", pair[1] or ""


def _told(moved: list[Row], first: Publication | None) -> list[dict[str, Any]]:
    keys = [row.key for row in moved]
    held = PublishedTask.objects.filter(publication=first, key__in=keys).select_related("holder")
    holders = {row.key: row.holder.name if row.holder else "" for row in held}
    return [
        {**row.as_json(), "before": row.was, "holder_before": holders.get(row.key, ""), "days": row.days}
        for row in moved
    ]


def _crossings(ctx: Context, moved: list[Row]) -> list[dict[str, Any]]:
    """Checkpoints that tasks are due by on one side only: ``later`` no longer, ``earlier`` newly."""
    event, found = ctx.the_event, []
    pairs = [(row.was, row.finish) for row in moved if row.was]
    if not pairs:
        return []
    first = min(min(pair) for pair in pairs)
    for day in event.checkpoint_dates(event.t(first.date()).n):
        end = datetime.combine(day, time.max)
        later = sum(was <= end < now for was, now in pairs)
        earlier = sum(now <= end < was for was, now in pairs)
        if later or earlier:
            found.append({"t": str(event.t(day)), "date": day, "later": later, "earlier": earlier})
    return found
