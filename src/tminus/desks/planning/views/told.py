"""Every button of the plan's pages: carry out the act, then say in one line what was done to what, with undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tminus.platform.flash import say
from tminus.platform.pages import answer, event_of, person_of, see_other
from tminus.platform.registry import BadInput, perform

RECORDED_AS = {"planning.task.break_down": "planning.task.create", "planning.task.change": "planning.task.assign"}
"""Acts that (also) leave lines of another code."""


def told(request: HttpRequest, code: str, args: Mapping[str, Any], said: str, back: str) -> HttpResponse:
    """Perform and go back; refused, the line says what is wrong and what is allowed."""
    try:
        perform(code, dict(args), event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(back)
    last = answer(request, "planning.last_act")
    if last["code"] not in (code, RECORDED_AS.get(code)):  # a remark, which nothing undoes
        say(request, said)
        return see_other(back)
    undo = reverse("book-undo", kwargs={"event": event_of(request).slug}) if last["undoable"] else ""
    what = _what(last)
    text = _("%(said)s: %(what)s") % {"said": said, "what": what} if what else said
    say(request, text, undo=undo, line=last["line"])
    return see_other(back)


def _what(last: Mapping[str, Any]) -> str:
    """``PT05 Metro timetable``, or how many."""
    if last["total"] == 1 and last["tasks"]:
        return " ".join(last["tasks"][0].values())
    return ngettext("%(n)d task", "%(n)d tasks", last["total"]) % {"n": last["total"]} if last["total"] > 1 else ""
