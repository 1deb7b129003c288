"""The loop: step by step who is due moves on, vehicles come and go, densities are looked at."""

from __future__ import annotations

import numpy as np

from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.agents.crossing import cross, set_off
from tminus.engines.crowd.agents.gridlock import resolve
from tminus.engines.crowd.agents.lists import look_at, turn_wheel
from tminus.engines.crowd.agents.state import (
    DEPARTED,
    EVENT_AT,
    GONE,
    IN_WHEEL,
    LAST_MOVE,
    LATER_COUNT,
    PENDING_COUNT,
    PENDING_FIRST,
    SAMPLES,
    STEP,
)
from tminus.engines.crowd.agents.vehicles import run_vehicles
from tminus.engines.crowd.looks import look_at_links

# mypy: disable-error-code="no-untyped-def"


@inner
def _depart(net, s, end):
    k = s.tally[DEPARTED]
    while k < len(net.depart) and net.depart[k] < end:
        s.tally[DEPARTED] = k + 1
        set_off(net, s, k, net.origin[k], net.depart[k])
        k += 1


@inner
def _look_again(s):
    count = s.tally[LATER_COUNT]
    s.tally[LATER_COUNT] = 0
    for k in range(count):
        node = s.later[k]
        s.nodes[node].waiting = 0
        look_at(s, node)


@inner
def _cross_all(net, s, now, end):
    size = len(s.pending)
    while s.tally[PENDING_COUNT] > 0:
        first = s.tally[PENDING_FIRST]
        node = s.pending[first]
        s.tally[PENDING_FIRST] = 0 if first + 1 == size else first + 1
        s.tally[PENDING_COUNT] -= 1
        s.nodes[node].pending = 0
        cross(net, s, node, now, end)


@inner
def _sample(net, s, now):
    look_at_links(net, s, s.ways, s.tally[SAMPLES], net.sample_s, 0, now)
    for v in range(len(s.nodes)):
        s.seen_nodes[v] += s.nodes[v].on
    for g in range(len(s.gates)):
        s.gate_seen[g, 0] += s.gates[g].queued
        s.gate_seen[g, 1] = max(s.gate_seen[g, 1], float(s.gates[g].queued))
    s.tally[SAMPLES] += 1


@inner
def _nothing_left(net, s, events, more):
    """Everybody is gone, or nobody has moved for the stuck time and nothing is to come that could change that."""
    if s.tally[DEPARTED] < len(net.depart):
        return False
    if s.tally[GONE] == s.tally[DEPARTED]:
        return True
    quiet = (s.tally[STEP] - s.tally[LAST_MOVE]) * net.step > net.stuck_s + 10.0
    return quiet and not more and s.tally[IN_WHEEL] == 0 and s.tally[EVENT_AT] >= len(events)


@outer
def advance(net, s, events, until, more):
    """Go on to step ``until``; earlier if nothing is left to happen (``more``: what others will change).

    Returns whether nothing is left.
    """
    every = int(np.round(net.sample_s / net.step))
    while s.tally[STEP] < until:
        now = s.tally[STEP] * net.step
        end = now + net.step
        turn_wheel(net, s)
        _depart(net, s, end)
        _look_again(s)
        _cross_all(net, s, now, end)
        run_vehicles(net, s, events, end)
        _cross_all(net, s, now, end)
        s.tally[STEP] += 1
        if s.tally[STEP] % every == 0:
            _sample(net, s, end)
            resolve(net, s, end)
            if _nothing_left(net, s, events, more):
                return True
    return _nothing_left(net, s, events, more)
