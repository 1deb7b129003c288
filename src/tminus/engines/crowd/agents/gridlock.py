"""Circles of full links that hold one another up: after the stuck time people squeeze past, and it is told."""

from __future__ import annotations

from tminus.engines.crowd.agents.choosing import way_on
from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.agents.links import come_in, go_out
from tminus.engines.crowd.agents.lists import into_wheel, take_out
from tminus.engines.crowd.agents.state import LAST_MOVE, MOVES, SQUEEZES, STEP, TOLD_OF_A_CIRCLE, VISIT
from tminus.engines.crowd.compiled import WALKED

# mypy: disable-error-code="no-untyped-def"

AGAIN_S = 5.0
"""A circle that has begun to squeeze goes on to, one person a link every so many seconds."""

SAME_S = 60.0
"""Squeezes of a circle that are not further apart are one incident; looked for among the last ``LOOKED_BACK``."""
LOOKED_BACK = 64


@inner
def _held_up_by(net, s, way):
    """The full way the head of ``way`` waits for, −1: it does not wait for one."""
    w = s.ways[way]
    if w.queued == 0 or w.blocked < 0.0 or s.nodes[w.end].gate >= 0:
        return -1
    agent = w.head
    if w.end == net.destination[s.agents[agent].target]:
        return -1
    onward = way_on(net, s, agent, w.end)
    if onward < 0 or s.ways[onward].what != WALKED or not s.ways[onward].open:
        return -1
    return onward


@inner
def _circle(net, s, way, now):
    """Write down the circle that ``way`` waits for, from its least way on: how many ways, 0 if something can move."""
    s.tally[VISIT] += 1
    visit = s.tally[VISIT]
    while way >= 0 and s.ways[way].visited != visit:
        s.ways[way].visited = visit
        way = _held_up_by(net, s, way)
    if way < 0:
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
        take_out(s, s.circle[0, k], -1, s.circle[1, k])
        go_out(s, s.circle[0, k], now, now)
        s.ways[s.circle[0, k]].on -= 1
    for k in range(count):
        agent = s.circle[1, k]
        come_in(net, s, s.circle[0, (k + 1) % count], now, agent, net.stuck_s)
        into_wheel(net, s, agent)
    for k in range(count):
        if s.ways[s.circle[0, k]].queued > 0:
            s.ways[s.circle[0, k]].blocked = now - net.stuck_s + AGAIN_S
    s.tally[MOVES] += count
    s.tally[LAST_MOVE] = s.tally[STEP]


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
    for way in range(net.moved):
        w = s.ways[way]
        if w.queued == 0 or w.blocked < 0.0 or now - w.blocked < net.stuck_s:
            continue
        count = _circle(net, s, way, now)
        if count > 0:
            _squeeze(net, s, count, now)
            _note(s, count, now)
