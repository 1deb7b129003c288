"""What the console's own counters counted on days that are over, as files of the event folder that forecasts rest on.

``counted_flows.parquet`` holds slots of a quarter of an hour by place, ``counted_visits.csv`` the visits of the event's
days. What people handed in (``history``, ``attendance.csv``) goes before both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.adapter import NOT_IN_USE, SLOT_MIN, by_node, flows_of
from tminus.desks.passengers.forecasting.counted_visits import WHOLE, visits_by_day
from tminus.desks.passengers.forecasting.doubted_hours import Doubted, doubted_hours, filled, without
from tminus.desks.passengers.forecasting.kept_folder import current, laid_out
from tminus.desks.passengers.models import Counter, CounterPulse
from tminus.desks.passengers.slot_tables import DAY_BEGINS_MIN, service_day, slots_of
from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.nowcast.audit import audited, listed
from tminus.engines.forecast.nowcast.totals import TOTALS, totals
from tminus.formats.book_writer import table_csv
from tminus.formats.day_figures import COUNTED_HERE
from tminus.formats.event_folder import EventFolder, read_folder
from tminus.formats.event_folder.history import COUNTED_FLOWS
from tminus.formats.event_folder.schema import minute_of
from tminus.formats.event_folder.site import visiting_hours
from tminus.formats.flows_parquet import flows_parquet
from tminus.platform.models import Event

LOOKED_BACK = 180
"""Days before that are looked at."""
AT_ONCE = 28
"""Days fetched together: a thousand counters' slots of them are some 60 MB."""
BEFORE_OPENING_MIN = 60
"""Gates let people in about so long before visiting hours begin."""

Words = dict[str, Any]
"""One thing to say: ``what``, and its figures."""


