"""What befalls a day and what is done about it, each in one sentence: of lists, forms, plans and duties.

The sentence of a measure says what a unit has to do ("Gate West: 24 lanes open, 08:30–10:00"), so that it is the title
of the duty as well. Both are said in the reader's language; :func:`in_both` says them in English and in Chinese.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from tminus.desks.passengers.element_names import ElementNames
from tminus.formats.event_folder.day_scenarios import (
    DAY_BEGIN_MIN,
    DAY_END_MIN,
    Befalls,
    Does,
    Happening,
    Measure,
)

BEFALLS = {
    Befalls.VISITORS: gettext_lazy("more or fewer visitors"),
    Befalls.RAIN: gettext_lazy("rain"),
    Befalls.LINE_CLOSED: gettext_lazy("a line is closed"),
    Befalls.GATE_LOST: gettext_lazy("a gate loses lanes"),
    Befalls.SERVICE_LATE: gettext_lazy("a line runs late"),
    Befalls.STAY: gettext_lazy("people stay for a show"),
}
"""Kinds of what befalls, as a list of choices calls them."""
DOES = {
    Does.LANES: gettext_lazy("lanes of a gate"),
    Does.ONE_WAY: gettext_lazy("one-way"),
    Does.WAY_CLOSED: gettext_lazy("a way closed"),
    Does.HEADWAY: gettext_lazy("more trains or buses"),
    Does.SHUTTLE: gettext_lazy("shuttle buses"),
    Does.INFLOW: gettext_lazy("fewer let into a station"),
    Does.RELEASE: gettext_lazy("halls let people out slower"),
    Does.REDIRECT: gettext_lazy("people sent to another gate"),
    Does.ADVICE: gettext_lazy("advice to the people"),
}
"""Kinds of what is done."""


def happening_words(row: Happening, names: ElementNames) -> str:
    """What befalls, and when where it is not all day."""
    return _at(_befalls(row, names), row)


def measure_words(row: Measure, names: ElementNames, *, when: bool = True) -> str:
    """What is done, and when where it is not all day; without ``when`` what alone."""
    return _at(_done(row, names), row if when else None)


def in_both(said: Callable[[], str]) -> tuple[str, str]:
    """What ``said`` says to readers of English and of Chinese."""
    with override("en"):
        english = said()
    with override("zh-hans"):
        return english, said()


def _befalls(row: Happening, names: ElementNames) -> str:
    number = f"{abs(row.value):g}"
    match row.kind:
        case Befalls.VISITORS if row.value < 0:
            return _("%(n)s %% fewer visitors than forecast") % {"n": number}
        case Befalls.VISITORS:
            return _("%(n)s %% more visitors than forecast") % {"n": number}
        case Befalls.RAIN:
            return _("rain of %(n)s mm an hour") % {"n": number}
        case Befalls.LINE_CLOSED:
            return _("no trains or buses on %(line)s") % {"line": names.line(row.element)}
        case Befalls.GATE_LOST if row.value == 100:
            return _("%(gate)s: no lane works") % {"gate": names.node(row.element)}
        case Befalls.GATE_LOST:
            return _("%(gate)s: %(n)s %% of the lanes do not work") % {"gate": names.node(row.element), "n": number}
        case Befalls.SERVICE_LATE:
            late = ngettext("%(n)s minute late", "%(n)s minutes late", round(row.value)) % {"n": number}
            return _("%(line)s runs %(late)s") % {"line": names.line(row.element), "late": late}
        case Befalls.STAY:
            return _("a show: %(n)s %% of those who would leave stay until its end") % {"n": number}


def _done(row: Measure, names: ElementNames) -> str:
    number = f"{row.value:g}"
    match row.kind:
        case Does.LANES if not row.value:
            return _("%(gate)s: keep it closed") % {"gate": names.node(row.element)}
        case Does.LANES:
            lanes = ngettext("%(n)s lane open", "%(n)s lanes open", round(row.value)) % {"n": number}
            return _("%(gate)s: %(lanes)s") % {"gate": names.node(row.element), "lanes": lanes}
        case Does.ONE_WAY:
            return _("Way %(way)s: walked towards %(node)s only") % {
                "way": names.way(row.element), "node": names.node(row.other)
            }  # fmt: skip
        case Does.WAY_CLOSED:
            return _("Way %(way)s: let nobody in") % {"way": names.way(row.element)}
        case Does.HEADWAY:
            return _("%(line)s: one every %(time)s") % {
                "line": names.line(row.element),
                "time": seconds_words(row.value),
            }
        case Does.SHUTTLE:
            return _("Shuttle %(one)s – %(other)s and back: a bus for %(persons)d every %(time)s") % {
                "one": names.node(row.element), "other": names.node(row.other), "persons": row.capacity_p,
                "time": seconds_words(row.value),
            }  # fmt: skip
        case Does.INFLOW:
            return _("%(station)s: let in at most %(n)s persons a minute") % {
                "station": names.node(row.element), "n": number
            }  # fmt: skip
        case Does.RELEASE if row.element:
            return _("%(hall)s: let out at most %(n)s persons a minute") % {
                "hall": names.node(row.element),
                "n": number,
            }
        case Does.RELEASE:
            return _("Every hall: let out at most %(n)s persons a minute") % {"n": number}
        case Does.REDIRECT:
            return _("Send %(n)s %% of the people bound for %(one)s to %(other)s") % {
                "n": number, "one": names.node(row.element), "other": names.node(row.other)
            }  # fmt: skip
        case Does.ADVICE:
            return _("Screens and stewards: lead people so that %(n)s %% follow") % {"n": number}


def seconds_words(seconds: float) -> str:
    """``90 s``, ``5 min`` or ``2 min 30 s``."""
    minutes, left = divmod(round(seconds), 60)
    if not minutes or (minutes == 1 and left):
        return _("%(n)d s") % {"n": round(seconds)}
    return _("%(m)d min %(s)d s") % {"m": minutes, "s": left} if left else _("%(m)d min") % {"m": minutes}


def _at(what: str, row: Happening | Measure | None) -> str:
    when = when_words(row.from_min, row.to_min) if row else ""
    what = what[:1].upper() + what[1:]
    return _("%(what)s, %(when)s") % {"what": what, "when": when} if when else what


def when_words(from_min: float, to_min: float) -> str:
    """From when until when within a service day; empty: all of it."""
    begins, ends = from_min > DAY_BEGIN_MIN, to_min < DAY_END_MIN
    said = {"from": minute_words(from_min), "to": minute_words(to_min)}
    if begins and ends:
        return _("%(from)s–%(to)s") % said
    if begins:
        return _("from %(from)s") % said
    return _("until %(to)s") % said if ends else ""


def minute_words(minute: float) -> str:
    """A time of a service day, ``23:30`` or ``00:30 after midnight``."""
    at = f"{int(minute) // 60 % 24:02}:{int(minute) % 60:02}"
    return _("%(at)s after midnight") % {"at": at} if minute >= 24 * 60 else at
