"""A walked day to take along: picture and data of the time shown, the map as GeoJSON, the replay as one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any
from unicodedata import east_asian_width

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tminus.desks.passengers.day_pictures import clock_at, picture_svg
from tminus.desks.passengers.views.day_replay import (
    asked,
    document,
    drawn_ground,
    file_name,
    slot_of,
    window_of,
)
from tminus.formats.book_writer import table_csv
from tminus.formats.crowd.replay_exports import HEADS, day_features, slot_rows
from tminus.formats.crowd.replay_page import replay_page
from tminus.platform.pages import answer, page
from tminus.platform.papers.picture import png_of

WIDE = 1.8
"""Room of a Chinese letter, in Latin ones."""


@page
def exported(request: HttpRequest, key: str) -> HttpResponse:
    """``as``: svg or png (picture of the slot), csv (its figures; of all slots with ``slot=all``), geojson, html."""
    sort = request.GET.get("as", "svg")
    if sort not in SORTS:
        raise Http404(_("as: %(sort)s; allowed: %(allowed)s") % {"sort": sort, "allowed": ", ".join(SORTS)})
    kind, made = SORTS[sort]
    content, said = made(request, key, document(request, key))
    headers = {"Content-Disposition": f'attachment; filename="{file_name(request, key, said)}.{sort}"'}
    if sort == "svg" and "inline" in request.GET:
        headers = {}
    return HttpResponse(content, kind, headers=headers)


def _svg(request: HttpRequest, key: str, day: Mapping[str, Any]) -> tuple[bytes, str]:
    slot = slot_of(request, dict(day))
    found = answer(request, "passengers.day.show", asked(request, key))
    about = " · ".join([*found["befalls"], *found["does"]])
    picture = picture_svg(
        day, slot, ground=drawn_ground(request), window=window_of(request), title=found["name"], about=_short(about)
    )
    return picture, clock_at(day, slot).replace(":", "")


def _short(words: str, most: float = 150.0) -> str:
    """As much of the words as a line of the picture has room for; a Chinese letter takes the room of nearly two."""
    rooms = accumulate(WIDE if east_asian_width(letter) in "WF" else 1.0 for letter in words)
    kept = sum(room <= most for room in rooms)
    return words if kept == len(words) else words[: kept - 2].rstrip() + " …"


def _png(request: HttpRequest, key: str, day: Mapping[str, Any]) -> tuple[bytes, str]:
    picture, said = _svg(request, key, day)
    return png_of(picture), said


def _csv(request: HttpRequest, key: str, day: Mapping[str, Any]) -> tuple[bytes, str]:
    if request.GET.get("slot") == "all":
        return table_csv(HEADS, slot_rows(day, range(len(day["times"])))), "day"
    slot = slot_of(request, dict(day))
    return table_csv(HEADS, slot_rows(day, [slot])), clock_at(day, slot).replace(":", "")


def _geojson(request: HttpRequest, key: str, day: Mapping[str, Any]) -> tuple[bytes, str]:
    return day_features(day), "map"


def _html(request: HttpRequest, key: str, day: Mapping[str, Any]) -> tuple[bytes, str]:
    return replay_page(day, drawn_ground(request)), "replay"


Made = Callable[[HttpRequest, str, Mapping[str, Any]], tuple[bytes, str]]
SORTS: dict[str, tuple[str, Made]] = {
    "svg": ("image/svg+xml; charset=utf-8", _svg),
    "png": ("image/png", _png),
    "csv": ("text/csv; charset=utf-8", _csv),
    "geojson": ("application/geo+json", _geojson),
    "html": ("text/html; charset=utf-8", _html),
}
