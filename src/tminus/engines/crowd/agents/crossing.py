"""What happens where ways end: whose turn it is, and where each person goes on to."""

from __future__ import annotations

from tminus.engines.crowd.agents.choosing import way_on
from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.agents.gates import enter_gate, serve
from tminus.engines.crowd.agents.links import come_in, go_out, has_room
from tminus.engines.crowd.agents.lists import at_node, into_wheel, join, look_later, take_out
from tminus.engines.crowd.agents.state import GONE, LAST_MOVE, LEFT_OUT, MOVES, STEP
from tminus.engines.crowd.compiled import BOARD

# mypy: disable-error-code="no-untyped-def"


@inner
def set_off(net, s, agent, node, at):
    """``agent`` stands at ``node`` from ``at`` on and wants to go on with its leg."""
    a = s.agents[agent]
    a.way = at_node(net, node)
    a.due = at
    s.nodes[node].on += 1
    s.time[0] -= at
    into_wheel(net, s, agent)


@inner
def _end_leg(net, s, agent, node, at):
    """``agent`` is where its leg leads to: it stays, or is gone."""
    a = s.agents[agent]
    s.time[0] += at
    if a.leg + 1 == net.first_leg[agent + 1]:
        s.arrived[agent] = at
        s.lost[agent] = at - net.depart[agent] - a.free
        s.tally[GONE] += 1
        return
    until = max(at + net.leg_dwell[a.leg], net.leg_until[a.leg])
    s.time[0] -= until
    a.free += until - at
    a.leg += 1
    a.target = net.leg_target[a.leg]
    a.way = at_node(net, node)
    a.due = until
    s.nodes[node].on += 1
    into_wheel(net, s, agent)


@inner
def _stand_lost(s, agent, node):
    """``agent`` stands behind those who have no way from ``node``."""
    n = s.nodes[node]
    s.agents[agent].following = -1
    if n.lost_head < 0:
        n.lost_head = agent
    else:
        s.agents[n.lost_tail].following = agent
    n.lost_tail = agent


@inner
def _lose(s, agent, node, at):
    """``agent`` has no way from ``node``: from ``at`` on it waits there until one opens."""
    s.agents[agent].due = at
    s.nodes[node].on += 1
    _stand_lost(s, agent, node)


@inner
def _wait_to_board(s, agent, way, node, at):
    w = s.ways[way]
    a = s.agents[agent]
    a.way = way
    a.due = at
    w.on += 1
    s.nodes[node].on += 1
    a.following = -1
    if w.queued == 0:
        w.head = agent
    else:
        s.agents[w.tail].following = agent
    w.tail = agent
    w.queued += 1


@inner
def stays_here(net, s, agent, way, node):
    """Whether ``agent`` at the end of ``way`` would take up room at ``node``: to stay, be served or wait to board."""
    if way >= net.moved:
        return False
    if s.nodes[node].gate >= 0:
        return True
    a = s.agents[agent]
    if node == net.destination[a.target]:
        return a.leg + 1 < net.first_leg[agent + 1]
    onward = way_on(net, s, agent, node)
    return onward < 0 or s.ways[onward].what == BOARD


@inner
def _go_on(net, s, agent, way, node, ready, end):
    """When ``agent``, at the end of ``way`` and ready to go on at ``ready``, does: −1 if it cannot before ``end``."""
    n = s.nodes[node]
    if n.on >= n.capacity and stays_here(net, s, agent, way, node):
        return -1.0
    if node == net.destination[s.agents[agent].target] or (n.gate >= 0 and way < net.moved):
        return ready
    onward = way_on(net, s, agent, node)
    if onward < 0 or s.ways[onward].what == BOARD:
        return ready
    w = s.ways[onward]
    at = max(ready, w.entry_at)
    if not w.open or at >= end or not has_room(net, s, onward, at):
        return -1.0
    return at


@inner
def _move(net, s, agent, way, node, ready, at):
    """Take ``agent`` out of ``way`` at ``at`` and put it where it goes; :func:`_go_on` has said that it can.

    Its wait is put down to the way it goes on to if that was what it waited for last, else to the way it leaves.
    """
    outside = way < net.moved
    waited = at - s.agents[agent].due
    if at <= ready:
        s.ways[way].spent += waited
        waited = 0.0
    go_out(s, way, ready, at)
    if outside:
        s.ways[way].on -= 1
        s.tally[MOVES] += 1
    else:
        s.nodes[node].on -= 1
    settle(net, s, agent, node, outside, at, waited)


