"""Minutes of a service day as people write them: 06:15, and 24:30 after midnight."""

from __future__ import annotations


def clock_text(minute: float) -> str:
    """``HH:MM``; past midnight the hours go on, as in timetables."""
    whole = round(minute)
    return f"{whole // 60:02d}:{whole % 60:02d}"
