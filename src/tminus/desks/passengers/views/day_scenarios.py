"""Scenarios of the event's days: the list with what befalls, what is done, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.passengers.days.figure_words import figure_cells, written
from tminus.platform.flash import say
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

SHOWN = ("mean_wait_s", "person_minutes_e_f", "longest_queue", "left_behind")
MEASURES_SHOWN = 3


@page
def scenarios(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.days")
    rows = [_row(one) for one in found["scenarios"]]
    days = [{"day": day, "rows": list(group)} for day, group in groupby(rows, key=lambda row: row["day"])]
    walked = sum(row["walk"] is not None for row in rows)
    context = {**found, "days": days, "words": _words(rows), "walked": walked, "may": _may(request)}
    return render(request, "passengers/day_scenarios.html", context)


def _may(request: HttpRequest) -> bool:
    return bool(request.reach.headquarters)  # type: ignore[attr-defined]


def _words(rows: list[dict[str, Any]]) -> list[Any]:
    return [one["word"] for one in figure_cells(dict.fromkeys(SHOWN), SHOWN)]


def _row(one: dict[str, Any]) -> dict[str, Any]:
    walk = one["walk"]
    more = max(0, len(one["does"]) - MEASURES_SHOWN)
    found = {**one, "does": one["does"][:MEASURES_SHOWN], "more": more, "cells": [], "home": ""}
    if walk:
        found["cells"] = figure_cells(walk["row"], SHOWN)
        found["home"] = written("last_arrival_s", walk["row"]["last_arrival_s"])
        found["not_home"] = walk["row"]["not_home"]
    return found


@require_POST
@page
def carried_out(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Walk, propose, copy, withdraw or put back the scenario ``key``."""
    if act not in ACTS:
        raise Http404(act)
    return ACTS[act](request, key)


def _walk(request: HttpRequest, key: str) -> HttpResponse:
    """From a comparison one comes back to it: it shows how far the walk is, then both."""
    beside = {name: request.POST[name] for name in "ab" if request.POST.get(name)}
    if len(beside) == len("ab"):
        _performed(request, "passengers.day.walk", {"key": key})
        address = reverse("day-compare", kwargs={"event": event_of(request).slug})
        return see_other(f"{address}?{urlencode(beside)}")
    return _job(request, "passengers.day.walk", {"key": key})


def _propose(request: HttpRequest, key: str) -> HttpResponse:
    return _job(request, "passengers.day.propose", {"key": key, "how": request.POST.get("how", "recommended")})


def _job(request: HttpRequest, code: str, args: dict[str, Any]) -> HttpResponse:
    done = _performed(request, code, args)
    if done is None:
        return see_other(_list(request))
    return see_other(reverse("job", kwargs={"event": event_of(request).slug, "pk": done["job"]}))


def _copy(request: HttpRequest, key: str) -> HttpResponse:
    done = _performed(request, "passengers.day.copy", {"key": key})
    if done is None:
        return see_other(_list(request))
    return see_other(reverse("day-scenario-edit", kwargs={"event": event_of(request).slug, "key": done["key"]}))


def _withdraw(request: HttpRequest, key: str) -> HttpResponse:
    if _performed(request, "passengers.day.withdraw", {"key": key}):
        say(request, _("Withdrawn. Its walks stay kept."), undo=_act_address(request, key, "restore"))
    return see_other(_list(request))


def _restore(request: HttpRequest, key: str) -> HttpResponse:
    if _performed(request, "passengers.day.restore", {"key": key}):
        messages.success(request, _("As it was before"))
    return see_other(_list(request))


ACTS: dict[str, Callable[[HttpRequest, str], HttpResponse]] = {
    "walk": _walk, "propose": _propose, "copy": _copy, "withdraw": _withdraw, "restore": _restore,
}  # fmt: skip


def _performed(request: HttpRequest, code: str, args: dict[str, Any]) -> dict[str, Any] | None:
    """What the act answered; ``None`` when it was refused, which the next page says."""
    try:
        done: dict[str, Any] = perform(code, args, event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return None
    return done


def _list(request: HttpRequest) -> str:
    return reverse("day-scenarios", kwargs={"event": event_of(request).slug})


def _act_address(request: HttpRequest, key: str, act: str) -> str:
    return reverse("day-scenario-act", kwargs={"event": event_of(request).slug, "key": key, "act": act})
