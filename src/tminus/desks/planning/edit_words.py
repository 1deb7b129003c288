"""Edits as a person reads them: what would be otherwise, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.formats import date_format
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
from tminus.desks.planning.models import PlanCalendar, Task
from tminus.engines.schedule import Duration
from tminus.platform.models import Event

DAY_MIN = 480
"""Minutes of the working day tenths are told of."""


class Words:
    """Names of an event's tasks and calendars, read once for many edits, in the language of the moment."""

    def __init__(self, event: Event, edits: Sequence[Edit]) -> None:
        keys = {key for edit in edits for key in _named(edit)}
        self._tasks: Mapping[str, str] = {
            task.key: task.name
            for task in Task.objects.filter(event=event, key__in=keys).only("key", "name_en", "name_zh")
        }
        self._calendars = dict(PlanCalendar.objects.filter(event=event).values_list("code", "name"))

    def of(self, edit: Edit) -> str:
        """One sentence; a task that is gone is called by its ID."""
        match edit:
            case SetDuration():
                return _("%(task)s takes %(duration)s") % {
                    "task": self._task(edit.task),
                    "duration": told_length(Duration(edit.minutes)),
                }
            case SetRemaining():
                return _("what is left of %(task)s takes %(duration)s") % {
                    "task": self._task(edit.task),
                    "duration": told_length(Duration(edit.minutes)),
                }
            case SetCalendar():
                return _("%(task)s works by the calendar %(calendar)s") % {
                    "task": self._task(edit.task),
                    "calendar": self._calendars.get(edit.calendar, edit.calendar),
                }
            case NotBefore(at=None):
                return _("%(task)s begins as soon as it can") % {"task": self._task(edit.task)}
            case NotBefore():
                return _("%(task)s begins no earlier than %(day)s") % {
                    "task": self._task(edit.task),
                    "day": date_format(edit.at, "Y-m-d") if edit.at else "",
                }
            case SevenDays():
                return _("%(task)s works at weekends and on holidays too") % {"task": self._task(edit.task)}
            case StartOn():
                return _("%(task)s is begun on %(day)s") % {
                    "task": self._task(edit.task),
                    "day": date_format(edit.at, "Y-m-d"),
                }
            case CutLink():
                return _("%(task)s no longer waits for %(other)s") % self._ends(edit)
            case SetLink():
                return self._link(edit)

    def together(self, edits: Sequence[Edit]) -> str:
        """One line for a few edits; where many tasks begin earlier, how many and which is the first."""
        if len(edits) > 2 and all(isinstance(edit, StartOn) for edit in edits):
            told = {"n": len(edits), "first": self.of(edits[0])}
            return _("%(n)d tasks are begun earlier; %(first)s") % told
        more = _(" and %(n)d more") % {"n": len(edits) - 3} if len(edits) > 3 else ""
        return "; ".join(self.of(edit) for edit in edits[:3]) + more

    def _link(self, edit: SetLink) -> str:
        lag = told_length(Duration(abs(edit.lag_minutes), edit.elapsed))
        words = {**self._ends(edit), "lag": lag}
        if edit.kind == "FS" and edit.lag_minutes < 0:
            return _("%(task)s begins %(lag)s before %(other)s is finished") % words
        if edit.kind == "SS" and edit.lag_minutes >= 0:
            return _("%(task)s begins %(lag)s after %(other)s has begun") % words
        sign = "−" if edit.lag_minutes < 0 else "+"
        how = f"{edit.kind}{sign}{lag}" if edit.lag_minutes else edit.kind
        return _("%(task)s waits for %(other)s (%(how)s)") % {**words, "how": how}

    def _ends(self, edit: SetLink | CutLink) -> dict[str, str]:
        return {"task": self._task(edit.successor), "other": self._task(edit.predecessor)}

    def _task(self, key: str) -> str:
        return self._tasks.get(key, key)


def told_length(length: Duration) -> str:
    """A length as people say it: whole days and hours as they are, anything else in tenths of a working day."""
    if length.elapsed or length.minutes % DAY_MIN == 0 or length.minutes % 60:
        days = length.minutes / (1440 if length.elapsed else DAY_MIN)
        told = _("%(n)sed") if length.elapsed else _("%(n)sd")
        return told % {"n": f"{days:.1f}".removesuffix(".0")}
    return _("%(n)sh") % {"n": length.minutes // 60}


def _named(edit: Edit) -> tuple[str, ...]:
    return (edit.predecessor, edit.successor) if isinstance(edit, SetLink | CutLink) else (edit.task,)
