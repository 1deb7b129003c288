"""The search page, and the same answer for the palette (Ctrl-K)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tminus.platform.pages import answer, page

PAGE_HITS, PALETTE_HITS = 40, 6
LONGEST = 200


@require_GET
@page
def search(request: HttpRequest) -> HttpResponse:
    """What fits ``?q=``; with nothing typed, every page and act there is."""
    return render(request, "search/search.html", {"found": _found(request, PAGE_HITS)})


@require_GET
@page
def palette(request: HttpRequest) -> HttpResponse:
    """The same as JSON, a few of each kind."""
    return JsonResponse(_found(request, PALETTE_HITS if request.GET.get("q", "").strip() else PAGE_HITS))


def _found(request: HttpRequest, limit: int) -> dict[str, Any]:
    text = request.GET.get("q", "")[:LONGEST]
    found: dict[str, Any] = answer(request, "platform.search", {"text": text, "limit": limit})
    return found
