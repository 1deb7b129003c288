"""The plan's own steps from an empty event to the first checkpoints."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tminus.desks.planning.models import PlanImport, Publication, Task, TaskKind, TaskStatus
from tminus.platform.events.first_steps import STEPS, Step
from tminus.platform.registry import Context, Grant


def _filled(ctx: Context) -> tuple[bool, str]:
    return PlanImport.objects.filter(event=ctx.event).exists() or _tasks(ctx) > 0, ""


def _imported(ctx: Context) -> tuple[bool, str]:
    n = _tasks(ctx)
    return n > 0, ngettext("%(n)d task", "%(n)d tasks", n) % {"n": n} if n else ""


def _looked(ctx: Context) -> tuple[bool, str]:
    days = [ctx.the_event.t(day) for day in ctx.the_event.checkpoint_dates() if day >= ctx.now.date()]
    return _tasks(ctx) > 0, _("next: %(t)s") % {"t": days[0]} if days else ""


def _held(ctx: Context) -> tuple[bool, str]:
    leaves = Task.objects.filter(event=ctx.event).exclude(kind=TaskKind.SUMMARY).exclude(status=TaskStatus.DONE)
    holes = leaves.filter(responsible=None).count()
    said = ngettext("%(n)d task without a holder", "%(n)d tasks without a holder", holes) % {"n": holes}
    return holes == 0 and _tasks(ctx) > 0, said if holes else ""


def _published(ctx: Context) -> tuple[bool, str]:
    last = Publication.objects.filter(event=ctx.event).first()
    return last is not None, _("published %(day)s") % {"day": f"{last.at:%Y-%m-%d}"} if last else ""


def _tasks(ctx: Context) -> int:
    return Task.objects.filter(event=ctx.event).count()


STEPS[10] = Step(
    gettext_lazy("Fill in the assignment book"),
    gettext_lazy(
        "A task, its duration and what it waits for are enough. The workbook or MS Project file you have does too."
    ),
    (("plan-template", gettext_lazy("Download the empty template")),),
    Grant.MEMBER,
    _filled,
)
STEPS[20] = Step(
    gettext_lazy("Import it"),
    gettext_lazy("You say which column is which and see what would change; then all of it is taken, or nothing."),
    (("plan-import", gettext_lazy("Import a plan")),),
    Grant.HEADQUARTERS,
    _imported,
)
STEPS[30] = Step(
    gettext_lazy("Look at the checkpoints"),
    gettext_lazy(
        "Every task is scheduled back from opening day; what cannot be met is named with the chain that binds."
    ),
    (("checkpoints", gettext_lazy("Checkpoints")), ("timetable", gettext_lazy("Timetable"))),
    Grant.READ,
    _looked,
)
STEPS[60] = Step(
    gettext_lazy("Give every task one accountable person"),
    gettext_lazy("A task nobody answers for is shown as a hole until somebody does."),
    (("book", gettext_lazy("Assignment book")),),
    Grant.READ,
    _held,
)
STEPS[70] = Step(
    gettext_lazy("Publish the timetable"),
    gettext_lazy("From then on each holder has a duty with a due date, and is told."),
    (("timetable", gettext_lazy("Timetable")),),
    Grant.HEADQUARTERS,
    _published,
)
