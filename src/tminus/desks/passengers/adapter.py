"""Between the database and the forecast engine: what was counted, as the engine's panel of flows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.intake.slots import SLOT_S
from tminus.desks.passengers.models import Counter, CounterPulse
from tminus.desks.passengers.slot_tables import DAY_BEGINS_MIN, NO_SLOT, slot_table, slots_of
from tminus.engines.forecast import DayContext, FlowPanel
from tminus.platform.models import Event

CHANNELS = ("in", "out")
ENOUGH = 0.8
"""Share of a slot's seconds that must be known; what is missing of it is taken to have been as the rest."""
SLOT_MIN = SLOT_S // 60


class Disbelieved(NamedTuple):
    """A counter in slots since 1970 in which it is not believed."""

    counter: int
    slots: slice


class Counted(NamedTuple):
    """The panel, and in words what is not known in it: one line a counter and day."""

    panel: FlowPanel
    gaps: tuple[str, ...]


def panel_of(
    event: Event, days: Sequence[date], nodes: Sequence[str] | None = None, *, slot_minutes: int = 15,
    without: Collection[Disbelieved] = (),
) -> FlowPanel:  # fmt: skip
    """Persons by service day, slot, node and channel; NaN where any counter of a node that was in use is not known.

    :param nodes: codes of places, in this order; by default every place that has a counter.
    :raises ForecastError: ``slot_minutes`` is no divisor of a day (also: no multiple of 15), or days out of order.
    """
    return counted(event, days, nodes, slot_minutes=slot_minutes, without=without).panel


def counted(
    event: Event, days: Sequence[date], nodes: Sequence[str] | None = None, *, slot_minutes: int = 15,
    without: Collection[Disbelieved] = (),
) -> Counted:  # fmt: skip
    """:func:`panel_of`, with what is not known of it."""
    counters = list(Counter.objects.filter(event=event).order_by("node", "code"))
    chosen = tuple(nodes) if nodes is not None else tuple(dict.fromkeys(one.node for one in counters))
    counters = [one for one in counters if one.node in chosen]
    slots = np.stack([slots_of(day, event.zone) for day in days]) if days else np.zeros((0, 96, 2), dtype=np.int64)
    flows = flows_of(counters, slots, without)
    panel = FlowPanel(
        values=coarser(by_node(counters, flows, chosen), slot_minutes),
        days=tuple(DayContext(day) for day in days),
        slot_minutes=slot_minutes,
        first_minute=DAY_BEGINS_MIN,
        nodes=chosen,
    )
    return Counted(panel, tuple(_gaps(counters, flows, days)))


def flows_of(
    counters: Sequence[Counter], slots: NDArray[np.int64], without: Collection[Disbelieved] = ()
) -> NDArray[np.float32]:
    """[counter, day, slot, channel] of slots [day, slot, (first, second)]; NaN: not known; −1: not in use then."""
    wanted = slots[slots != NO_SLOT]
    if not counters or not wanted.size:
        return np.full((len(counters), *slots.shape[:2], 2), np.nan, dtype=np.float32)
    first, until = int(wanted.min()), int(wanted.max()) + 1
    table = slot_table([one.pk for one in counters], first, until)
    rates = known_flows(table)
    at = {one.pk: row for row, one in enumerate(counters)}
    for counter, span in without:
        if counter in at:
            rates[at[counter], max(span.start - first, 0) : max(span.stop - first, 0)] = np.nan
    rates[~_in_use(counters, first, until)] = NOT_IN_USE
    found = rates[:, np.clip(slots[:, :, 0] - first, 0, until - first - 1)]
    found[:, slots[:, :, 0] == NO_SLOT] = np.nan
    twice = slots[:, :, 1] != NO_SLOT
    one, other = found[:, twice], rates[:, slots[twice][:, 1] - first]
    found[:, twice] = np.where((one == NOT_IN_USE) | (other == NOT_IN_USE), np.maximum(one, other), one + other)
    return found


NOT_IN_USE = -1.0


def known_flows(table: NDArray[np.int32]) -> NDArray[np.float32]:
    """[…, (in, out)] of [..., (in, out, seconds known)]: to the whole slot where enough is known, else NaN."""
    seconds = table[..., 2].astype(np.float32)
    scale = np.where(seconds >= ENOUGH * SLOT_S, SLOT_S / np.maximum(seconds, 1), np.nan).astype(np.float32)
    found: NDArray[np.float32] = table[..., :2] * scale[..., None]
    return found


def by_node(counters: Sequence[Counter], flows: NDArray[np.float32], nodes: Sequence[str]) -> NDArray[np.float32]:
    """[day, slot, node, channel] of flows [counter, day, slot, channel]; NaN where a counter in use is not known."""
    values = np.full((*flows.shape[1:3], len(nodes), 2), np.nan, dtype=np.float32)
    for number, node in enumerate(nodes):
        for channel, name in enumerate(CHANNELS):
            of_node = [row for row, one in enumerate(counters) if one.node == node and name in one.names]
            values[:, :, number, channel] = _summed(flows[of_node, :, :, channel])
    return values


def _in_use(counters: Sequence[Counter], first: int, until: int) -> NDArray[np.bool_]:
    """[counter, slot]: from the first slot a counter speaks of until it was retired."""
    slots = np.arange(first, until)
    pulses = CounterPulse.objects.in_bulk([one.pk for one in counters])
    never = 2**40
    began = np.array([pulses[one.pk].first_s // SLOT_S if one.pk in pulses else never for one in counters])
    ended = np.array([one.retired_at.timestamp() // SLOT_S if one.retired_at else never for one in counters])
    found: NDArray[np.bool_] = (slots >= began[:, None]) & (slots < ended[:, None])
    return found


def _summed(flows: NDArray[np.float32]) -> NDArray[np.float32]:
    """[day, slot] of a node: the sum of its counters in use; NaN where one is not known or none is in use."""
    in_use = flows != NOT_IN_USE
    total: NDArray[np.float32] = np.where(in_use, flows, 0).sum(axis=0, dtype=np.float32)
    total[~in_use.any(axis=0)] = np.nan
    return total


def coarser(values: NDArray[np.float32], slot_minutes: int) -> NDArray[np.float32]:
    """[day, slot, node, channel] in longer slots; what cannot be made is left to the panel's own check to refuse."""
    days, slots, nodes, channels = values.shape
    if slot_minutes <= 0 or slot_minutes % SLOT_MIN or slots % (slot_minutes // SLOT_MIN):
        return values[:, :0]
    each = slot_minutes // SLOT_MIN
    longer: NDArray[np.float32] = values.reshape(days, slots // each, each, nodes, channels).sum(axis=2)
    return longer


def _gaps(counters: Sequence[Counter], flows: NDArray[np.float32], days: Sequence[date]) -> list[str]:
    missing = np.isnan(flows).any(axis=3).sum(axis=2)
    return [
        f"{one.node}: counter {one.code} is not known in {missing[row, number]} of {flows.shape[2]} slots of {day}"
        for row, one in enumerate(counters)
        for number, day in enumerate(days)
        if missing[row, number]
    ]
