"""The loop of a fluid day: who sets off, what goes on at every node, densities looked at."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.fluid.crossing import cross
from tminus.engines.crowd.fluid.people import all_set_off
from tminus.engines.crowd.fluid.state import ABOARD, DEPARTED, EVENT_AT, FULL, GONE, LAST_MOVE, STEP
from tminus.engines.crowd.fluid.vehicles import run_vehicles

# mypy: disable-error-code="no-untyped-def"


@inner
def _sample(f, s, now):
    looks = f.looks
    slot = s.tally[STEP] % looks
    for e in range(len(s.seen_on)):
        on = 0.0
        for k in range(2):
            way = f.element_way[e, k]
            if way >= 0:
                on += s.queues[way].on
        s.recent[e, looks] += on - s.recent[e, slot]
        s.recent[e, slot] = on
        if on > 1e-6:
            density = on * f.per_m2[e]
            level = 0
            while level < 5 and density >= f.thresholds[e, level]:
                level += 1
            s.levels[e, level] += on * f.step
            s.seen_on[e] += on
        if s.recent[e, looks] > s.seen_peak[e]:
            s.seen_peak[e] = s.recent[e, looks]
            s.seen_peak_at[e] = max(now - looks * f.step, 0.0)
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
