"""Where ways end: whose turn it is, and how much of a packet goes on within a step. As the agents', by amounts.

What goes on are whole persons (or what is left of a packet): in parts they would come in later than one after another,
for who has begun to leave or to come in does so, and the next waits for a headway.
"""

from __future__ import annotations

import math

import numpy as np

from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.agents.gates import HELD_PER_LANE
from tminus.engines.crowd.agents.links import AGAINST, LEAST_SHARE, MOST_OF_THE_GROUND
from tminus.engines.crowd.compiled import BOARD
from tminus.engines.crowd.diagram import WAVES
from tminus.engines.crowd.fluid.packets import put, span_of, take
from tminus.engines.crowd.fluid.people import arrive, first_stays, leave_out
from tminus.engines.crowd.fluid.state import (
    LAST_MOVE,
    MOST_SQUEEZES,
    SQUEEZES,
    STEP,
    WAIT_BIN_S,
    WAIT_BINS,
)
from tminus.engines.crowd.leavings import left_within, note_leaving, turn_holes

# mypy: disable-error-code="no-untyped-def"

TURNS = 4.0
"""Where ways meet, each goes on by a quarter of what it can in a step before it is the next one's turn."""
STANDING = 64.0
"""Persons who stand at a node and may be passed by others who want elsewhere."""


@inner
def both_on(f, s, q):
    """Everybody on the ground of a way."""
    queue = s.queues[q]
    return queue.on + (s.queues[queue.opposite].on if queue.opposite >= 0 else 0.0)


@inner
def headway_of(f, s, q):
    """Seconds between two people at capacity, the other direction taken into account."""
    queue = s.queues[q]
    if queue.opposite < 0:
        return queue.headway
    against = s.queues[queue.opposite].on
    if against <= 1e-9 or queue.on + against <= 1e-9:
        return queue.headway
    share = queue.on / (queue.on + against)
    return queue.headway / (max(share, LEAST_SHARE) * (1.0 - AGAINST * 4.0 * share * (1.0 - share)))


@inner
def in_time(seconds, headway):
    """Persons who set out in so many seconds, the first at once: whoever has begun goes on after them."""
    return math.ceil(seconds / max(headway, 1e-9) - 1e-9)


@inner
def walk_s(f, s, q, pace, coming, at):
    """Seconds from the beginning of a way to its end of ``coming``, each with those before it.

    Who is seen to leave later in this step is on it still.
    """
    queue = s.queues[q]
    table = f.relative[queue.diagram]
    people = both_on(f, s, q) + 0.5 * (coming - 1.0) + _leaves_after(f, s, q, at)
    if queue.opposite >= 0:
        people += _leaves_after(f, s, queue.opposite, at)
    place = min(int(max(people, 0.0) * queue.density_step), len(table) - 1)
    return queue.free_s / (table[place] * pace)


@inner
def _leaves_after(f, s, q, at):
    """Of who is known to leave in this step, those who do after ``at``."""
    queue = s.queues[q]
    if queue.gone_step != s.tally[STEP]:
        return 0.0
    return queue.gone * min(max((s.tally[STEP] + 1.0) - at / f.step, 0.0), 1.0)


@inner
def room(f, s, q, at):
    """How many more may come in at ``at``: storage, and the gaps that have come back from the end (diagram.Wave)."""
    queue = s.queues[q]
    people = both_on(f, s, q)
    least = queue.storage - people
    if queue.opposite >= 0:
        least = min(least, MOST_OF_THE_GROUND * queue.storage - queue.on)
    if people >= queue.no_wave_below:
        turn_holes(queue, s.holes, q, at)
        for k in range(WAVES):
            least = min(least, f.wave_room[q, k] + 1.0 - people - left_within(queue, s.holes, q, at, f.wave_lag[q, k]))
    return least


@inner
def _onward(f, s, kind, node):
    """The way people of ``kind`` take next from ``node``, −1: none; of two ways the one behind its share."""
    table = 1 if kind >= f.rows else 0
    row = kind - table * f.rows
    way = f.ways[table, row, node]
    if f.others.shape[0] > table and way >= 0 and f.others[table, row, node] >= 0 and s.ahead[table, row, node] > 0.0:
        return f.others[table, row, node]
    return way


