"""Counters: the list with their health, one counter, and what is done to them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tminus.desks.passengers.charts import counter_chart
from tminus.desks.passengers.health import STATUS
from tminus.desks.passengers.models import Channels, Kind
from tminus.desks.passengers.words import EVERY, SHORT, STATES
from tminus.platform.pages import Field, Form, answer, carry_out, event_of, page, submitted


def _form(request: HttpRequest) -> Form:
    places = [("", _("choose")), *((one["code"], f"{one['name']} ({one['code']})") for one in _places(request))]
    return Form(
        [
            Field("code", gettext_lazy("Code"), required=True, help=gettext_lazy("Letters, digits, . _ -; as on it.")),
            Field("node", gettext_lazy("Place"), "select", choices=places, required=True),
            *_meaning(),
        ]
    )


def _meaning() -> list[Field]:
    edge = [("", gettext_lazy("as its place: gates do")), ("true", gettext_lazy("yes")), ("false", gettext_lazy("no"))]
    return [
        Field("channels", gettext_lazy("Counts"), "select", choices=[(one.value, one.label) for one in Channels]),
        Field("kind", gettext_lazy("A reading says"), "select", choices=[(one.value, one.label) for one in Kind]),
        Field(
            "every_s", gettext_lazy("One every"), "select", choices=[(str(s), name) for s, name in EVERY], value="60"
        ),
        Field("edge", gettext_lazy("Counts who enters and leaves the site"), "select", choices=edge),
        Field("most_per_min", gettext_lazy("Most persons a minute"), "number", value=1000),
        Field("note", gettext_lazy("Note"), help=gettext_lazy("Make, where it hangs, who looks after it.")),
    ]


def _places(request: HttpRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(request, "planning.places")
    return found


@page
def counters(request: HttpRequest) -> HttpResponse:
    """The list, the worst first; a new one's key is shown this once."""
    may, form = request.reach.headquarters, _form(request)  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "may": may}
    if request.method == "POST":
        made = submitted(request, form, "passengers.counter.add", event=event_of(request))
        if made:
            context |= {
                "made": made,
                "form": _form(request),
                "door": request.build_absolute_uri(reverse("counts-door")),
            }
    asked = {name: request.GET.get(name, "") for name in ("state", "text")}
    found = answer(request, "passengers.counters", {**asked, "retired": "retired" in request.GET})
    context |= {**found, "asked": asked, "states": _states(found["states"]), "words": STATES}
    context["refused"] = answer(request, "passengers.refused", {"limit": 10})
    context["places_n"] = len(form.fields[1].choices) - 1
    return render(request, "passengers/counters.html", context, status=422 if _blamed(form) else 200)


def _blamed(form: Form) -> bool:
    return bool(form.error) or any(one.error for one in form.fields)


def _states(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"state": name, "word": SHORT[name], "status": STATUS[name], "n": n} for name, n in counts.items()]


@page
def counter(request: HttpRequest, code: str) -> HttpResponse:
    """One counter: its last day, its latest readings, what was refused of it."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        made = submitted(request, Form([]), "passengers.counter.new_key", event=event_of(request), also={"code": code})
        context |= {"made": made, "door": request.build_absolute_uri(reverse("counts-door"))}
    found = answer(request, "passengers.counter", {"code": code})
    form = Form([Field("node", gettext_lazy("Place"), "select", choices=_choices(request)), *_meaning()])
    form.fill({**found, "every_s": str(found["every_s"]), "edge": "true" if found["edge"] else "false"})
    context |= {"one": found, "chart": counter_chart(found["slots"], found["channels"]), "form": form, "words": STATES}
    context["may"] = request.reach.headquarters  # type: ignore[attr-defined]
    return render(request, "passengers/counter.html", context)


def _choices(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(one["code"], f"{one['name']} ({one['code']})") for one in _places(request)]


ACTS = {
    "believe": ("passengers.counter.believe", gettext_lazy("Its figures are believed from now on, as they stand")),
    "doubt": ("passengers.counter.doubt", gettext_lazy("Its figures are looked at again like any other's")),
    "retire": ("passengers.counter.retire", gettext_lazy("Retired: its key opens nothing from now on")),
    "restore": ("passengers.counter.restore", gettext_lazy("Back in use, with the key it had")),
    "halve": ("passengers.counter.halve", gettext_lazy("Counted half; every figure that rests on it follows")),
    "whole": ("passengers.counter.whole", gettext_lazy("Counted whole again; every figure that rests on it follows")),
    "change": ("passengers.counter.change", gettext_lazy("Saved; what was counted follows")),
}


@require_POST
@page
def counter_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """What a button of a counter does."""
    if act not in ACTS:
        raise Http404(act)
    given = Form(_meaning()).take(request.POST) if act == "change" else {}
    if act == "change" and request.POST.get("node"):
        given["node"] = request.POST["node"]
    if act in {"halve", "whole"}:
        given = {name: request.POST[name] for name in ("begin", "until") if request.POST.get(name)}
    name, said = ACTS[act]
    back = reverse("counter", kwargs={"event": event_of(request).slug, "code": code})
    return carry_out(request, name, {"code": code, **given}, str(said), back)
