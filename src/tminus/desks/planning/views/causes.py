"""The page of causes of risk: drivers with probability and impact, weather by month."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tminus.desks.planning.causes import cause_of
from tminus.desks.planning.views.basics import CODE_HELP
from tminus.engines.schedule.risk import Branch, Cause, WeatherCalendar
from tminus.formats.book_writer import table_csv
from tminus.formats.drivers_file import COLUMNS, MONTHS
from tminus.platform.pages import Field, Form, answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

KINDS = [("driver", gettext_lazy("a cause that lengthens work")), ("weather", gettext_lazy("weather that stops work"))]
HITS = ("units", "areas", "phases", "places", "tasks")
THREE = ("optimistic", "likely", "pessimistic")
CODES = gettext_lazy("Codes, separated by commas; empty: all.")
IMPACT = gettext_lazy("A multiple of what is left to do (1.3), or working days to add (5d); of weather none.")


def _form() -> Form:
    return Form(
        [
            Field("code", gettext_lazy("Code"), required=True, help=CODE_HELP),
            Field("name_en", gettext_lazy("Name (English)"), required=True),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field("kind", gettext_lazy("Kind"), "select", choices=list(KINDS), value="driver"),
            Field(
                "probability",
                gettext_lazy("Probability"),
                value="30 %",
                help=gettext_lazy("Of weather: twelve figures, January to December, of a day being lost."),
            ),
            Field("optimistic", gettext_lazy("Least impact"), help=IMPACT),
            Field("likely", gettext_lazy("Most likely impact"), value="1.3"),
            Field("pessimistic", gettext_lazy("Greatest impact")),
            Field("units", gettext_lazy("Units hit"), help=CODES),
            Field("areas", gettext_lazy("Areas hit"), help=CODES),
            Field("phases", gettext_lazy("Phases hit"), help=CODES),
            Field("places", gettext_lazy("Places hit"), help=CODES),
            Field("tasks", gettext_lazy("Tasks hit"), help=gettext_lazy("IDs; a summary stands for all under it.")),
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
    if request.GET.get("form") == "csv":
        return _file(request)
    rows = answer(request, "planning.causes")["rows"]
    for row in rows:
        row["typed"] = typed(row["definition"])
        row["chance"], row["impact"] = told(cause_of(row["code"], row["definition"]))
    chosen = next((row for row in rows if row["code"] == request.GET.get("edit")), None)
    if chosen and request.method != "POST":
        form.fill({**chosen, **chosen["typed"]})
    may = request.reach.headquarters  # type: ignore[attr-defined]
    return render(request, "planning/causes.html", {"rows": rows, "form": form, "chosen": chosen, "may": may})


@require_POST
@page
def remove(request: HttpRequest) -> HttpResponse:
    args = {"code": request.POST.get("code", "")}
    return carry_out(request, "planning.cause.remove", args, _("Taken away."), request.POST.get("back") or "../")


@require_POST
@page
def take_file(request: HttpRequest) -> HttpResponse:
    """Causes out of a drivers file."""
    event = event_of(request)
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, _("choose a file first"))
        return see_other("../")
    file = {"name": given.name or "drivers", "content": base64.b64encode(given.read()).decode()}
    try:
        done = perform("planning.causes.import", {"file": file}, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(causes)d causes taken; the next simulation reckons with them") % done)
    return see_other("../")


def _file(request: HttpRequest) -> HttpResponse:
    """What is shown, as a drivers file that reads back."""
    rows = answer(request, "planning.causes")["rows"]
    names = [name for name in COLUMNS if any(name in line for row in rows for line in lines_of(row))]
    cells = [[_cell(line.get(name, "")) for name in names] for row in rows for line in lines_of(row)]
    content = table_csv([COLUMNS[name][0] for name in names], cells)
    name = f"{event_of(request).slug}-drivers.csv"
    return HttpResponse(content, "text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def told(cause: Cause) -> tuple[str, str]:
    """How likely a cause is and what it does, as people say it."""
    if isinstance(cause, Branch):
        return " · ".join(f"{100 * chance:g} %" for chance, _ids in cause.alternatives), _("one of these ways")
    if isinstance(cause, WeatherCalendar):
        if not cause.lost:
            return _("as in past years"), _("day lost")
        least, most = 100 * min(cause.lost), 100 * max(cause.lost)
        return _("%(least)g … %(most)g %% of days, by month") % {"least": least, "most": most}, _("day lost")
    values = " · ".join(f"{value:g}" for value in dict.fromkeys(cause.impact.values))
    return f"{100 * cause.probability:g} %", f"{values} {_('d')}" if cause.days else f"× {values}"


def lines_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A cause as rows of the file, named."""
    named = {"id": row["code"], "name": row["name_en"], "name_zh": row["name_zh"]}
    return [{**named, **line} for line in row["definition"]]


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


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


def definition_of(given: dict[str, Any]) -> list[dict[str, Any]]:
    """What was typed as a row of the drivers file.

    :raises BadInput: not twelve figures for a weather.
    """
    row: dict[str, Any] = {name: given[name] for name in HITS if given.get(name, "").strip()}
    chance = given.get("probability", "").strip()
    if given.get("kind") != "weather":
        return [
            row | {"kind": "driver", "probability": chance} | {name: given[name] for name in THREE if given.get(name)}
        ]
    figures = chance.replace(",", " ").split()
    if len(figures) != len(MONTHS):
        raise BadInput(
            _("probability: %(value)r; allowed: twelve figures, separated by blanks") % {"value": chance},
            field="probability",
        )
    return [row | {"kind": "weather"} | dict(zip((month.lower() for month in MONTHS), figures, strict=True))]


def typed(definition: list[dict[str, Any]]) -> dict[str, Any]:
    """A definition as its form and table show it; the other way round of :func:`definition_of`."""
    row = definition[0]
    listed = {name: value if isinstance(value, str) else ", ".join(value) for name in HITS if (value := row.get(name))}
    months = [str(row.get(month.lower(), 0)) for month in MONTHS]
    kind = row.get("kind", "driver")
    chance = " ".join(months) if kind == "weather" else str(row.get("probability", "1"))
    return {
        "kind": kind,
        "probability": chance,
        **{name: row.get(name, "") for name in THREE},
        **listed,
        "hits": listed,
    }
