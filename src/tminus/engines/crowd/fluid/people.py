"""Who arrives: people as heaps by destination, in the order in which they would come with nobody about."""

from __future__ import annotations

import numpy as np

from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.fluid.packets import put, take
from tminus.engines.crowd.fluid.state import DEPARTED, GONE, LEFT_OUT

# mypy: disable-error-code="no-untyped-def"


@inner
def _meld(s, a, b):
    """Two pairing heaps as one."""
    if a < 0:
        return b
    if b < 0:
        return a
    if s.key[b] < s.key[a] or (s.key[b] == s.key[a] and b < a):
        a, b = b, a
    s.sibling[b] = s.child[a]
    s.child[a] = b
    return a


@inner
def push(s, heap, agent, key):
    """``agent`` joins ``heap``."""
    s.key[agent] = key
    s.child[agent] = -1
    s.sibling[agent] = -1
    s.root[heap] = _meld(s, s.root[heap], agent)


@inner
def pop(s, heap):
    """Who is first in ``heap``, no longer in it."""
    found = s.root[heap]
    at, pairs = s.child[found], -1
    while at >= 0:
        other = s.sibling[at]
        after = -1
        s.sibling[at] = -1
        if other >= 0:
            after = s.sibling[other]
            s.sibling[other] = -1
        both = _meld(s, at, other)
        s.sibling[both] = pairs
        pairs = both
        at = after
    whole = -1
    while pairs >= 0:
        after = s.sibling[pairs]
        s.sibling[pairs] = -1
        whole = _meld(s, whole, pairs)
        pairs = after
    s.root[heap] = whole
    return found


@inner
def _alone_s(f, row, node, pace):
    """Seconds from ``node`` to the destination of ``row`` with nobody about, waits for vehicles apart."""
    waits, rides = f.waits_to[row, node], f.rides_to[row, node]
    return (f.free_to[row, node] - waits - rides) / pace + rides if f.free_to[row, node] < 1e30 else np.inf


@inner
def _expect(f, s, agent, row, node, at, pace):
    """``agent`` is on its way from ``node`` to the destination of ``row`` from ``at`` on."""
    alone = _alone_s(f, row, node, pace)
    if alone < 1e30:
        s.free[agent] += alone
    push(s, row, agent, at + min(alone + f.waits_to[row, node], 1e9))


@inner
def set_off(f, s, agent, node, at):
    """``agent`` stands at ``node`` from ``at`` on and wants to go on with its leg, as a packet of one."""
    row = f.leg_target[s.leg[agent]]
    pace = f.pace[agent]
    _expect(f, s, agent, row, node, at, pace)
    s.node_on[node] += 1.0
    advised = f.advised if f.ways.shape[0] > 1 else 0.0
    for table in range(2):
        part = advised if table else 1.0 - advised
        if part > 0.0:
            put(f, s, f.moved + node, row + table * f.rows, at, part, 0.0, pace)


@inner
def first_stays(f, s, row):
    """Whether whoever is to arrive first at the destination of ``row`` has something planned after it."""
    agent = s.root[row]
    return agent >= 0 and s.leg[agent] + 1 < f.first_leg[agent + 1]


@inner
def leave_out(f, s, q, node, k, now):
    """Who has waited too long at the end of ``q`` for ``node`` to have room goes on to what is planned next."""
    p = s.packets[k]
    advice, pace = p.kind >= f.rows, p.pace
    row = p.kind - f.rows if advice else p.kind
    for _ in range(int(p.amount + 1e-9)):
        if not first_stays(f, s, row):
            return
        agent = pop(s, row)
        s.leg[agent] += 1
        onward = f.leg_target[s.leg[agent]]
        _expect(f, s, agent, onward, node, now, f.pace[agent])
        take(s, q, k, 1.0)
        put(f, s, q, onward + f.rows if advice else onward, now, 1.0, 0.0, pace)
        s.tally[LEFT_OUT] += 1


@inner
def arrive(f, s, row, amount, at, span):
    """``amount`` persons reach the destination of ``row`` from ``at`` on; so many whole people end a leg."""
    node = f.destination[row]
    before = s.owed[row]
    s.owed[row] += amount
    n = 0
    while s.owed[row] >= 1.0 - 1e-6 and s.root[row] >= 0:
        s.owed[row] -= 1.0
        n += 1
        when = at + span * min(max((n - 1.0 - before) / max(amount - 1.0, 1.0), 0.0), 1.0)
        agent = pop(s, row)
        here = s.leg[agent]
        if here + 1 == f.first_leg[agent + 1]:
            s.arrived[agent] = when
            s.lost[agent] = when - s.free[agent]
            s.tally[GONE] += 1
        else:
            until = max(when + f.leg_dwell[here], f.leg_until[here])
            s.free[agent] += until - when
            s.leg[agent] += 1
            s.place[agent] = node
            s.node_on[node] += 1.0
            push(s, f.rows, agent, until)


@inner
def all_set_off(f, s, end):
    """Who departs, or whose stay is over, before ``end`` sets off."""
    while True:
        k = s.tally[DEPARTED]
        if k < len(f.depart) and f.depart[k] < end:
            s.tally[DEPARTED] = k + 1
            agent, node, at = f.agent[k], f.origin[k], f.depart[k]
        elif s.root[f.rows] >= 0 and s.key[s.root[f.rows]] < end:
            at = s.key[s.root[f.rows]]
            agent = pop(s, f.rows)
            node = s.place[agent]
            s.node_on[node] -= 1.0
        else:
            return
        set_off(f, s, agent, node, at)
