"""The loop of a fluid day: who sets off, what goes on at every node, densities looked at."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.fluid.crossing import cross
from tminus.engines.crowd.fluid.people import all_set_off
from tminus.engines.crowd.fluid.state import ABOARD, DEPARTED, EVENT_AT, FULL, GONE, LAST_MOVE, STEP
from tminus.engines.crowd.fluid.vehicles import run_vehicles
from tminus.engines.crowd.looks import look_at_links

# mypy: disable-error-code="no-untyped-def"


@inner
def _sample(f, s, now):
    look_at_links(f, s, s.queues, s.tally[STEP], f.step, 1e-6, now)
    for v in range(f.nodes):
        s.seen_nodes[v] += s.node_on[v]
    for g in range(len(s.lanes)):
        queued = s.queues[f.moved + f.nodes + g].on
        s.gate_seen[g, 0] += queued
        s.gate_seen[g, 1] = max(s.gate_seen[g, 1], queued)
    s.moves[1] += s.moves[ABOARD] * f.step
    for q in range(len(s.queues)):
        s.moves[1] += s.queues[q].on * f.step


@inner
def _nobody_walks(s, now):
    """Whether nobody is to come to the end of a way after ``now``: a long walk is no standstill."""
    for k in range(len(s.packets)):
        p = s.packets[k]
        if p.queue >= 0 and p.due > now:
            return False
    return True


@inner
def _nothing_left(f, s, events, more, now):
    """Everybody is gone, or nobody has moved for the stuck time and nothing is to come that could change that."""
    if s.tally[DEPARTED] < len(f.depart):
        return False
    if s.tally[GONE] == len(f.depart):
        return True
    quiet = (s.tally[STEP] - s.tally[LAST_MOVE]) * f.step > f.stuck_s + 60.0
    if not quiet or more or s.root[f.rows] >= 0 or s.tally[EVENT_AT] < len(events):
        return False
    return s.tally[STEP] % f.looks == 0 and _nobody_walks(s, now)


@outer
def advance(f, s, events, until, more):
    """Go on to step ``until``; earlier if nothing is left to happen, which is returned."""
    while s.tally[STEP] < until:
        now = s.tally[STEP] * f.step
        end = now + f.step
        all_set_off(f, s, end)
        for node in range(f.nodes):
            cross(f, s, node, now, end)
        run_vehicles(f, s, events, end)
        s.tally[STEP] += 1
        _sample(f, s, end)
        if s.tally[FULL]:
            return True
        if _nothing_left(f, s, events, more, end):
            return True
    return False
