"""A way as kinematic waves see it: how fast it is walked, how fast it can be left, whether somebody still fits in."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.compiled import WALKED
from tminus.engines.crowd.diagram import WAVES
from tminus.engines.crowd.leavings import left_within, note_leaving, turn_holes

# mypy: disable-error-code="no-untyped-def"

AGAINST = 0.16
"""Share of the capacity lost where as many walk one way as the other (two-way flow 0.84 of one-way flow)."""

MOST_OF_THE_GROUND = 0.75
"""Of a two-way way's room that one direction takes at most: in a jam people still let lanes form against them."""

LEAST_SHARE = 0.1
"""Of a way's capacity that the lesser direction is left with."""


@inner
def both_on(s, w):
    """Everybody on the ground of a way, both directions."""
    return w.on + (s.ways[w.opposite].on if w.opposite >= 0 else 0)


@inner
def headway_of(s, w):
    """Seconds between two people at capacity, the other direction taken into account."""
    if w.opposite < 0:
        return w.headway
    against = s.ways[w.opposite].on
    if against == 0 or w.on + against == 0:
        return w.headway
    share = w.on / (w.on + against)
    both = 1.0 - AGAINST * 4.0 * share * (1.0 - share)
    return w.headway / (max(share, LEAST_SHARE) * both)


@inner
def walk_s(net, s, w, pace):
    """Seconds somebody who enters now needs to the end, if nobody waits there; a ride takes everybody as long."""
    if w.what != WALKED:
        return w.free_s
    people = both_on(s, w) * w.density_step
    table = net.relative[w.diagram]
    at = min(int(people), len(table) - 1)
    return w.free_s / (table[at] * pace)


@inner
def has_room(net, s, way, at):
    """Whether somebody may come in at ``at``: the storage is not full, and enough gaps have come back from the end."""
    w = s.ways[way]
    people = both_on(s, w)
    if people >= w.storage or (w.opposite >= 0 and w.on >= MOST_OF_THE_GROUND * w.storage):
        return False
    if people < w.no_wave_below:
        return True
    if at <= w.refused:
        return False
    turn_holes(w, s.holes, way, at)
    for k in range(WAVES):
        if people + left_within(w, s.holes, way, at, net.wave_lag[way, k]) > net.wave_room[way, k]:
            w.refused = at
            return False
    return True


@inner
def come_in(net, s, way, at, agent, waited):
    """``agent`` enters ``way`` at ``at``, after it ``waited`` for this way in particular."""
    w = s.ways[way]
    w.entry_at = at + headway_of(s, w)
    a = s.agents[agent]
    a.way = way
    walk = walk_s(net, s, w, a.pace)
    a.due = at + walk
    w.spent += waited + walk
    w.entered += 1
    a.free += w.free_s / a.pace if w.what == WALKED else w.free_s
    w.on += 1


@inner
def go_out(s, way, ready, at):
    """Somebody who could have left ``way`` at ``ready`` did at ``at``: others need not wait for what it waited for."""
    w = s.ways[way]
    w.free_at = ready + headway_of(s, w)
    w.blocked = -1.0
    if w.opposite >= 0:
        s.ways[w.opposite].refused = -1.0  # whose ground this was
    note_leaving(w, s.holes, way, at, 1)
    s.left[way] += 1
