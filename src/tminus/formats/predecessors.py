"""The predecessors cell: ``T3``, ``T3FS+2d``, ``T4SS-1d``, separated by ``, ; ， ； 、`` or a line break."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from tminus.engines.schedule import Duration, Link, LinkKind
from tminus.formats.problems import BadValue
from tminus.formats.values import duration_text, signed_duration

SEPARATORS = re.compile(r"[,;，；、\n]")
_REST = re.compile(r"\s*(FS|SS|FF|SF|完成-开始|开始-开始|完成-完成|开始-完成)?\s*([+-]\s*\d.*)?", re.IGNORECASE)
_PERCENT = re.compile(r"([+-]\d{1,6}(?:\.\d{1,9})?)[%％]")
_CHINESE = {"完成-开始": "FS", "开始-开始": "SS", "完成-完成": "FF", "开始-完成": "SF"}
ALLOWED = "IDs of tasks, each with FS, SS, FF or SF and a lag if wanted: T3, T3FS+2d, T4SS-1d"


def predecessors(text: str, succ: str, known: Container[str], day_minutes: int = 480) -> list[Link]:
    """The links into ``succ``. The longest known ID wins before the kind.

    :raises BadValue: no known ID, or something after it that is no kind and lag; the message names the part.
    """
    parts = [part.strip() for part in SEPARATORS.split(text)]
    return [_link(part, succ, known, day_minutes) for part in parts if part]


def _link(part: str, succ: str, known: Container[str], day_minutes: int) -> Link:
    for length in range(len(part), 0, -1):
        id = part[:length].strip()
        if id not in known:
            continue
        matched = _REST.fullmatch(part[length:])
        if matched is None:
            continue
        if id == succ:
            raise BadValue(f"{ALLOWED}; {part!r} is the task itself")
        kind = LinkKind(_CHINESE.get(matched[1] or "", (matched[1] or "FS").upper()))
        lag = (matched[2] or "").replace(" ", "")
        if percent := _PERCENT.fullmatch(lag):
            return Link(id, succ, kind, lag_percent=float(percent[1]))
        return Link(id, succ, kind, _lag(lag, part, day_minutes) if lag else Duration(0))
    raise BadValue(f"{ALLOWED}; {part!r} names none")


def _lag(text: str, part: str, day_minutes: int) -> Duration:
    try:
        return signed_duration(text, day_minutes)
    except BadValue:
        raise BadValue(f"{ALLOWED}; the lag of {part!r} is none") from None


def predecessors_text(links: Sequence[Link], day_minutes: int = 480) -> str:
    """The cell that reads back to the same links."""
    return ", ".join(_text(link, day_minutes) for link in links)


def _text(link: Link, day_minutes: int) -> str:
    if link.lag_percent is not None:
        return f"{link.pred}{link.kind.value}{link.lag_percent:+.12g}%"
    if link.lag.minutes:
        sign = "+" if link.lag.minutes > 0 else "-"
        lag = duration_text(Duration(abs(link.lag.minutes), link.lag.elapsed), day_minutes)
        return f"{link.pred}{link.kind.value}{sign}{lag}"
    return link.pred if link.kind is LinkKind.FS else f"{link.pred}{link.kind.value}"
