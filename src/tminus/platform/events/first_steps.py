"""From an empty event to its first checkpoints: each slice adds the steps that are its own, and says which are done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tminus.platform.models import Unit
from tminus.platform.registry import Context, Grant, NothingArgs, query, reaches

State = Callable[[Context], tuple[bool, str]]
"""Whether a step is done, and how far it is in words (``30 tasks``)."""


@dataclass(frozen=True, slots=True)
class Step:
    """``links``: (name of an address under the event, label); the first is the one to press."""

    title: Promise | str
    why: Promise | str
    links: tuple[tuple[str, Promise | str], ...]
    grants: Grant
    state: State


STEPS: dict[int, Step] = {}
"""By their place in the order."""


@query("event.first_steps", grants=Grant.MEMBER)
def first_steps(ctx: Context, args: NothingArgs) -> list[dict[str, Any]]:
    """What is to be done after an event has been made, and what of it is done."""
    return [_shown(ctx, STEPS[place]) for place in sorted(STEPS)]


def _shown(ctx: Context, step: Step) -> dict[str, Any]:
    done, far = step.state(ctx)
    links = step.links if reaches(ctx.scope, step.grants) else ()
    named = [{"url": _address(ctx, name), "label": str(label)} for name, label in links]
    return {
        "title": str(step.title),
        "why": str(step.why),
        "done": done,
        "far": far,
        "links": [one for one in named if one["url"]],
    }


def _address(ctx: Context, name: str) -> str:
    try:
        return reverse(name, kwargs={"event": ctx.the_event.slug})
    except NoReverseMatch:  # the desk is not installed
        return ""


def _organisation(ctx: Context) -> tuple[bool, str]:
    units = Unit.objects.filter(event=ctx.event).count()
    return units > 1, ngettext("%(n)d unit", "%(n)d units", units) % {"n": units}


STEPS[50] = Step(
    _("Bring in the organisation"),
    _("Units, posts and people. Import the plan once more afterwards: the names in it then become units and holders."),
    (
        ("organisation-import", _("Import units, posts and people")),
        ("organisation-template", _("Download its empty template")),
    ),
    Grant.HEADQUARTERS,
    _organisation,
)
