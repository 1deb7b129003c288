"""Timetabled vehicles: who wants to gets out, who can gets in, who cannot is left behind."""

from __future__ import annotations

from tminus.engines.crowd.agents.choosing import way_on
from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.agents.lists import at_node, into_wheel
from tminus.engines.crowd.agents.state import EVENT_AT, LAST_MOVE, MOVES, STEP

# mypy: disable-error-code="no-untyped-def"


@inner
def _alight(net, s, event):
    place = event.place
    agent = s.aboard[0, place]
    s.aboard[0, place] = -1
    s.aboard[1, place] = -1
    at = event.arrive
    while agent >= 0:
        after = s.agents[agent].following
        s.load[event.run] -= 1
        at += event.door_s
        a = s.agents[agent]
        a.due = at
        a.way = at_node(net, event.node)
        s.nodes[event.node].on += 1
        s.tally[LAST_MOVE] = s.tally[STEP]
        into_wheel(net, s, agent)
        agent = after
    return at


@inner
def _alights_at(net, s, agent, place, last):
    """How far along the stops of a run the quickest way of ``agent`` stays aboard."""
    while place < last:
        if way_on(net, s, agent, net.stop_node[place]) != net.stop_way[place]:
            return place
        place += 1
    return last


@inner
def _get_in(net, s, event, agent, stop):
    a = s.agents[agent]
    s.load[event.run] += 1
    s.tally[MOVES] += 1
    for place in range(event.place, stop):
        a.free += net.ride_s[place]
    a.following = -1
    if s.aboard[0, stop] < 0:
        s.aboard[0, stop] = agent
    else:
        s.agents[s.aboard[1, stop]].following = agent
    s.aboard[1, stop] = agent
    s.tally[LAST_MOVE] = s.tally[STEP]


@inner
def _think_again(net, s, agent, node):
    """The ways have changed since ``agent`` queued for this vehicle: it does not take it any more."""
    a = s.agents[agent]
    a.way = at_node(net, node)
    s.nodes[node].on += 1
    into_wheel(net, s, agent)


@inner
def _board(net, s, event):
    """Let people in until the vehicle is full or leaves; how many."""
    w = s.ways[net.stop_board[event.place]]
    window = event.at - min(s.opened[event.run], event.at)
    doors = 2147483647 if event.door_s == 0.0 else int(window / event.door_s)
    boarded = 0
    while w.queued > 0 and boarded < doors and s.load[event.run] < net.seats[event.run]:
        agent = w.head
        if s.agents[agent].due > event.at:
            break
        w.head = s.agents[agent].following
        w.queued -= 1
        w.on -= 1
        s.nodes[event.node].on -= 1
        stop = _alights_at(net, s, agent, event.place, event.last)
        if stop == event.place:
            _think_again(net, s, agent, event.node)
            continue
        _get_in(net, s, event, agent, stop)
        boarded += 1
    if boarded > 0:
        w.free_at = event.at
    return boarded


@inner
def run_vehicles(net, s, events, end):
    """Every arrival and departure before ``end``."""
    while s.tally[EVENT_AT] < len(events):
        k = s.tally[EVENT_AT]
        event = events[k]
        if event.at >= end:
            return
        if event.boarding:
            boarded = _board(net, s, event)
            s.ride_seen[k, 0] = boarded
            s.ride_seen[k, 1] = s.load[event.run]
            s.ride_seen[k, 2] = s.ways[net.stop_board[event.place]].queued
        else:
            s.opened[event.run] = _alight(net, s, event)
        s.tally[EVENT_AT] += 1
