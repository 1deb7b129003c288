"""The lists agents stand in: the wheel of who is walking, queues at the ends of ways, nodes to be looked at.

Who stands at a node and wants to go on queues for the way it wants: nobody in a hall keeps others from another door.
"""

from __future__ import annotations

from tminus.engines.crowd.agents.choosing import way_on
from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.agents.state import (
    IN_WHEEL,
    LAST_MOVE,
    LATER_COUNT,
    PENDING_COUNT,
    PENDING_FIRST,
    STEP,
    WHEEL,
)

# mypy: disable-error-code="no-untyped-def"


@inner
def look_at(s, node):
    """Have ``node`` looked at in this step, if it is not going to be anyway."""
    if not s.nodes[node].pending:
        s.nodes[node].pending = 1
        size = len(s.pending)
        at = s.tally[PENDING_FIRST] + s.tally[PENDING_COUNT]
        s.pending[at - size if at >= size else at] = node
        s.tally[PENDING_COUNT] += 1


@inner
def look_later(s, node):
    """Have ``node`` looked at in the next step."""
    if not s.nodes[node].waiting:
        s.nodes[node].waiting = 1
        s.later[s.tally[LATER_COUNT]] = node
        s.tally[LATER_COUNT] += 1


@inner
def queue_up(s, way, agent):
    """``agent`` has come to the end of ``way``. Who had nobody waiting has saved up no turns."""
    w = s.ways[way]
    s.agents[agent].following = -1
    if w.queued == 0:
        w.head = agent
        w.turn = max(w.turn, s.nodes[w.end].turn)
    else:
        s.agents[w.tail].following = agent
    w.tail = agent
    w.queued += 1
    look_at(s, w.end)


@inner
def take_out(s, way, before, agent):
    """``agent``, who stands behind ``before`` (−1: is first), leaves the queue at the end of ``way``."""
    w = s.ways[way]
    after = s.agents[agent].following
    if before < 0:
        w.head = after
    else:
        s.agents[before].following = after
    if w.tail == agent:
        w.tail = before
    w.queued -= 1


@inner
def at_node(net, node):
    """The number that stands for being at ``node``: the queue of who goes nowhere from there."""
    return 2 * net.moved + node


@inner
def join(net, s, agent, node):
    """``agent`` at ``node`` wants to go on: it queues before the way it takes."""
    way = at_node(net, node)
    if node != net.destination[s.agents[agent].target]:
        onward = way_on(net, s, agent, node)
        if onward >= 0:
            way = net.moved + onward
    s.agents[agent].way = way
    queue_up(s, way, agent)


@inner
def into_wheel(net, s, agent):
    """Have ``agent`` come back when it is due; at once if that is in this step."""
    due = int(s.agents[agent].due / net.step)
    if due <= s.tally[STEP]:
        way = s.agents[agent].way
        if way >= 2 * net.moved:
            join(net, s, agent, way - 2 * net.moved)
        else:
            queue_up(s, way, agent)
        return
    bucket = due & (WHEEL - 1)
    s.agents[agent].following = -1
    last = s.wheel[1, bucket]
    if last < 0:
        s.wheel[0, bucket] = agent
    else:
        s.agents[last].following = agent
    s.wheel[1, bucket] = agent
    s.tally[IN_WHEEL] += 1


@inner
def turn_wheel(net, s):
    """Who is due in this step comes to the end of its way, in the order it was put there."""
    step = s.tally[STEP]
    bucket = step & (WHEEL - 1)
    agent = s.wheel[0, bucket]
    if agent >= 0:
        s.tally[LAST_MOVE] = step
    s.wheel[0, bucket] = -1
    s.wheel[1, bucket] = -1
    while agent >= 0:
        after = s.agents[agent].following
        s.tally[IN_WHEEL] -= 1
        into_wheel(net, s, agent)
        agent = after


@outer
def wake(s, node):
    """Have ``node`` looked at, from outside the loop."""
    look_at(s, node)


@outer
def give_up_waiting(net, s, way):
    """Whoever waits to board by ``way`` looks for another one."""
    w = s.ways[way]
    while w.queued > 0:
        agent = w.head
        w.head = s.agents[agent].following
        w.queued -= 1
        w.on -= 1
        join(net, s, agent, w.start)
