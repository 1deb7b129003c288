"""Timetabled vehicles by amounts: who wants to gets out, who can gets in, who cannot is left behind."""

from __future__ import annotations

import math

from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.fluid.packets import put, take
from tminus.engines.crowd.fluid.state import ABOARD, EVENT_AT, FREE_PACKET, FULL, LAST_MOVE, STEP

# mypy: disable-error-code="no-untyped-def"

IN_A_VEHICLE = -2
"""The queue of who rides."""


@inner
def _alight(f, s, event):
    """Everybody who gets out here stands on the platform; when the last of them has."""
    at = event.arrive
    k = s.aboard[event.place]
    s.aboard[event.place] = -1
    while k >= 0:
        p = s.packets[k]
        after, amount, kind, pace = p.following, p.amount, p.kind, p.pace
        p.queue = -1
        p.following = s.tally[FREE_PACKET]
        s.tally[FREE_PACKET] = k
        s.load[event.run] -= amount
        s.moves[ABOARD] -= amount
        s.node_on[event.node] += amount
        span = max(amount - 1.0, 0.0) * event.door_s
        put(f, s, f.moved + event.node, kind, at + event.door_s, amount, span, pace)
        s.tally[LAST_MOVE] = s.tally[STEP]
        at += amount * event.door_s
        k = after
    return at


@inner
def _alights_at(f, kind, place, last):
    """How far along the stops of a run the quickest way of ``kind`` stays aboard."""
    table = 1 if kind >= f.rows else 0
    while place < last:
        if f.ways[table, kind - table * f.rows, f.stop_node[place]] != f.stop_way[place]:
            return place
        place += 1
    return last


@inner
def _sit(s, place, kind, amount, pace):
    """``amount`` ride on to the stop ``place``."""
    first = s.aboard[place]
    if first >= 0 and s.packets[first].kind == kind:
        p = s.packets[first]
        p.pace = (p.pace * p.amount + pace * amount) / (p.amount + amount)
        p.amount += amount
        return
    new = s.tally[FREE_PACKET]
    if new < 0:
        s.tally[FULL] = 1
        return
    p = s.packets[new]
    s.tally[FREE_PACKET] = p.following
    p.kind, p.amount, p.pace, p.queue, p.following = kind, amount, pace, IN_A_VEHICLE, first
    s.aboard[place] = new


@inner
def _board(f, s, event):
    """Let people in until the vehicle is full or leaves; how many."""
    q = f.stop_board[event.place]
    queue = s.queues[q]
    window = event.at - min(s.opened[event.run], event.at)
    doors = math.inf if event.door_s == 0.0 else math.floor(window / event.door_s)
    boarded = 0.0
    while queue.head >= 0:
        k = queue.head
        p = s.packets[k]
        amount = min(p.amount, doors - boarded, f.seats[event.run] - s.load[event.run])
        if p.due > event.at or amount <= 0.0:
            break
        kind, pace = p.kind, p.pace
        stop = _alights_at(f, kind, event.place, event.last)
        take(s, q, k, amount)
        if stop == event.place:  # the ways have changed: they do not take it any more
            put(f, s, f.moved + event.node, kind, event.at, amount, 0.0, pace)
            continue
        s.node_on[event.node] -= amount
        s.load[event.run] += amount
        s.moves[ABOARD] += amount
        s.moves[0] += amount
        boarded += amount
        _sit(s, stop, kind, amount, pace)
        s.tally[LAST_MOVE] = s.tally[STEP]
    return boarded


@inner
def run_vehicles(f, s, events, end):
    """Every arrival and departure before ``end``."""
    while s.tally[EVENT_AT] < len(events):
        k = s.tally[EVENT_AT]
        event = events[k]
        if event.at >= end:
            return
        if event.boarding:
            s.ride_seen[k, 0] = _board(f, s, event)
            s.ride_seen[k, 1] = s.load[event.run]
            s.ride_seen[k, 2] = s.queues[f.stop_board[event.place]].on
        else:
            s.opened[event.run] = _alight(f, s, event)
        s.tally[EVENT_AT] += 1


@outer
def give_up_waiting(f, s, q):
    """Whoever waits to board by ``q`` looks for another way."""
    queue = s.queues[q]
    while queue.head >= 0:
        p = s.packets[queue.head]
        kind, amount, pace, due = p.kind, p.amount, p.pace, p.due
        take(s, q, queue.head, amount)
        put(f, s, f.moved + queue.start, kind, due, amount, 0.0, pace)
