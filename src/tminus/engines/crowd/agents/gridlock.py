"""Circles of full links that hold one another up: after the stuck time people squeeze past, and it is told.

A circle that has begun to squeeze goes on to whenever densities are looked at, until one of its links is free again.
"""

from __future__ import annotations

from tminus.engines.crowd.agents.choosing import way_on
from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.agents.crossing import settle, stays_here
from tminus.engines.crowd.agents.links import come_in, go_out
from tminus.engines.crowd.agents.lists import into_wheel, take_out
from tminus.engines.crowd.agents.state import LAST_MOVE, MOVES, SQUEEZES, STEP, TOLD_OF_A_CIRCLE, VISIT
from tminus.engines.crowd.compiled import MOST_PASSED, WALKED

# mypy: disable-error-code="no-untyped-def"

SAME_S = 60.0
"""Squeezes of a circle that are not further apart are one incident; looked for among the last ``LOOKED_BACK``."""
LOOKED_BACK = 64


@inner
def _leaving(net, s, node):
    """A blocked queue of people who want to leave ``node``, −1: none."""
    for k in range(net.in_first[node], net.in_first[node + 1]):
        way = net.in_ways[k]
        if way >= net.moved and s.ways[way].queued > 0 and s.ways[way].blocked >= 0.0:
            return way
    return -1


@inner
def _held_up_by(net, s, way):
    """What the head of ``way`` waits for: a full way, a queue that keeps a node full; −1: neither."""
    w = s.ways[way]
    if w.queued == 0 or w.blocked < 0.0:
        return -1
    agent = w.head
    n = s.nodes[w.end]
    if n.on >= n.capacity and stays_here(net, s, agent, way, w.end):
        return _leaving(net, s, w.end)
    if w.end == net.destination[s.agents[agent].target] or (n.gate >= 0 and way < net.moved):
        return -1
    onward = way_on(net, s, agent, w.end)
    if onward < 0 or s.ways[onward].what != WALKED or not s.ways[onward].open:
        return -1
    opposite = s.ways[onward].opposite
    if s.ways[onward].queued == 0 and opposite >= 0:
        return opposite  # whose people take up the ground
    return onward


@inner
def _circle(net, s, way, now, begun):
    """Write down the circle that ``way`` waits for, from its least way on: how many ways.

    0: something can move, or the circle was looked at since visit ``begun``.
    """
    s.tally[VISIT] += 1
    visit = s.tally[VISIT]
    while way >= 0 and s.ways[way].visited <= begun:
        s.ways[way].visited = visit
        way = _held_up_by(net, s, way)
    if way < 0 or s.ways[way].visited != visit:
        return 0
    least, at = way, _held_up_by(net, s, way)
    while at != way:
        least = min(least, at)
        at = _held_up_by(net, s, at)
    count, at = 0, least
    while count == 0 or at != least:
        if now - s.ways[at].blocked < net.stuck_s:
            return 0
        s.circle[0, count] = at
        s.circle[1, count] = s.ways[at].head
        count += 1
        at = _held_up_by(net, s, at)
    return count


@inner
def _squeeze(net, s, count, now):
    """The first of each way of the circle goes on to the next."""
    for k in range(count):
        way = s.circle[0, k]
        take_out(s, way, -1, s.circle[1, k])
        go_out(s, way, now, now)
        if way < net.moved:
            s.ways[way].on -= 1
        else:
            s.nodes[s.ways[way].end].on -= 1
    for k in range(count):
        agent = s.circle[1, k]
        node = s.ways[s.circle[0, k]].end
        if s.circle[0, (k + 1) % count] >= net.moved:
            settle(net, s, agent, node, True, now, net.stuck_s)
        else:
            come_in(net, s, way_on(net, s, agent, node), now, agent, net.stuck_s)
            into_wheel(net, s, agent)
    for k in range(count):
        if s.ways[s.circle[0, k]].queued > 0:
            s.ways[s.circle[0, k]].blocked = now - net.stuck_s
    s.tally[MOVES] += count
    s.tally[LAST_MOVE] = s.tally[STEP]


@inner
def _abreast(net, s, count):
    """How many can squeeze past side by side in the narrowest link of the circle."""
    least = MOST_PASSED
    for k in range(count):
        if s.circle[0, k] < net.moved:
            least = min(least, s.ways[s.circle[0, k]].passing)
    return least


@inner
def _note(s, persons, now):
    """A circle that squeezed a short while ago goes on its account."""
    n = s.tally[SQUEEZES]
    way = s.circle[0, 0]
    for k in range(max(n - LOOKED_BACK, 0), n):
        if s.squeezes[k, 1] == way and now - s.squeezes[k, 3] <= SAME_S:
            s.squeezes[k, 2] += persons
            s.squeezes[k, 3] = now
            return
    if n < len(s.squeezes):
        s.squeezes[n, 0] = now
        s.squeezes[n, 1] = way
        s.squeezes[n, 2] = persons
        s.squeezes[n, 3] = now
        for k in range(min(persons, TOLD_OF_A_CIRCLE)):
            s.squeezed[n, k] = s.circle[0, k]
        s.tally[SQUEEZES] += 1


@inner
def resolve(net, s, now):
    """Resolve every circle whose ways have all been blocked for the stuck time."""
    begun = s.tally[VISIT]
    for way in range(2 * net.moved):
        w = s.ways[way]
        if w.queued == 0 or w.blocked < 0.0 or now - w.blocked < net.stuck_s:
            continue
        count = _circle(net, s, way, now, begun)
        times = _abreast(net, s, count)
        while count > 0 and times > 0:
            _squeeze(net, s, count, now)
            _note(s, count, now)
            times -= 1
            count = _circle(net, s, way, now, s.tally[VISIT]) if times > 0 else 0