@inner
def settle(net, s, agent, node, outside, at, waited):
    """``agent`` has come to ``node`` and does there what it came for, or goes on."""
    n = s.nodes[node]
    a = s.agents[agent]
    if n.gate >= 0 and outside:
        a.due = at
        a.way = at_node(net, node)
        enter_gate(s, n.gate, agent)
    elif node == net.destination[a.target]:
        _end_leg(net, s, agent, node, at)
    else:
        onward = way_on(net, s, agent, node)
        if onward < 0:
            _lose(s, agent, node, at)
        elif s.ways[onward].what == BOARD:
            _wait_to_board(s, agent, onward, node, at)
        else:
            come_in(net, s, onward, at, agent, waited)
            into_wheel(net, s, agent)
    s.tally[LAST_MOVE] = s.tally[STEP]


@inner
def _leave_out(net, s, agent, node, now):
    """``agent`` has waited long enough before ``node``, which is full: it goes on to what it plans next."""
    a = s.agents[agent]
    if now - a.due <= net.patience_s or node != net.destination[a.target]:
        return
    if a.leg + 1 < net.first_leg[agent + 1]:
        a.leg += 1
        a.target = net.leg_target[a.leg]
        s.tally[LEFT_OUT] += 1


@inner
def _let_one_on(net, s, way, node, now, end):
    """Let the first who can go on do so; as many as can stand aside are passed. Whether somebody went."""
    w = s.ways[way]
    before, agent = -1, w.head
    free = max(w.free_at, now)
    for _ in range(w.passing):
        if agent < 0 or max(s.agents[agent].due, free) >= end:
            break
        ready = max(s.agents[agent].due, free)
        if s.nodes[node].on >= s.nodes[node].capacity and way < net.moved:
            _leave_out(net, s, agent, node, now)
        at = _go_on(net, s, agent, way, node, ready, end)
        if at >= 0.0:
            take_out(s, way, before, agent)
            _move(net, s, agent, way, node, ready, at)
            return True
        before, agent = agent, s.agents[agent].following
    if before >= 0 and w.blocked < 0.0:
        w.blocked = now
    return False


@inner
def _head_due(s, way, now):
    """When the first at the end of ``way`` could go on; whoever waits already, now."""
    return max(s.agents[s.ways[way].head].due, now)


@inner
def _who_waits(net, s, node, now):
    """Write down the ways at whose end somebody waits at ``node``; how many."""
    count = 0
    for k in range(net.in_first[node], net.in_first[node + 1]):
        way = net.in_ways[k]
        if s.ways[way].queued > 0:
            s.waits_at[count] = way
            count += 1
    if count > 1:
        for k in range(count):
            s.waits_due[k] = _head_due(s, s.waits_at[k], now)
    return count


@inner
def _whose_turn(s, count):
    """The position of the way whose turn it is among the ``count`` written down.

    Who waits goes by turns, who is yet to come in this step by time: were a later one let on first, what could have
    gone on before would be lost, the more of it the more people pass in a step.
    """
    best = 0
    for k in range(1, count):
        due, least = s.waits_due[k], s.waits_due[best]
        if due < least or (due == least and s.ways[s.waits_at[k]].turn < s.ways[s.waits_at[best]].turn):
            best = k
    return best


@inner
def cross(net, s, node, now, end):
    """Let people on at ``node`` until nobody can before ``end``; where ways meet, in proportion to their capacity.

    Who comes to a queue here meanwhile has ``node`` looked at again.
    """
    n = s.nodes[node]
    if n.gate >= 0:
        serve(net, s, n.gate, now, end)
    count = _who_waits(net, s, node, now)
    left = False
    while count > 0:
        k = _whose_turn(s, count)
        way = s.waits_at[k]
        w = s.ways[way]
        n.turn = w.turn
        went = _let_one_on(net, s, way, node, now, end)
        if went:
            w.turn += w.share_s
        if not went or w.queued == 0:
            left = left or w.queued > 0
            count -= 1
            s.waits_at[k] = s.waits_at[count]
            s.waits_due[k] = s.waits_due[count]
        elif count > 1:
            s.waits_due[k] = _head_due(s, way, now)
    if n.gate >= 0:
        serve(net, s, n.gate, now, end)
        left = left or s.gates[n.gate].queued > 0
    if left:
        look_later(s, node)


@outer
def find_lost(net, s):
    """The ways have been looked at anew: who had none and has one now sets off, the others go on waiting.

    They have not moved then: a day of which only such people are left ends, however often ways are looked at.
    """
    for node in range(len(s.nodes)):
        n = s.nodes[node]
        agent = n.lost_head
        n.lost_head = -1
        n.lost_tail = -1
        while agent >= 0:
            after = s.agents[agent].following
            if way_on(net, s, agent, node) < 0:
                _stand_lost(s, agent, node)
            else:
                join(net, s, agent, node)
            agent = after
