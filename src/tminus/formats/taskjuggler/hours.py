"""Working hours as TaskJuggler writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tminus.formats.taskjuggler.project import Hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = "|".join(DAYS)
_DAYS = re.compile(rf"\b({_NAMES})\b(?:\s*-\s*\b({_NAMES})\b)?")
_SPANS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def take_hours(words: Sequence[str], hours: Hours) -> bool:
    """Put ``mon - fri , sat 9:00 - 12:00 , 13:00 - 18:00`` or ``… off`` into ``hours``; False: it is no such thing."""
    text = " ".join(words)
    named, off = _DAYS.findall(text.lower()), "off" in words
    spans = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in _SPANS.findall(text)]
    if not named or (not spans and not off) or any(not 0 <= a < b <= 1440 for a, b in spans):
        return False
    for first, last in named:
        begin, end = DAYS.index(first), DAYS.index(last or first)
        for day in range(begin, end + 1 if end >= begin else end + 8):
            hours[day % 7] = [] if off else sorted(spans)
    return True
