"""Import of a plan file: hand in, look at what it would change, adjust the columns, apply."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tminus.desks.planning.importing.size import check_size
from tminus.desks.planning.views.scheduling import told
from tminus.formats.book_writer import table_csv
from tminus.formats.columns import COLUMNS
from tminus.platform.languages import reads_chinese
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform


@page
def hand_in(request: HttpRequest) -> HttpResponse:
    """Upload a file, or paste rows from a spreadsheet; both are compared first."""
    pasted, error = request.POST.get("pasted", ""), ""
    if request.method == "POST":
        try:
            return _to(request, _read(request, pasted)["id"])
        except BadInput as refused:
            error = str(refused)
    recent = answer(request, "planning.imports")["imports"]
    shown = {"error": error, "pasted": pasted, "imports": recent}
    return render(request, "planning/import.html", shown, status=422 if error else 200)


def _read(request: HttpRequest, pasted: str) -> Any:
    given = request.FILES.get("file")
    if given is not None:
        check_size(given.name or "plan", given.size or 0)
        name, content = given.name or "plan", given.read()
    elif pasted.strip():
        name, content = "pasted.tsv", pasted.encode()
    else:
        raise BadInput(_("Choose a file, or paste rows with their headings."), field="file")
    file = {"name": name, "content": base64.b64encode(content).decode()}
    return perform("planning.import.read", {"file": file}, event=event_of(request), person=person_of(request))


def _to(request: HttpRequest, pk: int) -> HttpResponse:
    return see_other(reverse("plan-import-one", kwargs={"event": event_of(request).slug, "pk": pk}))


@page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run: what would be added, changed field by field, removed; every row that cannot be taken."""
    found = answer(request, "planning.import", {"id": pk})
    headings = found["difference"]["headings"]
    chosen = found["mapping"].get("fields", {})
    fields = [
        {"code": code, "label": " / ".join(names[:2]), "heading": chosen.get(code, "")}
        for code, names in COLUMNS.items()
        if headings
    ]
    number = 1 if reads_chinese() else 0
    labels = {code: names[number] for code, names in COLUMNS.items()}
    context = {
        "one": found,
        "fields": fields,
        "headings": headings,
        "labels": labels,
        "unclaimed": [heading for heading in headings if heading and heading not in chosen.values()],
        "options": told(found["difference"].get("options", [])),
        "free": {code: label for code, label in labels.items() if code not in chosen},
    }
    return render(request, "planning/import_one.html", context)


@require_POST
@page
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    fields = {code: request.POST[f"field_{code}"] for code in COLUMNS if request.POST.get(f"field_{code}")}
    claimed = zip(request.POST.getlist("heading"), request.POST.getlist("is"), strict=False)
    fields |= {code: heading for heading, code in claimed if code in COLUMNS}
    args = {"id": pk, "fields": fields, "date_order": request.POST.get("date_order") or None}
    try:
        perform("planning.import.map", args, event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Compared anew with these columns; nothing is imported yet."))
    return _to(request, pk)


@require_POST
@page
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    args = {"id": pk, "remove": "remove" in request.POST}
    try:
        done = perform("planning.import.apply", args, event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return _to(request, pk)
    if "job" in done:
        return see_other(reverse("job", kwargs={"event": event_of(request).slug, "pk": done["job"]}))
    said = _("Imported: %(added)d added, %(changed)d changed, %(removed)d removed") % done
    if done["baselines"]:
        kept = ngettext("%(n)d baseline kept", "%(n)d baselines kept", done["baselines"]) % {"n": done["baselines"]}
        said = f"{said} · {kept}"
    messages.success(request, said)
    return see_other(reverse("book", kwargs={"event": event_of(request).slug}))


@page
def problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Every value that cannot be taken, as a table to mend the file by."""
    found = answer(request, "planning.import", {"id": pk})
    names = ("file", "sheet", "row", "column", "value", "allowed")
    content = table_csv(list(names), [[row[name] for name in names] for row in found["problems"]])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return response
