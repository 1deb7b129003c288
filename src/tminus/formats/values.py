"""Single values as people write them in sheets: durations, dates, progress, yes and no, constraints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from tminus.engines.schedule import Constraint, ConstraintKind, Duration
from tminus.formats.problems import BadValue

Cell = str | float | int | bool | datetime | date | time | timedelta | None
DateOrder = Literal["dmy", "mdy"]

DURATION_ALLOWED = "5d working days, 5ed elapsed days, 2w = 10d, 6h, or a number of days"
DATE_ALLOWED = "2026-08-17, 2026/8/17, 17 Aug 2026, 2026年8月17日, with or without 09:00"
PROGRESS_ALLOWED = "50 %, 0.5 or 50 (1 is 100 %)"

_UNITS = {
    "": ("d", False), "d": ("d", False), "day": ("d", False), "days": ("d", False), "wd": ("d", False),
    "天": ("d", False), "日": ("d", False), "工作日": ("d", False), "个工作日": ("d", False),
    "ed": ("d", True), "eday": ("d", True), "edays": ("d", True), "日历天": ("d", True), "日历日": ("d", True),
    "个日历天": ("d", True), "自然日": ("d", True),
    "w": ("w", False), "wk": ("w", False), "week": ("w", False), "weeks": ("w", False), "周": ("w", False),
    "ew": ("w", True),
    "h": ("h", False), "hr": ("h", False), "hrs": ("h", False), "hour": ("h", False), "hours": ("h", False),
    "小时": ("h", False), "eh": ("h", True),
    "m": ("m", False), "min": ("m", False), "mins": ("m", False), "分钟": ("m", False), "em": ("m", True),
}  # fmt: skip
_QUANTITY = re.compile(r"([+-]?\s*\d+(?:[.,]\d+)?)\s*([^\d\s?]*)\??")


def duration(value: Cell, day_minutes: int = 480) -> Duration:
    """``5d``, ``5ed``, ``2w``, ``6h``, a bare number of days; ``day_minutes`` is what one working day has.

    :raises BadValue: anything else, or a negative duration.
    """
    found = signed_duration(value, day_minutes)
    if found.minutes < 0:
        raise BadValue(DURATION_ALLOWED)
    return found


def signed_duration(value: Cell, day_minutes: int = 480) -> Duration:
    """As :func:`duration`, but lags may be negative."""
    if isinstance(value, (bool, datetime, date, time)):
        raise BadValue(DURATION_ALLOWED)
    if isinstance(value, timedelta):
        return Duration(round(value.total_seconds() / 60))
    if isinstance(value, (int, float)):
        return Duration(_whole(float(value) * day_minutes))
    matched = _QUANTITY.fullmatch(str(value or "").strip().lower())
    if matched is None or matched[2] not in _UNITS:
        raise BadValue(DURATION_ALLOWED)
    unit, elapsed = _UNITS[matched[2]]
    day = 1440 if elapsed else day_minutes
    minutes = {"d": day, "w": 7 * 1440 if elapsed else 5 * day_minutes, "h": 60, "m": 1}[unit]
    return Duration(_whole(float(matched[1].replace(" ", "").replace(",", ".")) * minutes), elapsed)


def _whole(minutes: float) -> int:
    if not abs(minutes) < 1e9:  # also not a number
        raise BadValue(DURATION_ALLOWED)
    return round(minutes)


def duration_text(value: Duration, day_minutes: int = 480) -> str:
    """The shortest form that reads back to the same minutes."""
    day, mark = (1440, "ed") if value.elapsed else (day_minutes, "d")
    if value.minutes % day == 0:
        return f"{value.minutes // day}{mark}"
    if value.minutes % 60 == 0:
        return f"{value.minutes // 60}{'eh' if value.elapsed else 'h'}"
    return f"{value.minutes}{'em' if value.elapsed else 'm'}"


_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_CLOCK = r"(?:[Tt\s,]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _CLOCK)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + _CLOCK)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _CLOCK)
_DAY_NAMED = re.compile(r"(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{4})" + _CLOCK)
_MONTH_NAMED = re.compile(r"(?:[a-z]{3,9},?\s+)?([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})" + _CLOCK)
_EXCEL_EPOCH = datetime(1899, 12, 30)


def moment(value: Cell, order: DateOrder | None = None) -> tuple[datetime, bool]:
    """A date or date-time, and whether it names a time of day.

    Excel's day numbers are dates. ``03/04/2026`` is taken only when ``order`` says which comes first.

    :raises BadValue: anything else.
    """
    if isinstance(value, datetime):
        return value.replace(tzinfo=None), value.time() != time.min
    if isinstance(value, date):
        return datetime.combine(value, time.min), False
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 20_000 < value < 80_000:
        at = _EXCEL_EPOCH + timedelta(minutes=round(float(value) * 1440))
        return at, at.time() != time.min
    return _written(str(value or "").strip().lower(), order)


def _written(text: str, order: DateOrder | None) -> tuple[datetime, bool]:
    if found := (_YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)):
        return _at(found[1], found[2], found[3], found[4], found[5])
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        if order is None and first <= 12 and second <= 12 and first != second:
            raise BadValue("a date whose order is plain, like 2026-04-03 (or state the order: dmy or mdy)")
        day_first = order == "dmy" if order and first <= 12 and second <= 12 else first > 12 or second <= 12
        day, month = (found[1], found[2]) if day_first else (found[2], found[1])
        return _at(found[3], month, day, found[4], found[5])
    if (found := _DAY_NAMED.fullmatch(text)) and found[2] in _MONTHS:
        return _at(found[3], str(_MONTHS[found[2]]), found[1], found[4], found[5])
    if (found := _MONTH_NAMED.fullmatch(text)) and found[1] in _MONTHS:
        return _at(found[3], str(_MONTHS[found[1]]), found[2], found[4], found[5])
    raise BadValue(DATE_ALLOWED)


def _at(year: str, month: str, day: str, hour: str | None, minute: str | None) -> tuple[datetime, bool]:
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
    except ValueError:
        raise BadValue(DATE_ALLOWED) from None
    return at, hour is not None


def progress(value: Cell) -> float:
    """Per cent done, 0 … 100. ``50 %`` = ``0.5`` = ``50``; a bare 1 is 100 %, one per cent needs the sign.

    :raises BadValue: not a number, or outside 0 … 100 %.
    """
    text = str(value if value is not None else "").strip()
    signed = text.endswith(("%", "％"))
    try:
        number = float(text.rstrip("%％ ").replace(",", "."))
    except ValueError:
        raise BadValue(PROGRESS_ALLOWED) from None
    percent = number if signed or number > 1 else number * 100
    if not 0 <= percent <= 100:
        raise BadValue(PROGRESS_ALLOWED)
    return percent


YES = frozenset(["1", "1.0", "true", "yes", "y", "x", "✓", "√", "●", "是", "有", "节点", "gate"])
NO = frozenset(["", "0", "0.0", "false", "no", "n", "否", "-", "无"])


def yes_no(value: Cell) -> bool:
    """:raises BadValue: neither a yes nor a no."""
    text = str(value if value is not None else "").strip().lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise BadValue("yes, no, 1, 0, x or empty (是, 否)")


def by_hand(value: Cell) -> bool:
    """A yes or no, or the task mode as MS Project writes it.

    :raises BadValue: neither.
    """
    text = str(value if value is not None else "").strip().lower()
    if text in ("manually scheduled", "手动计划"):
        return True
    if text in ("auto scheduled", "自动计划"):
        return False
    try:
        return yes_no(value)
    except BadValue as error:
        raise BadValue(f"Manually Scheduled, Auto Scheduled, {error}") from error


_CONSTRAINT_WORDS = {
    ConstraintKind.ASAP: ("asap", "as soon as possible", "越早越好", "尽早"),
    ConstraintKind.ALAP: ("alap", "as late as possible", "越晚越好", "尽晚"),
    ConstraintKind.SNET: (
        "snet",
        "start no earlier than",
        "不得早于此日期开始",
        "不得早于…开始",
        "不早于开始",
        "开始不早于",
    ),
    ConstraintKind.SNLT: ("snlt", "start no later than", "不得晚于此日期开始", "不晚于开始", "开始不晚于"),
    ConstraintKind.FNET: ("fnet", "finish no earlier than", "不得早于此日期完成", "不早于完成", "完成不早于"),
    ConstraintKind.FNLT: ("fnlt", "finish no later than", "不得晚于此日期完成", "不晚于完成", "完成不晚于"),
    ConstraintKind.MSO: ("mso", "must start on", "必须开始于"),
    ConstraintKind.MFO: ("mfo", "must finish on", "必须完成于"),
    ConstraintKind.MANDATORY_START: ("mands", "mandatory start", "强制开始"),
    ConstraintKind.MANDATORY_FINISH: ("mandf", "mandatory finish", "强制完成"),
    ConstraintKind.EXPECTED_FINISH: ("expf", "expected finish", "预期完成"),
    ConstraintKind.EXTERNAL_START: ("exts", "external early start", "外部最早开始"),
    ConstraintKind.EXTERNAL_FINISH: ("extf", "external late finish", "外部最晚完成"),
}
CONSTRAINT_ALLOWED = "ASAP, ALAP, or SNET, SNLT, FNET, FNLT, MSO, MFO with a date, for example SNET 2026-08-17"
ENDS = (
    ConstraintKind.FNLT,
    ConstraintKind.MFO,
    ConstraintKind.MANDATORY_FINISH,
    ConstraintKind.EXPECTED_FINISH,
    ConstraintKind.EXTERNAL_FINISH,
)
"""Constraints whose bare date means the end of that day."""


def constraint(value: Cell, order: DateOrder | None = None) -> Constraint:
    """``ALAP``, ``SNET 2026-08-17``, ``Must finish on 2026-08-17``, ``开始不早于 2026-08-17``.

    A bare date of a latest finish means the end of that day.

    :raises BadValue: anything else.
    """
    text = str(value or "").strip()
    lowered = text.lower()
    for kind, words in _CONSTRAINT_WORDS.items():
        for word in sorted(words, key=len, reverse=True):
            if lowered.startswith(word):
                return _dated(kind, text[len(word) :].strip(" :：,，"), order)
    raise BadValue(CONSTRAINT_ALLOWED)


def _dated(kind: ConstraintKind, rest: str, order: DateOrder | None) -> Constraint:
    if kind in (ConstraintKind.ASAP, ConstraintKind.ALAP):
        return Constraint(kind)
    if not rest:
        raise BadValue(CONSTRAINT_ALLOWED)
    at, timed = moment(rest, order)
    return Constraint(kind, at if timed or kind not in ENDS else at + timedelta(days=1))


def end_of_day(value: Cell, order: DateOrder | None = None) -> datetime:
    """A latest finish: a bare date means all of that day."""
    at, timed = moment(value, order)
    return at if timed else at + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """The usual first and last working minute of a day: what a bare start or finish date stands for."""

    start: int = 9 * 60
    finish: int = 17 * 60

    def start_on(self, value: Cell, order: DateOrder | None = None) -> datetime:
        at, timed = moment(value, order)
        return at if timed else at + timedelta(minutes=self.start)

    def finish_on(self, value: Cell, order: DateOrder | None = None) -> datetime:
        at, timed = moment(value, order)
        return at if timed else at + timedelta(minutes=self.finish)
