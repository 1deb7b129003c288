"""Edits as lines people type: one change a line, read back to the same edits.

``RD0102 duration 5d`` · ``RD0102 remaining 3d`` (of work that has begun) · ``RD0102 seven days`` ·
``RD0102 calendar night-shift`` · ``RD0102 start 2026-09-01`` (its planned day) · ``RD0102 from 2026-09-01`` (no
earlier) · ``RD0102 from`` (as soon as it can) · ``RD0102 after RD0101FS-2d`` · ``RD0102 not after RD0101``
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from django.utils.translation import gettext as _

from tminus.desks.planning.edits import (
    CutLink,
    Edit,
    NotBefore,
    SetCalendar,
    SetDuration,
    SetLink,
    SetRemaining,
    SevenDays,
    StartOn,
)
from tminus.engines.schedule import Duration, Link, LinkKind
from tminus.formats.predecessors import predecessors, predecessors_text
from tminus.formats.problems import BadValue
from tminus.formats.values import Hours, duration, duration_text
from tminus.platform.languages import allowed_by
from tminus.platform.registry import BadInput

WORDS = {
    "duration": "duration", "工期": "duration",
    "remaining": "remaining", "剩余": "remaining",
    "calendar": "calendar", "日历": "calendar",
    "from": "from", "不早于": "from",
    "start": "start", "开始": "start",
    "seven days": "seven_days", "每周七天": "seven_days",
    "not after": "unlink", "不再等": "unlink",
    "after": "link", "前置任务": "link",
}  # fmt: skip
_LINE = re.compile(rf"(?P<task>.+?)\s+(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})(?:\s+(?P<rest>.+))?")


def edits_from(text: str, tasks: Container[str], day_minutes: Mapping[str, int]) -> list[Edit]:
    """Read the lines; empty ones are passed over.

    :param tasks: IDs of the plan. :param day_minutes: by calendar, the working minutes of its usual day; ``""`` is the
        plan's own.
    :raises BadInput: the first line that cannot be taken, by its number.
    """
    found: list[Edit] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found += _edits(line.strip(), tasks, day_minutes)
        except BadValue as error:
            raise BadInput(
                _("line %(number)d, %(line)r; allowed: %(allowed)s")
                % {"number": number, "line": line.strip()[:80], "allowed": allowed_by(error)},
                field="lines",
                value=line.strip()[:80],
            ) from error
    return found


def _edits(line: str, tasks: Container[str], day_minutes: Mapping[str, int]) -> Sequence[Edit]:
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise BadValue(
            _("an ID, then duration, remaining, calendar, seven days, from, start, after or not after, then the value")
        )
    task, word, rest = matched["task"].strip(), WORDS[matched["word"]], (matched["rest"] or "").strip()
    if task not in tasks:
        raise BadValue(_("the ID of a task of this plan at the beginning"))
    match word:
        case "duration":
            taken = duration(rest, day_minutes[""])
            return [SetDuration(task=task, minutes=taken.minutes)]
        case "remaining":
            taken = duration(rest, day_minutes[""])
            if taken.elapsed or not taken.minutes:
                raise BadValue(_("working time that is left, like 3d"))
            return [SetRemaining(task=task, minutes=taken.minutes)]
        case "calendar":
            if rest not in day_minutes or not rest:
                raise BadValue(", ".join(code for code in day_minutes if code))
            return [SetCalendar(task=task, calendar=rest)]
        case "from":
            return [NotBefore(task=task, at=Hours().start_on(rest) if rest else None)]
        case "start":
            return [StartOn(task=task, at=Hours().start_on(rest))]
        case "seven_days":
            if rest:
                raise BadValue(_("nothing after it"))
            return [SevenDays(task=task)]
        case "link":
            return [_link(link) for link in _links(rest, task, tasks, day_minutes)]
        case _:
            return [
                CutLink(predecessor=link.pred, successor=task, kind=link.kind.value)
                for link in _links(rest, task, tasks, day_minutes)
            ]


def _links(rest: str, task: str, tasks: Container[str], day_minutes: Mapping[str, int]) -> list[Link]:
    links = predecessors(rest, task, tasks, day_minutes[""])
    if not links:
        raise BadValue(_("IDs of tasks, each with FS, SS, FF or SF and a lag if wanted: T3, T3FS+2d, T4SS-1d"))
    return links


def _link(link: Link) -> SetLink:
    return SetLink(
        predecessor=link.pred,
        successor=link.succ,
        kind=link.kind.value,
        lag_minutes=link.lag.minutes,
        elapsed=link.lag.elapsed,
    )


def lines_of(edits: Sequence[Edit], day_minutes: int = 480) -> str:
    """The lines that read back to ``edits``."""
    return "\n".join(_line(edit, day_minutes) for edit in edits)


def _line(edit: Edit, day_minutes: int) -> str:
    match edit:
        case SetDuration():
            return f"{edit.task} duration {duration_text(Duration(edit.minutes), day_minutes)}"
        case SetRemaining():
            return f"{edit.task} remaining {duration_text(Duration(edit.minutes), day_minutes)}"
        case SetCalendar():
            return f"{edit.task} calendar {edit.calendar}"
        case NotBefore():
            return f"{edit.task} from {edit.at:%Y-%m-%d %H:%M}" if edit.at else f"{edit.task} from"
        case StartOn():
            return f"{edit.task} start {edit.at:%Y-%m-%d %H:%M}"
        case SevenDays():
            return f"{edit.task} seven days"
        case SetLink():
            link = Link(edit.predecessor, edit.successor, _kind(edit), Duration(edit.lag_minutes, edit.elapsed))
            return f"{edit.successor} after {predecessors_text([link], day_minutes)}"
        case CutLink():
            link = Link(edit.predecessor, edit.successor, _kind(edit))
            return f"{edit.successor} not after {predecessors_text([link], day_minutes)}"


def _kind(edit: SetLink | CutLink) -> LinkKind:
    return LinkKind(edit.kind)