@dataclass(frozen=True, slots=True)
class CountedDays:
    """``files`` by name, none where nothing was counted; ``said``: what was left out or made up, and why."""

    until: date
    files: dict[str, bytes] = field(default_factory=dict)
    days: int = 0
    nodes: int = 0
    visits: dict[date, float] = field(default_factory=dict)
    said: tuple[Words, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What an issue keeps of it besides the digests."""
        visits = {day.isoformat(): round(persons) for day, persons in self.visits.items()}
        return {
            "until": self.until.isoformat(), "days": self.days, "nodes": self.nodes, "visits": visits,
            "said": list(self.said),
        }  # fmt: skip


def counted_days(event: Event, until: date) -> CountedDays:
    """Counts of every service day up to ``until``, without those that cannot be believed.

    :raises BadFile: files of the event that cannot be read.
    """
    counters = list(Counter.objects.filter(event=event, pulse__isnull=False).order_by("node", "code"))
    days = _days(event, counters, until)
    if not counters or not days:
        return CountedDays(until)
    with laid_out(event, current(event)) as path:
        folder = read_folder(path)
    flows = np.concatenate([_flows(event, counters, days[n : n + AT_ONCE]) for n in range(0, len(days), AT_ONCE)], 1)
    flows, doubts = _believed(counters, flows, days)
    doubted = doubted_hours(event, days)
    flows = without(counters, flows, doubted)
    nodes = tuple(dict.fromkeys(one.node for one in counters))
    values = by_node(counters, flows, nodes)
    visits, left_out = _visits(event, folder, counters, flows, days, doubted)
    kept = np.isfinite(values).any(axis=(1, 2, 3)) & (np.nansum(values, axis=(1, 2, 3)) > 0)
    files = {}
    if content := _flows_file(values[kept], [day for day, keep in zip(days, kept, strict=True) if keep], nodes):
        files[COUNTED_FLOWS] = content
    if visits:
        files[COUNTED_HERE] = table_csv(["Day", "Visits"], [[day.isoformat(), round(n)] for day, n in visits.items()])
    return CountedDays(until, files, int(kept.sum()), len(nodes), visits, (*doubts, *left_out))


def _days(event: Event, counters: Sequence[Counter], until: date) -> list[date]:
    first = CounterPulse.objects.filter(counter__in=counters).order_by("first_s").values_list("first_s", flat=True)[:1]
    if not first:
        return []
    begin = max(service_day(datetime.fromtimestamp(first[0], event.zone)), until - timedelta(days=LOOKED_BACK - 1))
    return [begin + timedelta(days=n) for n in range((until - begin).days + 1)]


def _flows(event: Event, counters: Sequence[Counter], days: Sequence[date]) -> NDArray[np.float32]:
    return flows_of(counters, np.stack([slots_of(day, event.zone) for day in days]))


def _believed(
    counters: Sequence[Counter], flows: NDArray[np.float32], days: Sequence[date]
) -> tuple[NDArray[np.float32], list[Words]]:
    """Counter by counter, without what the engine finds no people in: stuck, doubled, delivered again, far above."""
    unused = flows == NOT_IN_USE
    counted = np.where(unused, np.nan, flows).transpose(1, 2, 0, 3)
    growing, _ = totals(counted, len(days))  # sums of several totals: their differences would not be counts
    panel = FlowPanel(
        np.where(growing, np.nan, counted), tuple(map(DayContext, days)), SLOT_MIN, DAY_BEGINS_MIN,
        tuple(one.code for one in counters),
    )  # fmt: skip
    try:
        counts, said = audited(panel, len(days))
    except ForecastError:  # nothing was counted at all
        return flows, []
    believed: NDArray[np.float32] = np.where(unused, np.float32(NOT_IN_USE), counts.transpose(2, 0, 1, 3))
    if growing.any():
        where = listed([counters[row].code for row in np.flatnonzero(growing.any(axis=(0, 1, 3))).tolist()])
        said = (f"{TOTALS}: {int(growing.sum())} figures at {where}: taken as missing", *said)
    return believed, [{"what": "doubt", "text": line} for line in said if line.endswith("taken as missing")]


def _visits(
    event: Event, folder: EventFolder, counters: Sequence[Counter], flows: NDArray[np.float32], days: Sequence[date],
    doubted: Sequence[Doubted],
) -> tuple[dict[date, float], list[Words]]:  # fmt: skip
    """Visits of the event's days, and what is said of those that are not whole."""
    ours = [number for number, day in enumerate(days) if event.opening <= day <= event.closing]
    edge = [row for row, one in enumerate(counters) if one.edge and (flows[row, ours] != NOT_IN_USE).any()]
    if not edge or not ours:
        return {}, []
    gates = tuple(dict.fromkeys(counters[row].node for row in edge))
    entries = by_node([counters[row] for row in edge], flows[edge][:, ours], gates)[..., 0].astype(np.float64)
    visits: dict[date, float] = {}
    said: list[Words] = [
        one.said for at, number in enumerate(ours) for one in filled(entries[at], number, gates, doubted)
    ]
    for number, one in zip(ours, visits_by_day(entries, _open_slots(folder)), strict=True):
        day = days[number]
        missing = sorted(_gates_open(folder, day) - {*gates})
        percent = round(100 * one.known)
        if missing:
            said.append({"what": "gate_not_counted", "day": day.isoformat(), "gates": missing})
        elif one.visits is None:
            said.append({"what": "day_left_out", "day": day.isoformat(), "percent": percent})
        else:
            visits[day] = one.visits
            if one.known < WHOLE:
                said.append({"what": "day_filled_up", "day": day.isoformat(), "percent": percent})
    return visits, said


def _gates_open(folder: EventFolder, day: date) -> set[str]:
    """Gates people come in by on a day, as far as the event's files tell."""
    rows = list(folder.table("gates"))
    own = {row["node"] for row in rows if row.get("day") == day.isoformat()}
    return {row["node"] for row in rows if row.get("day", "") == ("" if row["node"] not in own else day.isoformat())}


def _open_slots(folder: EventFolder) -> NDArray[np.bool_]:
    """[slot of the service day] in which people may come in."""
    opening, closing, last_entry = visiting_hours(folder.event)
    starts = [minute_of(row["from"]) for row in folder.table("gates")]
    begin = min([opening - BEFORE_OPENING_MIN, *starts])
    minutes = DAY_BEGINS_MIN + SLOT_MIN * np.arange(1440 // SLOT_MIN)
    found: NDArray[np.bool_] = (minutes >= begin) & (minutes < (last_entry or closing))
    return found


def _flows_file(values: NDArray[np.float32], days: Sequence[date], nodes: Sequence[str]) -> bytes:
    """The hours in which anybody was counted; empty where nobody was."""
    busy = np.flatnonzero(np.nansum(values, axis=(0, 2, 3)) > 0)
    if len(busy) == 0:
        return b""
    each = 60 // SLOT_MIN
    first, end = busy[0] // each * each, -(-(busy[-1] + 1) // each) * each
    begin = DAY_BEGINS_MIN + int(first) * SLOT_MIN
    return flows_parquet(FlowPanel(values[:, first:end], tuple(map(DayContext, days)), SLOT_MIN, begin, tuple(nodes)))
