"""One line of what a counter sends, checked: the error names the field, what was given and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tminus.desks.passengers.intake.blocks import UNNUMBERED
from tminus.desks.passengers.models import Counter, Kind

AHEAD_S = 600
"""A counter's clock may be this far ahead; a reading from later still would stand as the latest for ever."""
EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
LARGEST = 2**31 - 1
LARGEST_SEQ = 2**53


class BadReading(Exception):
    """A line that cannot be taken."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:60] + "…"
        super().__init__(_("%(field)s: %(value)s; allowed: %(allowed)s") % {
            "field": field, "value": shown, "allowed": allowed,
        })  # fmt: skip
        self.field, self.value = field, value


class Given(NamedTuple):
    """A reading as it came: ``at`` in seconds since 1970, ``seq`` −1 where it has no number."""

    at: int
    seq: int
    ins: int
    outs: int


def reading_of(counter: Counter, line: Mapping[str, Any], zone: ZoneInfo, now_s: int) -> Given:
    """A line as a reading of ``counter``; times without an offset are the event's own.

    :raises BadReading: a field is missing or cannot be, with what is allowed.
    """
    at = _time(line.get("time"), zone, now_s)
    seq = UNNUMBERED if line.get("seq") in (None, "") else _whole("seq", line["seq"], LARGEST_SEQ)
    most = LARGEST if counter.kind == Kind.CUMULATIVE else counter.most_per_min * counter.every_s // 60
    ins, outs = (_count(name, line.get(name), name in counter.names, most) for name in ("in", "out"))
    return Given(at, seq, ins, outs)


def _time(value: object, zone: ZoneInfo, now_s: int) -> int:
    try:
        at = datetime.fromisoformat(value.strip()) if isinstance(value, str) else value
        if not isinstance(at, datetime):
            raise ValueError
        seconds = int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())
    except (ValueError, OverflowError):
        raise BadReading("time", value, "2026-11-05T10:15:00+08:00") from None
    if seconds > now_s + AHEAD_S:
        raise BadReading("time", value, _("not later than now; is the counter's clock right?"))
    if seconds < EARLIEST:
        raise BadReading("time", value, _("not before the year 2000"))
    return seconds


def _count(name: str, value: object, counts: bool, most: int) -> int:
    if counts:
        return _whole(name, value, most)
    if value in (None, "", 0, "0"):
        return 0
    raise BadReading(name, value, _("nothing: this counter does not count it"))


def _whole(name: str, value: object, most: int) -> int:
    number = _number(value)
    if number is None or not 0 <= number <= most:
        raise BadReading(name, value, _("a whole number, 0 … %(most)d") % {"most": most})
    return number


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
