"""The page of the event's clock: shift it for a demonstration or an exercise, set it right again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.platform import clock
from tminus.platform.access import NotAllowed
from tminus.platform.pages import Field, Form, carry_out, event_of, page, see_other, submitted


@page
def clock_page(request: HttpRequest) -> HttpResponse:
    """What the clock says, what the real time is, and how to set it."""
    event, reach = event_of(request), request.reach  # type: ignore[attr-defined]
    if not (reach.headquarters or reach.administrator):
        raise NotAllowed("clock: for headquarters and administrators")
    if "reset" in request.POST:
        return carry_out(request, "clock.reset", {}, _("The clock shows the real time again"), request.path)
    form = Form(
        [
            Field(
                "at",
                gettext_lazy("Set it to"),
                required=True,
                help=gettext_lazy("T-30, T-30 14:00 or 2026-10-06T14:00, by the event's own time."),
            ),
            Field(
                "rate",
                gettext_lazy("Speed"),
                value="1",
                help=gettext_lazy("Seconds of the event in a real second; 0 stands still, 60 is an hour a minute."),
            ),
            Field(
                "reason",
                gettext_lazy("What for"),
                "select",
                choices=[("exercise", gettext_lazy("exercise")), ("demonstration", gettext_lazy("demonstration"))],
            ),
        ]
    )
    if request.method == "POST" and submitted(request, form, "clock.shift", event=event):
        messages.success(request, _("The clock is shifted; every page says so"))
        return see_other(request.path)
    context = {"form": form, "shift": clock.shift_of(event), "real": timezone.now()}
    return render(request, "platform/clock.html", context)
