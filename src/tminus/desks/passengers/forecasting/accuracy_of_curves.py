"""Curves of a day beside what was counted: by level and how far ahead they were issued, by hour, by hours of lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.forecasting.figures import unpacked
from tminus.desks.passengers.forecasting.observed import Observed
from tminus.desks.passengers.forecasting.scores import Compared, Score, compared, score
from tminus.desks.passengers.models import IssuedDay, LiveIssue
from tminus.engines.forecast.arrivals import SITE
from tminus.platform.models import Event

CHANNELS = {"entries": 0, "departures": 1, "entering": 0, "leaving": 1}
"""Measures that are counted, and their channel."""
LEVELS = ("site", "gate", "station")
LEADS_H = ((0, 1), (1, 2), (2, 4), (4, 24))
"""Hours between a re-forecast and what it speaks of, from and to, that are told together."""


def curves(event: Event, now: datetime, horizons: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Each level's curves by how far ahead they were issued, and the site's entries by hour as issued last before."""
    seen = Observed(event, now)
    rows: dict[tuple[str, tuple[int, int]], list[Compared]] = defaultdict(list)
    hours: dict[int, list[Compared]] = defaultdict(list)
    for ahead, kept in _issued(event, now.date(), horizons):
        for level, measure, found in _beside(kept, seen):
            rows[level, ahead].append(found)
            if (level, measure) == ("site", "entries") and ahead == horizons[0]:
                for minute, one in zip(_minutes(kept), _by_slot(found), strict=True):
                    hours[minute // 60].append(one)
    return {
        "levels": [
            {"level": level, "first": first, "last": last, **score(rows[level, (first, last)])._asdict()}
            for level in LEVELS for first, last in horizons if rows.get((level, (first, last)))
        ],
        "hours": _scored(hours),
    }  # fmt: skip


def _issued(
    event: Event, today: date, horizons: Sequence[tuple[int, int]]
) -> Iterable[tuple[tuple[int, int], IssuedDay]]:
    """Of each day that is over and each span of days ahead the nearest issue without what-if that has its curves."""
    kept = IssuedDay.objects.filter(issue__event=event, issue__levers={}, day__lt=today)
    known: dict[date, list[tuple[int, int, int]]] = defaultdict(list)
    for pk, day, as_of, issue in kept.values_list("pk", "day", "issue__as_of", "issue"):
        known[day].append(((day - as_of).days, -issue, pk))
    for found in known.values():
        for first, last in horizons:
            near = min((one for one in found if first <= one[0] <= last), default=None)
            if near is not None:
                yield (first, last), IssuedDay.objects.get(pk=near[2])


def _beside(kept: IssuedDay, seen: Observed) -> Iterable[tuple[str, str, Compared]]:
    """Each measure that is counted, of each level: [node, slot]."""
    content, figures = kept.content, bytes(kept.figures)
    span = (content["first_minute"], len(content["times"]), content["slot_minutes"])
    gates = next((_codes(one) for one in content["measures"] if _is(one, "gate", "entries")), [])
    for number, one in enumerate(content["measures"]):
        level, measure = one["level"], one["measure"]
        if level not in LEVELS or measure not in CHANNELS:
            continue
        nodes = gates if level == "site" else _codes(one)
        counted = seen.flows(kept.day, nodes, *span)[:, :, CHANNELS[measure]]
        if level == "site":
            counted = counted.sum(axis=0)[None]  # a gate that is not known makes the site not known
        if np.isfinite(counted).any():
            stats = unpacked(figures, number)
            yield level, measure, compared(stats[0], stats[1], stats[3], counted)


def _codes(one: dict[str, Any]) -> list[str]:
    return [row[0] for row in one["nodes"]]


def _is(one: dict[str, Any], level: str, measure: str) -> bool:
    return bool((one["level"], one["measure"]) == (level, measure))


def _minutes(kept: IssuedDay) -> range:
    content = kept.content
    return range(
        content["first_minute"], content["first_minute"] + len(content["times"]) * content["slot_minutes"],
        content["slot_minutes"],
    )  # fmt: skip


def _by_slot(found: Compared) -> list[Compared]:
    return [Compared(*(one[:, slot] for one in found)) for slot in range(found.mean.shape[1])]


def leads(event: Event, now: datetime) -> list[dict[str, Any]]:
    """Entries of the site in slots that are over, by how long before they were re-forecast from counts."""
    seen, parts = Observed(event, now), defaultdict[tuple[int, int], list[Compared]](list)
    for kept in LiveIssue.objects.filter(event=event, day__lte=now.date()):
        for span, found in _by_lead(kept, seen, _over(kept.day, now)):
            parts[span].append(found)
    spans = [(span, score(parts[span])) for span in LEADS_H]
    return [{"first": span[0], "last": span[1], **found._asdict()} for span, found in spans if found.error is not None]


def _over(day: date, now: datetime) -> int:
    """Minutes of a day that are over."""
    return 1440 * (now.date() - day).days + 60 * now.hour + now.minute


def _by_lead(kept: LiveIssue, seen: Observed, over: int) -> Iterable[tuple[tuple[int, int], Compared]]:
    minutes = np.array(kept.result["minutes"], dtype=np.int64)
    if not minutes.size:
        return
    length = int(kept.result["slot_minutes"])
    gates = [one["node"] for one in kept.result["entries"] if one["level"] != SITE]
    site = next(one for one in kept.result["entries"] if one["level"] == SITE)
    counted = seen.flows(kept.day, gates, int(minutes[0]), minutes.size, length)[:, :, 0].sum(axis=0)
    counted[minutes + length > over] = np.nan
    found = compared(site["mean"], site["p10"], site["p90"], counted)
    for first, last in LEADS_H:
        within: NDArray[np.bool_] = (minutes - kept.minute >= 60 * first) & (minutes - kept.minute < 60 * last)
        yield (first, last), Compared(*(one[within] for one in found))


def totals(event: Event, visits: dict[date, float]) -> list[dict[str, Any]]:
    """Visits of days that are over as re-forecast at each hour of the day: how far off, how often inside."""
    by_hour: dict[int, list[Compared]] = defaultdict(list)
    for kept in LiveIssue.objects.filter(event=event, day__in=list(visits)):
        told = kept.result["visits"]["now"]
        one = compared([told["mean"]], [told["p10"]], [told["p90"]], [visits[kept.day]])
        by_hour[kept.minute // 60].append(one)
    return _scored(by_hour)


def _scored(by_hour: dict[int, list[Compared]]) -> list[dict[str, Any]]:
    """Each hour of the day of which anything was counted."""
    found: list[tuple[int, Score]] = [(hour, score(by_hour[hour])) for hour in sorted(by_hour)]
    return [{"hour": hour, **one._asdict()} for hour, one in found if one.error is not None]
