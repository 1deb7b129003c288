"""The timetable as a calendar: a month of days, each with what begins and what is finished on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tminus.desks.planning.views.timetable import FILTERS
from tminus.platform.pages import answer, page

WEEK = 7


@page
def calendar(request: HttpRequest) -> HttpResponse:
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    found = answer(request, "planning.calendar", {**filters, "month": request.GET.get("month", "")})
    days = [_day(one) for one in found["days"]]
    context = {
        **found,
        "previous_query": _moved(request, found["previous"]),
        "next_query": _moved(request, found["next"]),
        "month_query": _moved(request, found["month"]),
        "filter_query": urlencode({name: value for name, value in filters.items() if value}),
        "weeks": [days[number : number + WEEK] for number in range(0, len(days), WEEK)],
        "today": request.now.date(),  # type: ignore[attr-defined]
        "filters": filters,
        "areas": answer(request, "planning.choices")["areas"],
    }
    return render(request, "planning/timetable_calendar.html", context)


def _day(one: dict[str, Any]) -> dict[str, Any]:
    """With how many there are beyond those listed, and the day before (what is due on a day is due after that one)."""
    more = {f"{kind}_more": one[f"{kind}_total"] - len(one[kind]) for kind in ("begins", "finishes")}
    return {**one, **more, "before": one["day"] - timedelta(days=1)}


def _moved(request: HttpRequest, month: date) -> str:
    query = request.GET.copy()
    query["month"] = f"{month:%Y-%m}"
    return query.urlencode()
