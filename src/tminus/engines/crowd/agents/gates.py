"""Gate banks: one queue, so many lanes, a service time drawn for everybody."""

from __future__ import annotations

import math

from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.agents.lists import into_wheel, look_at
from tminus.engines.crowd.agents.state import (
    LAST_MOVE,
    SECONDS_A_BIN,
    SERVICE_GRID,
    SERVICE_REACH,
    STEP,
    WAIT_BINS,
)
from tminus.engines.crowd.random_numbers import uniform

# mypy: disable-error-code="no-untyped-def"

SERVICE = 3
"""What a random number is drawn for."""

HELD_PER_LANE = 4
"""People being served or already served who may stand in and behind a gate, a lane; beyond it nobody is served."""


@inner
def enter_gate(s, gate, agent):
    """``agent`` joins the queue of ``gate``."""
    g = s.gates[gate]
    s.agents[agent].following = -1
    if g.queued == 0:
        g.head = agent
    else:
        s.agents[g.tail].following = agent
    g.tail = agent
    g.queued += 1
    s.nodes[g.node].on += 1
    look_at(s, g.node)


@inner
def _first_free(s, gate):
    lanes = s.gates[gate].lanes
    best = 0
    for lane in range(1, lanes):
        if s.servers[gate, lane] < s.servers[gate, best]:
            best = lane
    return best


@inner
def _service_s(net, s, gate, agent):
    g = s.gates[gate]
    u = uniform(net.seed, agent, s.agents[agent].leg, g.node, SERVICE)
    at = min(-math.log(1.0 - u), SERVICE_REACH) * (SERVICE_GRID / SERVICE_REACH)
    k = min(int(at), SERVICE_GRID - 1)
    table = net.service[g.table]
    return g.mean * (table[k] + (at - k) * (table[k + 1] - table[k]))


@inner
def _note_wait(s, gate, waited):
    s.gate_seen[gate, 2] += 1
    s.gate_seen[gate, 3] += waited
    s.waits[gate, min(int(waited / SECONDS_A_BIN), WAIT_BINS - 1)] += 1


@inner
def serve(net, s, gate, now, end):
    """Serve whoever can begin from ``now`` on and before ``end``, in the order they came."""
    g = s.gates[gate]
    while g.queued > 0 and g.open and g.lanes > 0:
        if s.nodes[g.node].on - g.queued > HELD_PER_LANE * g.lanes:
            return
        agent = g.head
        a = s.agents[agent]
        lane = _first_free(s, gate)
        begin = max(a.due, s.servers[gate, lane], now)
        if begin >= end:
            return
        g.head = a.following
        g.queued -= 1
        _note_wait(s, gate, begin - a.due)
        a.due = begin + _service_s(net, s, gate, agent)
        s.servers[gate, lane] = a.due
        g.last_served = begin
        s.tally[LAST_MOVE] = s.tally[STEP]
        into_wheel(net, s, agent)
