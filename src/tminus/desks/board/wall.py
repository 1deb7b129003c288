"""Wall screens: board, checkpoint and map in turn, read-only, for whoever knows the screen's secret address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from tminus.desks.board.models import WallToken
from tminus.desks.board.views import said_of
from tminus.platform import clock
from tminus.platform.models import Event, RecordHead
from tminus.platform.models.account import hashed
from tminus.platform.pages import answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.record import chain_of
from tminus.platform.registry import BadInput, ask, perform

EVERY_S = 20
"""Seconds a view stays by default; ``?every=`` 5 … 600, and 0 stands still."""
SHOWN = 9
"""Rows of a list on a wall: more cannot be read from across the room."""


@page
def walls(request: HttpRequest) -> HttpResponse:
    """The event's wall screens; a new one's address is shown this once."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            made = perform("board.wall.make", _typed(request), event=event_of(request), person=person_of(request))
        except BadInput as error:
            messages.error(request, str(error))
            return see_other(request.path)
        path = reverse("wall", kwargs={"token": made["secret"]})
        context["address"] = f"{settings.CONFIG.base_url.rstrip('/')}{path}?wall=1&every={EVERY_S}"
    context["rows"] = answer(request, "board.walls")
    return render(request, "board/walls.html", context)


def _typed(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    return {
        "name": post.get("name", "").strip(),
        "views": post.getlist("views"),
        "language": post.get("language", "en"),
    }


@require_POST
@page
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    back = reverse("walls", kwargs={"event": event_of(request).slug})
    return carry_out(request, "board.wall.revoke", {"wall": pk}, _("The screen is switched off"), back)


@require_GET
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """One view of a wall screen, the next after it named; without JavaScript the page turns itself."""
    wall = _found(token)
    event, now = wall.event, clock.now(wall.event)
    view = request.GET.get("view", "")
    if view not in wall.views:
        view = wall.views[0]
    timezone.activate(event.zone)
    with override(wall.language):
        context = {
            **SLIDES[view](event, event.t(now).n),
            "event": event,
            "now": now,
            "t_today": event.t(now),
            "clock_shift": clock.shift_of(event),
            "shown": wall,
            "view": view,
            "following": wall.views[(wall.views.index(view) + 1) % len(wall.views)],
            "every": _seconds(request),
            "seq": _seq(event),
            "slide": f"board/wall_{view}.html",
            "token": token,
        }
        response = render(request, "board/wall.html", context)
    return _private(response)


@require_GET
def stands(request: HttpRequest, token: str) -> HttpResponse:
    """The number of the record's last line: whether the screen has to fetch its view anew."""
    return _private(JsonResponse({"seq": _seq(_found(token).event)}))


def _found(token: str) -> WallToken:
    """:raises Http404: no such screen, or it was switched off, or its event is put away."""
    wall = WallToken.objects.filter(token_hash=hashed(token), revoked_at=None).select_related("event").first()
    if wall is None or wall.event.archived:
        raise Http404
    real = timezone.now()
    if wall.seen_at is None or real - wall.seen_at > timedelta(minutes=1):
        WallToken.objects.filter(pk=wall.pk).update(seen_at=real)
    return wall


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"  # the address is the secret
    response["X-Robots-Tag"] = "noindex"
    return response


def _seconds(request: HttpRequest) -> int:
    given = request.GET.get("every", "")
    if not given.isdecimal():
        return EVERY_S
    return 0 if int(given) == 0 else min(max(int(given), 5), 600)


def _seq(event: Event) -> int:
    return RecordHead.objects.filter(chain=chain_of(event)).values_list("seq", flat=True).first() or 0


BESIDE_CURVE = 5
"""Rows of the worst, which share their column with the curve."""


def _board(event: Event, t: int) -> dict[str, Any]:
    found = ask("board.show", event=event, system=True)
    return {**said_of(found, t), "worst": found["worst"][:BESIDE_CURVE], "matrix": found["matrix"][:16]}


def _checkpoint(event: Event, t: int) -> dict[str, Any]:
    """The next checkpoint, or the last one where none is ahead."""
    every = ask("planning.checkpoints", event=event, system=True)["checkpoints"]
    if not every:
        return {"one": None}
    following = next((one for one in every if not one["past"]), every[-1])
    found = ask("planning.checkpoint", {"t": f"T{following['t']}", "limit": SHOWN}, event=event, system=True)
    days = following["t"] - t
    return {"one": found, "units": found["by"]["unit"][:SHOWN], "days_left": days}


def _map(event: Event, t: int) -> dict[str, Any]:
    found = ask("planning.map.drawing", event=event, system=True)
    lagging = [place for place in found["places"] if place["status"] in {"late", "at_risk"}]
    return {
        "drawing": found["drawing"],
        "lagging": lagging[:SHOWN],
        "places_n": len(found["places"]),
        "lag_n": len(lagging),
    }


SLIDES = {"board": _board, "checkpoint": _checkpoint, "map": _map}
