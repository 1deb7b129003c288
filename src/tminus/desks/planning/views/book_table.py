"""What the browser's table of the book asks for: all rows at once, and cells set, tried or taken back."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from tminus.desks.planning.acts.cells import CellRefused
from tminus.desks.planning.views.book import filters_of
from tminus.platform.access import NotAllowed
from tminus.platform.pages import answer, event_of, page, person_of
from tminus.platform.registry import BadInput, perform


@gzip_page
@page
def rows(request: HttpRequest) -> HttpResponse:
    """Every row the filters of the address leave; the words typed into *Find* are the table's own business."""
    filters = {name: value for name, value in filters_of(request).items() if name not in ("text", "order")}
    found = answer(request, "planning.book", filters)
    event, day = event_of(request), request.now  # type: ignore[attr-defined]
    named = {name: _pairs(listed) for name, listed in answer(request, "planning.choices").items()}
    document = {**found, "opening": event.opening, "today": day.date(), "named": named}
    content = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag}
    whole = HttpResponse(content, "application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=whole) or whole


def _pairs(listed: list[dict[str, Any]]) -> list[list[str]]:
    return [[one["code"], one["name"]] for one in listed]


@require_POST
@page
def cells(request: HttpRequest) -> HttpResponse:
    """Set cells, or with ``try`` say what setting them would do. A refusal names the cell and what is allowed,
    or (``here``) only the latter."""
    try:
        asked = json.loads(request.body)
        args = {"cells": asked["cells"]}
        if asked.get("try"):
            return JsonResponse(answer(request, "planning.cells.try", args))
        done = perform("planning.cells.change", args, event=event_of(request), person=person_of(request))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("not a list of cells")}, status=400)
    except CellRefused as error:
        return JsonResponse({"error": str(error), "here": error.here}, status=400)
    except (BadInput, NotAllowed) as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({**_told(done), "undo": answer(request, "planning.last_act")["line"]})


def _told(done: dict[str, Any]) -> dict[str, Any]:
    tasks = done["tasks"]
    what = tasks[0] if len(tasks) == 1 else ngettext("%(n)d task", "%(n)d tasks", len(tasks)) % {"n": len(tasks)}
    return {"said": _("%(said)s: %(what)s") % {"said": _("Changed"), "what": what}, "tasks": tasks}


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own last change."""
    try:
        line = json.loads(request.body).get("line")
        perform("planning.undo", {"line": line}, event=event_of(request), person=person_of(request))
    except (ValueError, AttributeError):
        return JsonResponse({"error": _("not a line of the record")}, status=400)
    except (BadInput, NotAllowed) as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"said": _("Taken back")})
