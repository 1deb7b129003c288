"""A walked day on the map: the page, the document the browser draws it from, and the ground beneath."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.gzip import gzip_page

from tminus.desks.passengers.day_ground import ground_document
from tminus.desks.passengers.day_pictures import clock_at, worst_slot
from tminus.desks.passengers.days.figure_words import figure_cells
from tminus.formats.crowd.replay_page import place_name
from tminus.platform.languages import in_language
from tminus.platform.pages import answer, event_of, page

FIGURES = ("mean_wait_s", "longest_queue", "person_minutes_e_f", "left_behind", "last_arrival_s", "not_home")
WORST_SHOWN = 12
EXPORTS = ("svg", "png", "csv", "geojson", "html")


@page
def replay(request: HttpRequest, key: str) -> HttpResponse:
    found = answer(request, "passengers.day.show", asked(request, key))
    context: dict[str, Any] = {"found": found, "may": bool(request.reach.headquarters)}  # type: ignore[attr-defined]
    if found["walk"] is None:
        return render(request, "passengers/day_replay_none.html", context)
    day = document(request, key)
    slot = slot_of(request, day)
    context |= {
        "cells": figure_cells(found["walk"]["row"], FIGURES), "slot": slot, "at": clock_at(day, slot),
        "show": request.GET.get("show", ""), "window": window_of(request), "walk_asked": request.GET.get("walk", ""),
        "more": urlencode({"slot": slot, **walk_asked(request)}), "walk_query": urlencode(walk_asked(request)),
        "hours": _hours(day, slot), "gates": _gates(day, slot), "worst": _worst(day), "exports": EXPORTS,
    }  # fmt: skip
    return render(request, "passengers/day_replay.html", context)


@gzip_page
@page
def data(request: HttpRequest, key: str) -> HttpResponse:
    """The document of the replay, for the browser's map; an unchanged one is not sent again."""
    return _unless_known(request, answer(request, "passengers.day.replay", asked(request, key)))


@gzip_page
@page
def ground(request: HttpRequest) -> HttpResponse:
    """The ground beneath: ``null`` where the event has none."""
    return _unless_known(request, drawn_ground(request))


def _unless_known(request: HttpRequest, document: Any) -> HttpResponse:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    etag = f'"{sha256(text).hexdigest()[:32]}"'
    whole = HttpResponse(text, "application/json", headers={"Cache-Control": "private, no-cache", "ETag": etag})
    return get_conditional_response(request, etag=etag, response=whole) or whole


def asked(request: HttpRequest, key: str) -> dict[str, Any]:
    """The scenario, and the walk of it the address asks for.

    :raises Http404: a walk that is no number.
    """
    return {"key": key, **walk_asked(request)}


def walk_asked(request: HttpRequest) -> dict[str, Any]:
    number = request.GET.get("walk", "")
    if number and not number.isdecimal():
        raise Http404(number)
    return {"walk": int(number)} if number else {}


def document(request: HttpRequest, key: str) -> dict[str, Any]:
    found: dict[str, Any] = answer(request, "passengers.day.replay", asked(request, key))
    return found


def drawn_ground(request: HttpRequest) -> dict[str, Any] | None:
    return ground_document(answer(request, "planning.ground.drawing", {}))


def slot_of(request: HttpRequest, day: dict[str, Any]) -> int:
    """The slot the address asks for; without one the worst.

    :raises Http404: no slot of the day.
    """
    text = request.GET.get("slot", "")
    if not text:
        return worst_slot(day)
    if not text.isdecimal() or int(text) >= len(day["times"]):
        raise Http404(text)
    return int(text)


def window_of(request: HttpRequest) -> str:
    return "city" if request.GET.get("window") == "city" else "site"


def file_name(request: HttpRequest, key: str, *parts: str) -> str:
    """Of an export: event, scenario and what it is of, without what file systems refuse."""
    return "-".join(slugify(one) or "day" for one in (event_of(request).slug, key, *parts))


def _hours(day: dict[str, Any], slot: int) -> list[dict[str, Any]]:
    """Every slot as a link: the hours, and the slots of the hour shown."""
    here = clock_at(day, slot)[:2]
    hours: dict[str, int] = {}
    for n in range(len(day["times"])):
        hours.setdefault(clock_at(day, n)[:2], n)
    return [
        {"word": hour, "slot": first, "here": hour == here,
         "slots": [{"at": clock_at(day, n), "slot": n, "here": n == slot} for n in range(len(day["times"]))
                   if clock_at(day, n)[:2] == hour == here]}
        for hour, first in hours.items()
    ]  # fmt: skip


def _gates(day: dict[str, Any], slot: int) -> list[dict[str, Any]]:
    return [
        {
            "name": in_language(node["en"], node["zh"]), "queue": f"{round(one['queue'][slot]):,}",
            "wait": "–" if one["wait_s"][slot] is None else f"{one['wait_s'][slot] / 60:,.1f}",
            "lanes": f"{one['lanes'][slot]:g}" if one["lanes"] else "–",
        }
        for one in day["gates"]
        if (node := day["nodes"][one["node"]])
    ]  # fmt: skip


def _worst(day: dict[str, Any]) -> list[dict[str, Any]]:
    language, last = in_language("en", "zh"), len(day["times"]) - 1
    return [
        {
            "place": place_name(day, one, language), "slot": one["slot"], "level": one["level"] or "",
            "spell": f"{clock_at(day, one['from'])}–{clock_at(day, min(one['to'] + 1, last))}",
            "persons": f"{one['persons']:,}", "minutes": f"{one['minutes']:,}",
        }
        for one in day["worst"][:WORST_SHOWN]
    ]  # fmt: skip
