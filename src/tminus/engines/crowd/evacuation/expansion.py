"""The time-expanded network: a copy of each place for each step, ways between copies as long as the walk takes.

The clock of every place is set back by its walk to the nearest exit: *step k* at a place is when somebody who walks on
at once reaches the exit in step k. Walking the shortest way then takes no step at all, whatever the number of links,
and a detour takes what it is longer by. So a coarse step costs one rounding at the start and one a detour instead of
one a link, and copies from which nobody can arrive in time are never made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.evacuation.instance import Instance
from tminus.engines.crowd.evacuation.ways import Floats, Ints, nearest
from tminus.engines.crowd.problem import CrowdError

Rounding = Literal["up", "down"]
"""``up``: a plan that can be walked. ``down``: nobody can be faster, a bound."""

WALK, STAY, BEGIN, LEAVE = 0, 1, 2, 3
"""What an arc is: a way, staying a step at a node, setting out, being out."""

UNBOUNDED = 1 << 40
MOST_COPIES = 4_000_000
BOUND_UNITS = 1000
"""Of a person: bounds count thousandths, so that rounding capacities up to whole ones costs nothing."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Steps as the places see them.

    :param detour: [way] steps. ``begin``: [node] step of the beginning, ``first``: [node] step at which somebody may be
        there; both −1 where nobody comes.
    """

    step_s: float
    rounding: Rounding
    ways: Ints
    detour: Ints
    begin: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Expansion:
    """Arcs from copy to copy. Copies are numbered; ``source`` and ``sink`` come last.

    :param what: [arc] WALK … LEAVE; ``of``: [arc] the way, else the node; ``step``: [arc] at its tail.
    """

    tail: Ints
    head: Ints
    capacity: Ints
    what: NDArray[np.int8]
    of: Ints
    step: Ints
    source: int
    sink: int


def clocks(instance: Instance, step_s: float, rounding: Rounding, *, past_exits: bool = False) -> Clocks:
    """Detours and beginnings in steps; ``past_exits``: people may walk on from an exit, to another that is theirs."""
    ways, to_exit = instance.ways, instance.to_exit_s
    ends = np.zeros(len(ways.nodes), bool)
    ends[instance.exits] = not past_exits
    used = np.flatnonzero(np.isfinite(to_exit[ways.end]) & np.isfinite(to_exit[ways.start]) & ~ends[ways.start])
    slack = ways.travel_s[used] + to_exit[ways.end[used]] - to_exit[ways.start[used]]
    detour = _steps(np.maximum(slack, 0.0) / step_s, rounding)
    begin = np.full(len(ways.nodes), -1, np.int64)
    begin[instance.origins] = _steps(to_exit[instance.origins] / step_s, rounding)
    return Clocks(step_s, rounding, used, detour, begin, _first(instance, used, detour, begin))


def _steps(exact: Floats, rounding: Rounding) -> Ints:
    """Whole steps; what is whole but for the arithmetic stays what it is."""
    whole = np.ceil(exact - 1e-9) if rounding == "up" else np.floor(exact + 1e-9)
    return np.asarray(whole, np.int64)


def _first(instance: Instance, used: Ints, detour: Ints, begin: Ints) -> Ints:
    """[node] the first step somebody may be there: from a place before all origins, by their beginnings."""
    count, ways, origins = len(begin), instance.ways, instance.origins
    start = np.concatenate((ways.end[used], origins))  # backwards: nearest() looks towards its targets
    end = np.concatenate((ways.start[used], np.full(len(origins), count)))
    weight = np.concatenate((detour, begin[origins])).astype(np.float64)
    found = nearest(count + 1, start, end, weight, np.array([count], np.int64))[:count]
    return np.where(np.isfinite(found), found, -1).astype(np.int64)


def expand(instance: Instance, clock: Clocks, last: int) -> Expansion:
    """Everything up to and with step ``last``; capacities in persons (``up``) or thousandths of one (``down``).

    :raises CrowdError: more copies than there is room for.
    """
    ways, unit = instance.ways, 1 if clock.rounding == "up" else BOUND_UNITS
    copies = np.where(clock.first >= 0, np.maximum(last + 1 - clock.first, 0), 0)
    if copies.sum() > MOST_COPIES:
        raise CrowdError(
            f"{int(copies.sum()):,} places in time at a step of {clock.step_s:g} s; "
            f"allowed: at most {MOST_COPIES:,}, with a longer step"
        )
    base = np.concatenate(([0], np.cumsum(copies))) - np.concatenate((clock.first, [0]))
    source = int(copies.sum())
    start, end = ways.start[clock.ways], ways.end[clock.ways]
    begun = clock.first[start]
    row, step = _spread(begun, np.where(begun >= 0, last + 1 - clock.detour - begun, 0))
    way = clock.ways[row]
    walk = (
        base[start[row]] + step,
        base[end[row]] + step + clock.detour[row],
        _through(ways.capacity_p_s[way], step, clock),
    )
    node, at = _spread(clock.first, np.where(copies > 0, copies - 1, 0))
    stay = (base[node] + at, base[node] + at + 1, _room(instance, node, unit))
    going = instance.origins[clock.begin[instance.origins] <= last]
    begin = (np.full(len(going), source), base[going] + clock.begin[going], instance.persons[going] * unit)
    out, when = _spread(clock.first[instance.exits], copies[instance.exits])
    gone = instance.exits[out]
    leave = (base[gone] + when, np.full(len(gone), source + 1), np.full(len(gone), UNBOUNDED))
    parts = (walk, stay, begin, leave)
    tail, head, capacity = (np.concatenate([part[n] for part in parts]).astype(np.int64) for n in range(3))
    return Expansion(
        tail=tail,
        head=head,
        capacity=capacity,
        what=np.repeat(np.array([WALK, STAY, BEGIN, LEAVE], np.int8), [len(part[0]) for part in parts]),
        of=np.concatenate((way, node, going, gone)),
        step=np.concatenate((step, at, clock.begin[going], when)),
        source=source,
        sink=source + 1,
    )


def _spread(first: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Row n ``counts[n]`` times, with ``first[n]``, ``first[n] + 1`` …"""
    counts = np.maximum(counts, 0)
    row = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, first[row] + within


def _through(capacity_p_s: Floats, step: Ints, clock: Clocks) -> Ints:
    """What a way lets in during a step: whole persons whose sum never falls a whole one behind."""
    a_step = capacity_p_s * clock.step_s
    if clock.rounding == "down":
        return np.ceil(a_step * BOUND_UNITS - 1e-9).astype(np.int64)
    return (np.floor(a_step * (step + 1) + 1e-9) - np.floor(a_step * step + 1e-9)).astype(np.int64)


def _room(instance: Instance, node: Ints, unit: int) -> Ints:
    """Who may stay at a node; those who are there at the beginning always may."""
    most = np.maximum(instance.ways.storage_p, instance.persons)
    return np.asarray(np.minimum(most * unit, UNBOUNDED), np.int64)[node]
