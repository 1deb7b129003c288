"""Pages of duties: everybody's home, the units' late ones, one duty with everything about it."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tminus.platform.asking import asked, performed
from tminus.platform.duties.assigning import assignable
from tminus.platform.flash import say
from tminus.platform.kept_files import served
from tminus.platform.models import Comment, Evidence
from tminus.platform.registry import BadInput, Context

HEADINGS: dict[str, Any] = {
    "to_acknowledge": gettext_lazy("To acknowledge"),
    "late": gettext_lazy("Late"),
    "to_accept": gettext_lazy("To accept"),
    "due_soon": gettext_lazy("Due within 7 days"),
    "in_hand": gettext_lazy("In hand"),
    "submitted": gettext_lazy("Waiting for acceptance"),
    "delegated": gettext_lazy("Delegated, still yours"),
    "done": gettext_lazy("Done"),
}
SAID: dict[str, Any] = {
    "acknowledge": gettext_lazy("Acknowledged: %(title)s."),
    "start": gettext_lazy("Begun: %(title)s."),
    "submit": gettext_lazy("Submitted: %(title)s."),
    "accept": gettext_lazy("Accepted: %(title)s."),
    "return": gettext_lazy("Returned: %(title)s."),
    "hand_over": gettext_lazy("Handed over: %(title)s."),
    "assign": gettext_lazy("Assigned: %(title)s."),
    "delegate": gettext_lazy("Delegation changed: %(title)s."),
    "comment": gettext_lazy("Your remark is kept: %(title)s."),
    "take_back": gettext_lazy("Undone: %(title)s."),
}


@login_required
@require_GET
def mine(request: HttpRequest, event: str) -> HttpResponse:
    answer = asked(request, "duty.mine")
    sections = [(name, title, answer["sections"][name]) for name, title in HEADINGS.items()]
    context = {
        "sections": [one for one in sections if one[2]],
        "open": answer["open"],
    }
    return render(request, "duties/mine.html", context)


@login_required
@require_GET
def units(request: HttpRequest, event: str) -> HttpResponse:
    only_late = request.GET.get("all") != "1"
    args = {"unit": request.GET.get("unit", ""), "late": only_late}
    return render(request, "duties/units.html", {**asked(request, "duty.units", args), "only_late": only_late})


@login_required
@require_GET
def duty(request: HttpRequest, event: str, pk: int) -> HttpResponse:
    return _page(request, pk)


@login_required
@require_POST
def take(request: HttpRequest, event: str, pk: int, step: str) -> HttpResponse:
    """Take one step; a mistake brings the page back with what was typed and the error at its field."""
    if step not in SAID:
        raise Http404
    try:
        performed(request, f"duty.{step}", {"duty": pk, **_given(request, step)})
    except BadInput as error:
        return _page(request, pk, error=error, step=step)
    title = asked(request, "duty.show", {"duty": pk})["title"] if step not in {"hand_over", "assign"} else ""
    undo = reverse("duty-step", args=[event, pk, "take_back"]) if step in {"acknowledge", "start", "submit"} else ""
    say(request, SAID[step] % {"title": title or _("the duty")}, undo=undo)
    return redirect(_next(request, event, pk, step))


@login_required
@require_GET
def evidence(request: HttpRequest, event: str, pk: int, evidence: int) -> HttpResponse:
    """A file of evidence, to whoever may see the duty; only plain pictures open in the browser."""
    asked(request, "duty.show", {"duty": pk})
    row = Evidence.objects.filter(pk=evidence, duty=pk).exclude(file="").first()
    if row is None:
        raise Http404
    return served(str(row.file.name), row.file_name)


@login_required
@require_GET
def paper(request: HttpRequest, event: str, pk: int, paper: int) -> HttpResponse:
    """A paper handed out with the duty, to whoever may see it; only plain pictures open in the browser."""
    asked(request, "duty.show", {"duty": pk})
    row = Comment.objects.filter(pk=paper, about_type="platform.duty", about_id=pk).exclude(file="").first()
    if row is None:
        raise Http404
    return served(str(row.file.name), row.file_name)


def _page(request: HttpRequest, pk: int, error: BadInput | None = None, step: str = "") -> HttpResponse:
    shown = asked(request, "duty.show", {"duty": pk})
    context: dict[str, Any] = {
        "duty": shown,
        "step": step,
        "error": error,
        "typed": request.POST,
    }
    if {"hand_over", "delegate"} & set(shown["can"]):
        ctx = Context(request.event, request.user, request.reach, request.now)  # type: ignore[attr-defined,arg-type]
        context["people"] = assignable(ctx).order_by("name_en", "username")
    return render(request, "duties/duty.html", context, status=400 if error else 200)


def _given(request: HttpRequest, step: str) -> dict[str, Any]:
    post = request.POST
    match step:
        case "submit":
            files = [
                {"name": file.name or "file", "content": base64.b64encode(file.read()).decode()}
                for file in request.FILES.getlist("files")
            ]
            return {"note": post.get("note", ""), "files": files}
        case "accept":
            return {"note": post.get("note", "")}
        case "return":
            return {"reason": post.get("reason", "")}
        case "hand_over" | "assign":
            return {"person": post.get("person") or 0, "reason": post.get("reason", "")}
        case "delegate":
            return {"person": post.get("person") or None}
        case "comment":
            return {"text": post.get("text", "")}
        case _:
            return {}


def _next(request: HttpRequest, event: str, pk: int, step: str) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    # Having handed it over one may no longer see it.
    return f"/e/{event}/duties/" if step in {"hand_over", "assign"} else f"/e/{event}/duties/{pk}/"