@inner
def _note_taken(f, s, kind, node, way, amount):
    """By how many persons the first of two ways is ahead of its share."""
    table = 1 if kind >= f.rows else 0
    row = kind - table * f.rows
    if f.others.shape[0] > table and f.others[table, row, node] >= 0:
        share = f.firsts[table, row, node]
        s.ahead[table, row, node] += amount * ((1.0 if way == f.ways[table, row, node] else 0.0) - share)


@inner
def _free_places(f, s, q, node, row):
    """How many may come in at ``node`` to be served or to stay; whose trip ends there takes up no room."""
    if q >= f.moved or f.node_capacity[node] == np.inf or (f.gate_of[node] < 0 and not first_stays(f, s, row)):
        return np.inf
    return math.floor(f.node_capacity[node] - s.node_on[node] + 1e-9)


@inner
def _gone(s, q, ready, at, amount, headway):
    """``amount`` who could have left ``q`` at ``ready`` do at ``at``: others need not wait for what they waited for."""
    queue = s.queues[q]
    queue.free_at = ready + amount * headway
    queue.gone = amount + (queue.gone if queue.gone_step == s.tally[STEP] else 0.0)
    queue.gone_step = s.tally[STEP]
    queue.blocked = -1.0
    note_leaving(queue, s.holes, q, at, amount)
    s.left[q] += amount


@inner
def _leave(f, s, q, node, k, at, most, end):
    """What of packet ``k`` ends its leg at ``node`` or joins the gate there."""
    p = s.packets[k]
    headway = headway_of(f, s, q) if q < f.moved else 0.0
    amount = min(p.amount, most)
    if headway > 0.0:
        amount = min(amount, in_time(end - at, headway))
    kind, pace, span = p.kind, p.pace, span_of(p, amount, headway)
    row = kind - f.rows if kind >= f.rows else kind
    take(s, q, k, amount)
    if q < f.moved:
        _gone(s, q, at, at, amount, headway)
    else:
        s.node_on[node] -= amount
    if f.gate_of[node] >= 0 and q < f.moved:
        s.node_on[node] += amount
        put(f, s, f.moved + f.nodes + f.gate_of[node], kind, at, amount, span, pace)
    else:
        arrive(f, s, row, amount, at, span)
    return amount


@inner
def _wait_here(f, s, q, queue, onward, node, k, at, most, end):
    """What of packet ``k`` joins those who wait in ``queue`` at ``node``, as far as there is room."""
    p = s.packets[k]
    headway, free = 0.0, np.inf
    if q < f.moved:
        headway = headway_of(f, s, q)
        free = math.floor(f.node_capacity[node] - s.node_on[node] + 1e-9) if f.node_capacity[node] < np.inf else np.inf
    amount = min(p.amount, most, free)
    if headway > 0.0:
        amount = min(amount, in_time(end - at, headway))
    if amount <= 0.0:
        return 0.0
    kind, pace, span = p.kind, p.pace, span_of(p, amount, headway)
    _note_taken(f, s, kind, node, onward, amount)
    take(s, q, k, amount)
    if q < f.moved:
        _gone(s, q, at, at, amount, headway)
        s.node_on[node] += amount
    put(f, s, queue, kind, at, amount, span, pace)
    return amount


@inner
def _walk_on(f, s, q, onward, node, k, at, most, end, force):
    """What of packet ``k`` enters ``onward`` before ``end``; 0: nothing, −1: for want of room."""
    w, p = s.queues[onward], s.packets[k]
    ready, at = at, max(at, w.entry_at)
    if not w.open or at >= end:
        return 0.0
    headway = headway_of(f, s, q) if q < f.moved else 0.0
    entry = headway_of(f, s, onward)
    space = 1.0 if force else math.floor(room(f, s, onward, at) + 1e-9)
    amount = min(p.amount, most, space, in_time(end - at, max(headway, entry)))
    if amount <= 0.0:
        return -1.0
    kind, pace, span = p.kind, p.pace, span_of(p, amount, max(headway, entry))
    _note_taken(f, s, kind, node, onward, amount)
    take(s, q, k, amount)
    if q < f.moved:
        _gone(s, q, ready, at, amount, headway)
    else:
        s.queues[q].blocked = -1.0
        s.node_on[node] -= amount
    w.entry_at = at + amount * entry
    put(f, s, onward, kind, at + walk_s(f, s, onward, pace, amount, at), amount, span, pace)
    return amount


