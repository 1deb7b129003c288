"""The counters' own door: ``POST /counts/`` with a key in a header; nobody signs in and no session is opened."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tminus.desks.passengers.intake.receive import MOST_LINES, lines_of, receive
from tminus.desks.passengers.intake.throttle import Throttle
from tminus.desks.passengers.models import Counter
from tminus.platform.models import Event
from tminus.platform.models.account import hashed

KEY_HEADER = "X-Counter-Key"
MOST_KEYS = 100
MOST_BYTES = 2_000_000
BATCHES = Throttle(120)
"""Batches a minute of one counter."""
WRONG_KEYS = Throttle(30)
"""Wrong keys a minute from one address."""


@csrf_exempt  # opened by a key, not by a browser's session
def door(request: HttpRequest) -> JsonResponse:
    """Take a batch of readings; each line that cannot be taken has its error, the others are kept."""
    if request.method != "POST":
        return _refusal(405, "method", str(request.method), "POST", Allow="POST")
    event, counters = _opened(request.headers.get(KEY_HEADER, ""))
    if event is None:
        # Right keys are let in all the same: behind a proxy everybody comes from one address.
        if wait := WRONG_KEYS.wait_s(str(request.META.get("REMOTE_ADDR", ""))):
            return _slower(wait)
        return _refusal(401, KEY_HEADER, None, "the keys of counters in use, of one event, separated by commas")
    if wait := max(BATCHES.wait_s(str(counter.pk)) for counter in counters.values()):
        return _slower(wait)
    return _taken(request, event, counters)


def _taken(request: HttpRequest, event: Event, counters: dict[str, Counter]) -> JsonResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        return _refusal(413, "body", length, f"at most {MOST_BYTES} bytes; send several batches")
    if len(request.body) > MOST_BYTES:  # sent in pieces without its length
        return _refusal(413, "body", len(request.body), f"at most {MOST_BYTES} bytes; send several batches")
    lines = lines_of(request.body)
    if len(lines) > MOST_LINES:
        return _refusal(413, "body", len(lines), f"at most {MOST_LINES} readings; send several batches")
    answer = receive(event, counters, lines, "api")
    return JsonResponse(answer.as_json(), status=422 if answer.refused and not any(answer.taken) else 200)


def _opened(header: str) -> tuple[Event | None, dict[str, Counter]]:
    """The counters whose keys are given, and their one event; none of it where any key is wrong."""
    keys = {hashed(key.strip()) for key in header.split(",")[: MOST_KEYS + 1] if key.strip()}
    if not 0 < len(keys) <= MOST_KEYS:
        return None, {}
    found = list(
        Counter.objects.filter(key_hash__in=keys, retired_at=None, event__archived=False).select_related("event")
    )
    if len(found) < len(keys) or len({counter.event_id for counter in found}) != 1:
        return None, {}
    return found[0].event, {counter.code: counter for counter in found}


def _slower(wait_s: float) -> JsonResponse:
    allowed = f"{BATCHES.limit} batches a minute of one counter"
    return _refusal(429, "rate", None, allowed, **{"Retry-After": str(math.ceil(wait_s))})


def _refusal(status: int, field: str, value: Any, allowed: str, **headers: str) -> JsonResponse:
    error = {"field": field, "value": value, "message": f"{field}: allowed: {allowed}"}
    return JsonResponse({"error": error}, status=status, headers=headers)
