"""Finds tasks, places and checkpoints for search, and the task a duty is about."""

from __future__ import annotations

from django.db.models import F
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.desks.planning.models import Place, Task
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.duties.about import lives_at
from tminus.platform.models import Duty, TDay
from tminus.platform.registry import Context, Grant, reaches
from tminus.platform.search.finders import BEGINS, EXACT, Hit, best, finds

OPEN_FIRST = F("actual_finish").desc(nulls_first=True)
SAID = ("key", "name_en", "name_zh", "status", "unit__name_en", "unit__name_zh", "unit_text")


@finds("task", gettext_lazy("Tasks"), grants=Grant.READ, order=2)
def tasks(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """Tasks you can read; what is open before what is done."""
    known = readable(ctx).select_related(None).select_related("unit").only(*SAID)
    found = best(known, words, ("key", "name_en", "name_zh"), then=(OPEN_FIRST, "position"), limit=limit)
    return [_task(ctx, task, fit) for task, fit in found]


def _task(ctx: Context, task: Task, fit: int) -> Hit:
    url = reverse("task", kwargs={"event": ctx.the_event.slug, "key": task.key})
    unit = task.unit.name if task.unit else task.unit_text
    detail = " · ".join(part for part in (task.key, unit) if part)
    return Hit(task.name, url, detail, task.shown_status, fit=fit)


@finds("place", gettext_lazy("Places"), grants=Grant.READ, order=5)
def places(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """Places where something is to be done that you can read."""
    used = readable(ctx).select_related(None).exclude(place=None).values("place")
    known = Place.objects.filter(event=ctx.event, pk__in=used)
    book = reverse("book", kwargs={"event": ctx.the_event.slug})
    found = best(known, words, ("code", "name_en", "name_zh"), then=("code",), limit=limit)
    return [_place(place, book, fit) for place, fit in found]


def _place(place: Place, book: str, fit: int) -> Hit:
    url = f"{book}?{urlencode({'place': place.code, 'leaves': '1'})}"
    return Hit(place.name, url, _("its tasks in the book"), fit=fit)


@finds("checkpoint", gettext_lazy("Checkpoints"), grants=Grant.READ, order=0)
def checkpoints(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """Checkpoints by their day: ``T-70``, ``t70``."""
    typed = words[0].upper().replace("-", "−") if len(words) == 1 else ""
    if not typed.startswith("T"):
        return []
    days = [ctx.the_event.t(day) for day in ctx.the_event.checkpoint_dates()]
    return [_checkpoint(ctx, t, typed) for t in days if _begins(t, typed)][:limit]


def _begins(t: TDay, typed: str) -> bool:
    return str(t).startswith(typed) or (len(typed) > 1 and f"T{abs(t.n)}".startswith(typed))


def _checkpoint(ctx: Context, t: TDay, typed: str) -> Hit:
    url = reverse("checkpoint", kwargs={"event": ctx.the_event.slug, "t": str(t).replace("−", "-")})
    title = _("Checkpoint %(t)s") % {"t": t}
    return Hit(title, url, f"{ctx.the_event.day(t):%Y-%m-%d}", fit=EXACT if str(t) == typed else BEGINS)


@lives_at("planning.task")
def task_of(ctx: Context, duty: Duty) -> tuple[str, str] | None:
    """The task a duty is about, for whoever can read it."""
    task = readable(ctx).filter(pk=duty.about_id).first() if reaches(ctx.scope, Grant.READ) else None
    if task is None:
        return None
    return f"{task.key} {task.name}", reverse("task", kwargs={"event": ctx.the_event.slug, "key": task.key})