@inner
def _let_on(f, s, q, node, now, end):
    """Let a part of the first packet that can go on do so; how much."""
    queue = s.queues[q]
    k, passed = queue.head, 0.0
    most = f.step / queue.headway if q < f.moved else s.queues[q].on
    most = max(math.floor(most / TURNS), 1.0)
    force = queue.blocked >= 0.0 and now - queue.blocked > f.stuck_s
    while k >= 0 and passed <= queue.passing:
        p, following = s.packets[k], s.packets[k].following
        at = max(p.due, queue.free_at, now)
        if at >= end:
            break
        row = p.kind - f.rows if p.kind >= f.rows else p.kind
        moved = 0.0
        if node == f.destination[row] or (f.gate_of[node] >= 0 and q < f.moved):
            free = _free_places(f, s, q, node, row)
            if free >= 1.0:
                moved = _leave(f, s, q, node, k, at, min(most, free), end)
            elif now - p.due > f.patience_s and node == f.destination[row]:
                leave_out(f, s, q, node, k, now)
        else:
            onward = _onward(f, s, p.kind, node)
            if onward < 0 and q < f.moved:
                moved = _wait_here(f, s, q, f.moved + node, onward, node, k, at, most, end)
            elif onward < 0:
                k = following  # who has no way stands aside, however many they are
                continue
            elif f.what[onward] == BOARD:
                moved = _wait_here(f, s, q, onward, onward, node, k, at, most, end)
            else:
                moved = _walk_on(f, s, q, onward, node, k, at, most, end, force)
                if moved < 0.0:
                    p.due = max(p.due, end)
                    if queue.blocked < 0.0:
                        queue.blocked = now
                elif moved > 0.0 and force and s.tally[SQUEEZES] < MOST_SQUEEZES:
                    row = s.tally[SQUEEZES]
                    s.squeezes[row, 0], s.squeezes[row, 1], s.squeezes[row, 2] = now, onward, moved
                    s.tally[SQUEEZES] += 1
        if moved > 0.0:
            if q < f.moved:
                s.moves[0] += moved
            s.tally[LAST_MOVE] = s.tally[STEP]
            return moved
        passed += s.packets[k].amount
        k = following
    return 0.0


@inner
def serve(f, s, g, node, now, end):
    """Serve who waits at gate ``g`` in the order they came, all lanes as one."""
    q = f.moved + f.nodes + g
    queue = s.queues[q]
    while queue.head >= 0 and queue.open and s.lanes[g] > 0.0:
        if s.queues[f.moved + node].on > HELD_PER_LANE * s.lanes[g] + f.step * s.lanes[g] / s.mean[g]:
            return
        k = queue.head
        p = s.packets[k]
        headway = s.mean[g] / s.lanes[g]
        at = max(p.due, queue.free_at, now - f.step)
        if at >= end:
            return
        amount = min(p.amount, in_time(end - at, headway))
        wait = max(at - p.due, 0.0)
        s.gate_seen[g, 2] += amount
        s.gate_seen[g, 3] += amount * wait
        s.waits[g, min(int(wait / WAIT_BIN_S), WAIT_BINS - 1)] += amount
        kind, pace, span = p.kind, p.pace, max(amount - 1.0, 0.0) * headway
        take(s, q, k, amount)
        queue.free_at = at + amount * headway
        put(f, s, f.moved + node, kind, at + s.mean[g], amount, span, pace)
        s.tally[LAST_MOVE] = s.tally[STEP]


@inner
def cross(f, s, node, now, end):
    """Let on at ``node`` what can before ``end``; where ways meet, in proportion to their capacity."""
    if f.gate_of[node] >= 0:
        serve(f, s, f.gate_of[node], node, now, end)
    waiting = True
    while waiting:
        best, least, soonest = -1, np.inf, np.inf
        for k in range(f.in_first[node], f.in_first[node + 1]):
            q = f.in_ways[k]
            queue = s.queues[q]
            if queue.head >= 0 and queue.visited != s.tally[STEP]:
                due = max(s.packets[queue.head].due, now)  # who waits goes by turns, who is yet to come by time
                if due < soonest or (due == soonest and queue.turn < least):
                    best, least, soonest = q, queue.turn, due
        if best < 0:
            waiting = False
        else:
            s.node_turn[node] = least
            moved = _let_on(f, s, best, node, now, end)
            if moved > 0.0:
                s.queues[best].turn += moved * s.queues[best].share_s
            else:
                s.queues[best].visited = s.tally[STEP]
