"""What the frame of every page shows: the rail, the day, the clock."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"event": getattr(request, "event", None)}
