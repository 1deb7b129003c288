"""Tables of readings: handed in, looked at, taken; and what was counted, out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.passengers.views.handed_file import handed_file
from tminus.formats.book_writer import table_csv
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

COLUMNS = ("time", "node", "in", "out")


@page
def hand_in(request: HttpRequest) -> HttpResponse:
    """Upload a table, or paste rows from a spreadsheet; both are looked at first."""
    pasted, error = request.POST.get("pasted", ""), ""
    files = answer(request, "passengers.counts.files")
    if request.method == "POST":
        try:
            return _handed_in(request, pasted)
        except BadInput as refused:
            error = str(refused)
    context = {"error": error, "pasted": pasted, "files": files}
    return render(request, "passengers/import.html", context, status=422 if error else 200)


def _handed_in(request: HttpRequest, pasted: str) -> HttpResponse:
    args = {"file": handed_file(request, pasted, "pasted")}
    done = perform("passengers.counts.read", args, event=event_of(request), person=person_of(request))
    return _to(request, done["file"])


def _to(request: HttpRequest, pk: int) -> HttpResponse:
    return see_other(reverse("counters-import-one", kwargs={"event": event_of(request).slug, "pk": pk}))


@page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run of a table."""
    return render(
        request, "passengers/import_one.html", {"one": answer(request, "passengers.counts.file", {"file": pk})}
    )


@require_POST
@page
def take(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        done = perform("passengers.counts.apply", {"file": pk}, event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return _to(request, pk)
    if "job" in done:
        return see_other(reverse("job", kwargs={"event": event_of(request).slug, "pk": done["job"]}))
    messages.success(request, _("Taken: %(new)d new, %(corrected)d corrected, %(known)d known already") % done)
    return _to(request, pk)


@page
def export(request: HttpRequest) -> HttpResponse:
    """What was counted by place and slot: the service days asked for, by default today's."""
    asked = {name: request.GET[name] for name in ("first", "last", "nodes", "slot_minutes") if request.GET.get(name)}
    found = answer(request, "passengers.counts", asked)
    rows = [["" if row[name] is None else row[name] for name in COLUMNS] for row in found["rows"]]
    response = HttpResponse(table_csv(list(COLUMNS), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event_of(request).slug}-counts.csv"'
    return response
