"""Readings of counters as JSON lines: ``{"time","node","in","out","counter","seq"}``."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tminus.engines.forecast.live import Reading
from tminus.formats.problems import BadValue

ALLOWED = '{"time": "2026-11-07 10:05", "node": …, "in": persons, "out": persons, "counter": …, "seq": number}'


def reading_of(line: str, day: date, zone: str) -> Reading:
    """One line; times without an offset are event-local, others are turned into it.

    :raises BadValue: no such line; says what is allowed.
    """
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise BadValue(f"not JSON; allowed: {ALLOWED}") from None
    if not isinstance(told, dict) or not isinstance(told.get("node"), str) or not told["node"]:
        raise BadValue(f"no node; allowed: {ALLOWED}")
    seq = told.get("seq")
    if seq is not None and (not isinstance(seq, int) or isinstance(seq, bool)):
        raise BadValue(f"seq {seq!r}; allowed: a whole number, or none")
    minute = _minute(told.get("time"), day, zone)
    entered, left = _persons(told, "in"), _persons(told, "out")
    return Reading(minute, told["node"], entered, left, str(told.get("counter") or ""), seq)


def _minute(text: Any, day: date, zone: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadValue(f"time {text!r}; allowed: an ISO time, 2026-11-07 10:05") from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    minute = (moment - datetime.combine(day, datetime.min.time())) / timedelta(minutes=1)
    if not -1440 <= minute <= 2880:
        raise BadValue(f"time {text!r}; allowed: of {day}")
    return minute


def _persons(told: dict[str, Any], key: str) -> float:
    value = told.get(key, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e9:
        raise BadValue(f"{key} {value!r}; allowed: a number of persons")
    return float(value)
