"""The event a request is about, from its address ``/e/<slug>/…``."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tminus.platform import clock
from tminus.platform.access import events_of, next_post, scope_of
from tminus.platform.models import Person


class EventMiddleware:
    """Sets ``request.event``, ``request.now`` and ``request.reach``; an event out of reach does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.event = request.now = request.reach = None  # type: ignore[attr-defined]
        timezone.deactivate()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], kwargs: dict[str, str]
    ) -> HttpResponse | None:
        slug = kwargs.get("event")
        if not slug or not isinstance(request.user, Person):
            return None
        event = get_object_or_404(events_of(request.user), slug=slug)
        timezone.activate(event.zone)  # every date of a page is the event's
        request.event = event  # type: ignore[attr-defined]
        timezone.activate(event.zone)  # every date and time of its pages is the event's own
        request.now = clock.now(event)  # type: ignore[attr-defined]
        request.reach = scope_of(request.user, event, request.now.date())  # type: ignore[attr-defined]
        if request.reach.member or request.reach.administrator:  # type: ignore[attr-defined]
            return None
        begins = next_post(request.user, event, request.now.date())  # type: ignore[attr-defined]
        if begins is None:
            raise Http404
        return render(request, "platform/not_yet.html", {"post": begins[0], "begins": begins[1]}, status=403)
