"""The page of causes of risk: drivers with probability and impact, weather by month."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tminus.desks.planning.views.basics import CODE_HELP
from tminus.platform.pages import Field, Form, answer, event_of, page, performed, person_of, see_other
from tminus.platform.registry import BadInput, perform

KINDS = [("driver", gettext_lazy("a cause that lengthens work")), ("weather", gettext_lazy("weather that stops work"))]
HITS = ("units", "areas", "phases", "places", "ids")
CODES = gettext_lazy("Codes, separated by commas; empty: all.")


def _form() -> Form:
    return Form(
        [
            Field("code", gettext_lazy("Code"), required=True, help=CODE_HELP),
            Field("name_en", gettext_lazy("Name (English)"), required=True),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field("kind", gettext_lazy("Kind"), "select", choices=list(KINDS), value="driver"),
            Field(
                "probability",
                gettext_lazy("Probability, %"),
                value="30",
                help=gettext_lazy("Of weather: twelve figures, January to December, of a day being lost."),
            ),
            Field(
                "impact",
                gettext_lazy("Impact: least, most likely, most"),
                value="1.1 1.3 1.8",
                help=gettext_lazy(
                    "Multiples of what is left to do (1.3), or working days to add (5d); of weather none."
                ),
            ),
            Field("units", gettext_lazy("Units hit"), help=CODES),
            Field("areas", gettext_lazy("Areas hit"), help=CODES),
            Field("phases", gettext_lazy("Phases hit"), help=CODES),
            Field("places", gettext_lazy("Places hit"), help=CODES),
            Field("ids", gettext_lazy("Tasks hit"), help=gettext_lazy("IDs; a summary stands for all under it.")),
            Field("unit", gettext_lazy("Watched by (unit)")),
            Field("active", gettext_lazy("Reckoned with"), "checkbox", value=True),
        ]
    )


@page
def causes(request: HttpRequest) -> HttpResponse:
    form = _form()
    if request.method == "POST" and _saved(request, form):
        messages.success(request, _("Saved; the next simulation reckons with it."))
        return see_other(request.path)
    rows = answer(request, "planning.causes")["rows"]
    for row in rows:
        row["typed"] = typed(row["definition"])
    chosen = next((row for row in rows if row["code"] == request.GET.get("edit")), None)
    if chosen and request.method != "POST":
        form.fill({**chosen, **chosen["typed"]})
    may = request.reach.headquarters  # type: ignore[attr-defined]
    return render(request, "planning/causes.html", {"rows": rows, "form": form, "chosen": chosen, "may": may})


@require_POST
@page
def remove(request: HttpRequest) -> HttpResponse:
    args = {"code": request.POST.get("code", "")}
    return performed(request, "planning.cause.remove", args, _("Taken away."), request.POST.get("back") or "../")


def _saved(request: HttpRequest, form: Form) -> bool:
    given = form.take(request.POST)
    try:
        args = {name: given.get(name, "") for name in ("code", "name_en", "name_zh", "unit")}
        args |= {"active": given["active"], "definition": definition_of(given)}
        perform("planning.cause.set", args, event=event_of(request), person=person_of(request))
    except BadInput as error:
        form.blame(error)
        return False
    return True


def definition_of(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed as a definition.

    :raises BadInput: figures that are none, by field.
    """
    hits = {name: _codes(given.get(name, "")) for name in HITS if given.get(name, "").strip()}
    if given.get("kind") == "weather":
        return {"kind": "weather", "lost": [one / 100 for one in _figures(given, "probability", 12)], "hits": hits}
    impact = given.get("impact", "")
    days = "d" in impact or "天" in impact
    values = _figures({"impact": impact.replace("d", " ").replace("天", " ")}, "impact", 3)
    return {
        "kind": "driver",
        "probability": _figures(given, "probability", 1)[0] / 100,
        "impact": {"kind": "triangular", "values": values},
        "days": days,
        "hits": hits,
    }


def typed(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition as its form shows it; the other way round of :func:`definition_of`."""
    hits = {name: ", ".join(codes) for name, codes in definition.get("hits", {}).items()}
    if definition["kind"] == "weather":
        lost = " ".join(f"{100 * one:g}" for one in definition["lost"])
        return {"kind": "weather", "probability": lost, "impact": "", **hits}
    unit = "d" if definition.get("days") else ""
    impact = " ".join(f"{value:g}{unit}" for value in definition.get("impact", {}).get("values", ()))
    return {
        "kind": definition["kind"],
        "probability": f"{100 * definition.get('probability', 1):g}",
        "impact": impact,
        **hits,
    }


def _codes(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]


def _figures(given: dict[str, Any], name: str, count: int) -> list[float]:
    parts = given.get(name, "").replace(",", " ").replace("%", " ").split()
    try:
        found = [float(part) for part in parts]
    except ValueError:
        found = []
    if len(found) != count:
        allowed = _("%(n)d numbers, separated by blanks") % {"n": count}
        raise BadInput(
            _("%(field)s: %(value)r; allowed: %(allowed)s")
            % {"field": name, "value": given.get(name, ""), "allowed": allowed},
            field=name,
        )
    return found
