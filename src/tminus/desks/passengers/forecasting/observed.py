"""What was really counted, day by day and slot by slot: from files handed in and from the counters here."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.adapter import panel_of
from tminus.desks.passengers.forecasting.kept_folder import current, laid_out
from tminus.engines.forecast import FlowPanel
from tminus.formats.event_folder.history import between, read_history
from tminus.platform.models import Event

_KEPT: dict[Hashable, FlowPanel | None] = {}
"""The event's days as last read in this process; other files replace them."""
_LOCK = Lock()
FILES = ("history.csv", "history.parquet", "history.npz", "counted_flows.parquet")


class Observed:
    """Counts of the event's days that are over, and of today until now."""

    def __init__(self, event: Event, now: datetime) -> None:
        self.event, self.today = event, now.date()
        self._past = _past(event)
        self._todays: dict[tuple[int, tuple[str, ...]], FlowPanel] = {}

    def flows(
        self, day: date, nodes: Sequence[str], first_minute: int, slots: int, slot_minutes: int
    ) -> NDArray[np.float64]:
        """[node, slot, (in, out)] persons; NaN where not known, or where slots do not fit."""
        found = np.full((len(nodes), slots, 2), np.nan)
        panel = self._panel(day, tuple(nodes), slot_minutes)
        if panel is None or panel.slot_minutes != slot_minutes or (first_minute - panel.first_minute) % slot_minutes:
            return found
        row = next((n for n, one in enumerate(panel.days) if one.day == day), None)
        begin = (first_minute - panel.first_minute) // slot_minutes
        low, high = max(begin, 0), min(begin + slots, panel.slots)
        at = {name: n for n, name in enumerate(panel.nodes)}
        known = [n for n, name in enumerate(nodes) if name in at]
        if row is not None and high > low and known:
            columns = [at[nodes[n]] for n in known]
            found[known, low - begin : high - begin] = panel.values[row, low:high][:, columns].transpose(1, 0, 2)
        return found

    def _panel(self, day: date, nodes: tuple[str, ...], slot_minutes: int) -> FlowPanel | None:
        if day != self.today:
            return self._past
        if slot_minutes % 15:
            return None
        if (slot_minutes, nodes) not in self._todays:
            self._todays[slot_minutes, nodes] = panel_of(self.event, [day], nodes, slot_minutes=slot_minutes)
        return self._todays[slot_minutes, nodes]


def _past(event: Event) -> FlowPanel | None:
    rows = current(event)
    files = tuple((name, rows[name].digest) for name in FILES if name in rows)
    key = (event.pk, event.opening, files)
    with _LOCK:
        if key not in _KEPT:
            with laid_out(event, {name: rows[name] for name, _digest in files}) as path:
                panel = between(read_history(path), event.opening, date.max)
            _KEPT.clear()
            _KEPT[key] = panel
        return _KEPT[key]
