"""Today watched: what was expected, what the counters say, the rest of the day anew, and alarms."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.adapter import Disbelieved, panel_of
from tminus.desks.passengers.forecasting.kept_folder import current, inputs_of, laid_out
from tminus.desks.passengers.forecasting.levers import SAMPLES
from tminus.desks.passengers.intake.slots import SLOT_S
from tminus.desks.passengers.models import Counter
from tminus.desks.passengers.odd_readings import DOUBLED, TOTALS, Odd, odd_between
from tminus.desks.passengers.slot_tables import begins
from tminus.engines.forecast.arrivals import SITE, DayGrid, SiteDay
from tminus.engines.forecast.live import Counts, Watch, Watched
from tminus.engines.forecast.live.readings import Trouble
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.forecast_day import attendance_on, event_attendance, forecast_site
from tminus.platform.models import Event

TROUBLES = {TOTALS: "running_total", DOUBLED: "doubled"}
"""What odd readings are called by the engine."""
RENEWED = 100
"""Answers after which a watch begins anew: it remembers what it has reckoned, of late counts too."""


@dataclass(slots=True)
class _Watching:
    watch: Watch
    asked: int = 0

    def once_more(self) -> Watch:
        self.asked += 1
        if self.asked % RENEWED == 0:
            self.watch = Watch(self.watch.day)
        return self.watch


_AT_HAND: dict[Hashable, _Watching] = {}
"""The day last watched in this process; another one, or other files, replace it."""
_LOCK = Lock()


class Look(NamedTuple):
    """A day at a minute: as watched, as it was expected in the morning, what was counted, and what counters said,
    believed or not (``said``, as ``counts.values``)."""

    found: Watched
    before: SiteDay
    counts: Counts
    minute: int
    said: NDArray[np.float64]


def look(event: Event, now: datetime) -> Look:
    """The service day until ``now``, re-forecast on each whole hour.

    :raises BadFile: files no day can be forecast from.
    """
    watch = _watch(event, now.date())
    counts, said = counts_from(event, now, watch.day)
    minute = now.hour * 60 + now.minute
    return Look(watch.until(counts, minute), watch.day, counts, minute, said)


def watched(event: Event, now: datetime) -> dict[str, Any]:
    """Expectation and counts of the service day until ``now``, the day re-forecast on each whole hour, and alarms.

    :raises BadFile: files no day can be forecast from.
    """
    found, before, counts, minute, _ = look(event, now)
    grid = before.grid
    known = np.isfinite(counts.values).all(axis=2).any(axis=0)  # each gate is compared in the slots it is known in
    reached = int(np.flatnonzero(known).max()) + 1 if known.any() else 0
    return {
        "day": now.date(),
        "minutes": list(grid.minutes),
        "slot_minutes": grid.slot_minutes,
        "reforecast_at": int(grid.edges[found.now.slot]),
        "counted_until": int(grid.edges[min(reached, _slot(grid, minute))]),
        "site": _series(found, before, counts),
        "gates": _gates(found, before, counts, min(reached, _slot(grid, minute))),
        "visits": visits_of(found, before),
        "alarms": [one.as_json() for one in found.alarms],
        "degraded": list(found.degraded),
    }  # fmt: skip


def visits_of(found: Watched, before: SiteDay) -> dict[str, dict[str, int]]:
    """Visits of the whole day as expected this morning, and as they are now."""
    day = found.now.day
    return {name: _of(one.entries_by(SITE)[1].sum(axis=(1, 2))) for name, one in (("before", before), ("now", day))}


def _watch(event: Event, day: date) -> Watch:
    """What was expected of the day before it began, at hand after the first time it is asked for."""
    rows = current(event)
    key = (event.pk, day, tuple(sorted(inputs_of(event, rows).items())))
    with _LOCK:
        if key not in _AT_HAND:
            as_of = day - timedelta(days=1)
            with laid_out(event, rows) as path:
                expected = attendance_on(event_attendance(path, as_of, 0), day, SAMPLES)
                site = forecast_site(path, read_folder(path), day, expected, paths=SAMPLES, seed=0, as_of=as_of)
            _AT_HAND.clear()
            _AT_HAND[key] = _Watching(Watch(site))
        return _AT_HAND[key].once_more()


def counts_from(event: Event, now: datetime, site: SiteDay) -> tuple[Counts, NDArray[np.float64]]:
    """What the counters at the gates counted, on the slots of the forecast; NaN where it is not known.

    Second: the same with what is no counts, such as totals, and not believed.
    """
    nodes = tuple(gate.id for gate in site.site.gates)
    odd = list(_odd(event, now, nodes))
    troubles = tuple(_trouble(counter, one, now) for counter, one in odd)
    without = [Disbelieved(counter.pk, slice(one.begin_s // SLOT_S, -(-one.end_s // SLOT_S))) for counter, one in odd]
    said = _on_slots(event, now.date(), site, nodes, [])
    values = _on_slots(event, now.date(), site, nodes, without) if without else said
    return Counts(nodes, values, np.isfinite(values).all(axis=2).astype(float), troubles), said


def _odd(event: Event, now: datetime, nodes: Sequence[str]) -> Iterator[tuple[Counter, Odd]]:
    """Readings of today that are no counts, as they are known now."""
    at_gates = list(Counter.objects.filter(event=event, node__in=nodes))
    first = begins(now.date(), event.zone) * SLOT_S
    return odd_between(at_gates, first, int(now.timestamp()))


def _trouble(counter: Counter, odd: Odd, now: datetime) -> Trouble:
    midnight = datetime.combine(now.date(), datetime.min.time(), tzinfo=now.tzinfo).timestamp()
    minute, until = ((at - midnight) / 60 for at in (odd.begin_s, odd.end_s))
    return Trouble(TROUBLES[odd.kind], counter.node, counter.code, minute, float(odd.ins), until)


def _on_slots(
    event: Event, day: date, site: SiteDay, nodes: tuple[str, ...], without: Sequence[Disbelieved]
) -> NDArray[np.float64]:
    grid = site.grid
    panel = panel_of(event, [day], nodes, slot_minutes=grid.slot_minutes, without=without)
    values = np.full((len(nodes), grid.slots, 2), np.nan)
    offset = (grid.first_minute - panel.first_minute) // grid.slot_minutes
    for slot in range(grid.slots):
        if 0 <= offset + slot < panel.slots:
            values[:, slot] = panel.values[0, offset + slot]
    return values


def _slot(grid: DayGrid, minute: float) -> int:
    """Slots that are over at ``minute``."""
    return min(max(int((minute - grid.first_minute) // grid.slot_minutes), 0), grid.slots)


def _series(found: Watched, before: SiteDay, counts: Counts) -> dict[str, Any]:
    """Entries of the whole site slot by slot: as forecast this morning, anew from now on, and counted."""
    total = counts.values[:, :, 0].sum(axis=0)
    return {
        **quantiles_of(found.now.day.entries_by(SITE)[1][:, 0]),
        "before": _rounded(before.entries_by(SITE)[1][:, 0].mean(axis=0)),
        "counted": [None if np.isnan(value) else round(float(value)) for value in total],
    }


def _gates(found: Watched, before: SiteDay, counts: Counts, slot: int) -> list[dict[str, Any]]:
    """By gate: counted so far beside what was expected in the same slots, and the rest of the day."""
    names, expected = before.entries_by("gate")
    later = found.now.day.entries_by("gate")[1]
    known: NDArray[np.bool_] = np.asarray(np.isfinite(counts.values[:, :slot]).all(axis=2))
    return [
        {
            "node": name,
            "counted": round(float(counts.values[at, :slot, 0][known[at]].sum())) if known[at].any() else None,
            "expected": _of(expected[:, at, :slot][:, known[at]].sum(axis=1)),
            "rest": _of(later[:, at, slot:].sum(axis=1)),
        }
        for at, name in enumerate(names)
    ]


def quantiles_of(paths: NDArray[np.float64]) -> dict[str, list[float]]:
    """Mean and 80 % interval of [path, slot]."""
    low, high = np.quantile(paths, [0.1, 0.9], axis=0)
    return {"mean": _rounded(paths.mean(axis=0)), "p10": _rounded(low), "p90": _rounded(high)}


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(value), 1) for value in values]


def _of(values: NDArray[np.float64]) -> dict[str, int]:
    low, high = np.quantile(values, [0.1, 0.9])
    return {"mean": round(float(values.mean())), "p10": round(float(low)), "p90": round(float(high))}
