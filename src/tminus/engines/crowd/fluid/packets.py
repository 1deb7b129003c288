"""Queues of packets: put in by time, merged with what of its kind came just before."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.fluid.state import FREE_PACKET, FULL

# mypy: disable-error-code="no-untyped-def"


@inner
def gap_of(p):
    """Seconds between two of a packet."""
    return p.span / (p.amount - 1.0) if p.amount > 1.0 + 1e-9 else 0.0


@inner
def span_of(p, amount, headway):
    """Seconds over which the first ``amount`` of a packet go on: as they came, or a ``headway`` apart."""
    return max(amount - 1.0, 0.0) * max(gap_of(p), headway)


@inner
def put(f, s, q, kind, due, amount, span, pace):
    """``amount`` persons of ``kind`` join queue ``q``; those that come within a step of one another are one packet."""
    queue = s.queues[q]
    queue.on += amount
    last = s.last_of[q, kind]
    if last >= 0:
        p = s.packets[last]
        if p.queue == q and p.kind == kind and abs(due - p.due) < f.step:
            whole = p.amount + amount
            ends = max(p.due + p.span, due + span)
            p.due = min(p.due, due)
            p.pace = (p.pace * p.amount + pace * amount) / whole
            p.span = ends - p.due
            p.amount = whole
            return
    new = s.tally[FREE_PACKET]
    if new < 0:
        s.tally[FULL] = 1
        return
    p = s.packets[new]
    s.tally[FREE_PACKET] = p.following
    p.due = due
    p.amount = amount
    p.span = span
    p.pace = pace
    p.kind = kind
    p.queue = q
    s.last_of[q, kind] = new
    if queue.head < 0:
        queue.turn = max(queue.turn, s.node_turn[queue.end])
    ahead = queue.tail
    while ahead >= 0 and s.packets[ahead].due > due:  # the short walk may have been entered later
        ahead = s.packets[ahead].ahead
    behind = queue.head if ahead < 0 else s.packets[ahead].following
    p.ahead, p.following = ahead, behind
    if ahead < 0:
        queue.head = new
    else:
        s.packets[ahead].following = new
    if behind < 0:
        queue.tail = new
    else:
        s.packets[behind].ahead = new


@inner
def take(s, q, k, amount):
    """``amount`` of packet ``k`` leaves queue ``q``."""
    queue, p = s.queues[q], s.packets[k]
    gap = gap_of(p)
    p.due += gap * amount  # who goes later came later
    p.span = max(p.span - gap * amount, 0.0)
    queue.on = max(queue.on - amount, 0.0)
    p.amount -= amount
    if p.amount > 1e-9:
        return
    queue.on = max(queue.on + p.amount, 0.0)
    if p.ahead < 0:
        queue.head = p.following
    else:
        s.packets[p.ahead].following = p.following
    if p.following < 0:
        queue.tail = p.ahead
    else:
        s.packets[p.following].ahead = p.ahead
    p.queue = -1
    p.following = s.tally[FREE_PACKET]
    s.tally[FREE_PACKET] = k
