"""What TaskJuggler's statements say in numbers and dates."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tminus.formats.problems import BadFile
from tminus.formats.taskjuggler.hours import take_hours
from tminus.formats.taskjuggler.project import Hours, Leave, Project
from tminus.formats.taskjuggler.statement import Statement
from tminus.formats.taskjuggler.words import said

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(min|h|d|w|m|y)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:-(\d{1,2}):(\d{2})(?::\d{2})?)?(?:-([+-]\d{4}|\w+))?")
_MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 10080, "m": 43800, "y": 525600}


class Values:
    """Of one file: mistakes name it. ``zone``: where dates with an offset are meant."""

    def __init__(self, file: str) -> None:
        self.file, self.zone = file, ""

    def wrong(self, line: int, value: str, allowed: str) -> BadFile:
        return BadFile(f"{self.file}, line {line}: {value[:120]!r} cannot be taken; allowed: {allowed}")

    def first(self, one: Statement, allowed: str) -> str:
        """What stands first behind the keyword."""
        if not one.args:
            raise self.wrong(one.line, one.keyword, allowed)
        return said(one.args[0])

    def named(self, one: Statement) -> tuple[str, str]:
        """Identifier and name; without a name the identifier."""
        first = self.first(one, f"{one.keyword} ID NAME")
        for word in one.args:
            if word[0] == '"':
                return first, word[1:-1]
        return first, first

    def dates(self, one: Statement) -> list[int]:
        """Which words of the statement are dates."""
        return [at for at, word in enumerate(one.args) if _DATE.fullmatch(word)]

    def spans(self, one: Statement) -> list[int]:
        """Which are spans, ``+3w``."""
        return [at for at, word in enumerate(one.args) if word[0] == "+"]

    def date(self, one: Statement, word: int = 0) -> datetime:
        """The date that a word of the statement is."""
        allowed = "a date like 2026-08-17 or 2026-08-17-09:00"
        text = said(one.args[word]) if word else self.first(one, allowed)
        found = _DATE.fullmatch(text)
        if found is None:
            raise self.wrong(one.line_of(word), text, allowed)
        try:
            at = datetime(*(int(part or 0) for part in found.groups()[:5]))  # type: ignore[arg-type]
        except ValueError:
            raise self.wrong(one.line_of(word), text, "a date of the calendar") from None
        return at if not found[6] or found[6][0] not in "+-" else self._from_offset(at, found[6])

    def _from_offset(self, at: datetime, ahead: str) -> datetime:
        sign = -1 if ahead[0] == "-" else 1
        offset = timedelta(minutes=sign * (int(ahead[1:3]) * 60 + int(ahead[3:])))
        utc = (at - offset).replace(tzinfo=ZoneInfo("UTC"))
        return utc.astimezone(ZoneInfo(self.zone or "UTC")).replace(tzinfo=None)

    def later(self, one: Statement, start: datetime, word: int) -> datetime:
        """``+3w`` behind a date."""
        text = said(one.args[word])
        found = _AMOUNT.match(text.lstrip("+"))
        if found is None or found[2] is None:
            raise self.wrong(one.line_of(word), text, "+ and a number with min, h, d, w, m or y")
        return start + timedelta(minutes=min(float(found[1]) * _MINUTES[found[2]], 20000 * 1440))

    def amount(self, one: Statement) -> tuple[float, str]:
        return self.amount_of("".join([said(word) for word in one.args[:2]]), one)

    def amount_of(self, text: str, one: Statement) -> tuple[float, str]:
        found = _AMOUNT.match(text)
        if found is None or found[2] is None:
            raise self.wrong(one.line, text, "a number with min, h, d, w, m or y")
        return float(found[1]), found[2]

    def number(self, one: Statement) -> float:
        try:
            value = float(said(one.args[0]))
        except (ValueError, IndexError):
            raise self.wrong(one.line, " ".join(one.words()), "a number") from None
        if not 0 < value < 10_000:
            raise self.wrong(one.line, one.args[0], "a number more than 0")
        return value

    def limits(self, one: Statement, project: Project, day: int | None, week: int | None) -> tuple[int | None, ...]:
        """Slots a day and week; what is not said stays."""
        words = [word for inner in one.block for word in (inner.keyword, *inner.words())]
        for name, value in pairwise(words):
            found = _AMOUNT.fullmatch(value)
            if name in ("dailymax", "weeklymax") and found is not None:
                slots = project.work_slots(float(found[1]), found[2] or "h")
                day, week = (slots, week) if name == "dailymax" else (day, slots)
        return day, week

    def leaves(self, one: Statement) -> list[Leave]:
        """Spans of days off; a bare date is that day."""
        dates, spans = self.dates(one), self.spans(one)
        if not dates:
            raise self.wrong(one.line, " ".join(one.words()), "leaves TYPE 2026-08-17 - 2026-08-20")
        found: list[Leave] = []
        while dates:
            at = dates.pop(0)
            first = self.date(one, at)
            if dates and one.args[at + 1] == "-":
                found.append((first, self.date(one, dates.pop(0))))
            elif spans:
                found.append((first, self.later(one, first, spans.pop(0))))
            else:
                found.append((first, first + timedelta(days=1)))
        return found

    def hours(self, one: Statement, hours: Hours) -> None:
        if not take_hours(one.words(), hours):
            raise self.wrong(one.line, " ".join(one.words()), "mon - fri 9:00 - 12:00, 13:00 - 18:00, or off")
