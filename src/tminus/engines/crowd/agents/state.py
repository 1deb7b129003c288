"""The state of a simulation: flat records of agents, ways, nodes and gates that compiled loops change in place.

Ways are numbered: first the directions of links, then as many queues of people who stand at a node and want onto one,
then a queue a node of people who go nowhere from there.

An agent is always in exactly one place: on a way and still walking (in the wheel, by the second its walk ends), in the
queue at the end of a way, in the queue of a gate, waiting to board (the queue of a way to board), aboard (a list by run
and stop), staying at a node (in the wheel), without a way, or gone. ``following`` links all of these lists.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

AGENT = np.dtype(
    [
        ("due", "f8"),  # when its walk, stay or service ends; then: since when it has been waiting
        ("following", "i4"),
        ("way", "i4"),  # where it walks or queues
        ("leg", "i4"),
        ("target", "i4"),  # row of the tables of ways
        ("pace", "f4"),  # its free speed over the diagram's
        ("free", "f4"),  # seconds it would have needed so far with nobody about, stays included
    ]
)
"""32 bytes: half a cache line, so that a move touches one line of its agent."""

WAY = np.dtype(
    [
        # read whenever it is somebody's turn at its end
        ("queued", "i4"),  # who has come to its end
        ("head", "i4"),  # the first of them
        ("tail", "i4"),
        ("on", "i4"),  # everybody on it, the queue included
        ("turn", "f8"),  # whose turn it is where ways meet
        ("visited", "i4"),  # by which walk along a circle
        ("refused", "f4"),  # until when it is known to have no room: who leaves makes some only later
        ("share_s", "f8"),  # what letting one on adds to its turn: one over its share
        ("free_at", "f8"),  # when the next may leave at the end: a headway after the last
        ("blocked", "f8"),  # since when its head has not been let on; negative: it is not blocked
        ("end", "i4"),
        ("what", "i1"),
        ("open", "i1"),
        ("diagram", "i1"),
        ("passing", "i1"),
        # read when somebody wants to come in or leaves
        ("entry_at", "f8"),  # when the next may come in
        ("headway", "f8"),  # seconds a person at capacity
        ("free_s", "f8"),
        ("opposite", "i4"),
        ("storage", "i4"),
        ("no_wave_below", "f4"),  # persons up to which no jam can hold anybody back
        ("density_step", "f4"),  # persons to positions of the diagram's table
        ("spent", "f8"),  # seconds of everybody who came in, the wait before it included
        ("entered", "i4"),  # who came in
        ("hole_s", "f4"),  # seconds of a bin of leavings
        ("bin", "i4"),  # the present bin of leavings
        ("start", "i4"),
    ],
    align=True,
)
"""128 bytes; what concerns turns is in the first 64."""

NODE = np.dtype(
    [
        ("on", "i4"),
        ("gate", "i4"),
        ("capacity", "f8"),
        ("turn", "f8"),
        ("lost_head", "i4"),  # who has no way from here
        ("lost_tail", "i4"),
        ("pending", "i1"),
        ("waiting", "i1"),
    ],
    align=True,
)

GATE = np.dtype(
    [
        ("head", "i4"),
        ("tail", "i4"),
        ("queued", "i4"),
        ("lanes", "i4"),
        ("mean", "f8"),
        ("table", "i4"),
        ("open", "i1"),
        ("node", "i4"),
        ("last_served", "f8"),
    ],
    align=True,
)

TOLD_OF_A_CIRCLE = 32
"""Links of a circle that are named at most."""

SECONDS_A_BIN = 2.0
WAIT_BINS = 3600
"""Waits at gates are counted in bins of two seconds up to two hours."""


class Net(NamedTuple):
    """What does not change while a part of the day is run."""

    in_first: NDArray[np.int32]
    in_ways: NDArray[np.int32]
    moved: int
    relative: NDArray[np.float32]  # [diagram, grid]
    wave_lag: NDArray[np.float64]  # [way, wave] seconds
    wave_room: NDArray[np.float64]  # [way, wave] persons
    first_leg: NDArray[np.int64]
    leg_target: NDArray[np.int32]
    leg_dwell: NDArray[np.float32]
    leg_until: NDArray[np.float32]
    depart: NDArray[np.float64]
    origin: NDArray[np.int32]
    destination: NDArray[np.int32]  # [row of tables] node
    ways: NDArray[np.int32]  # [table, row, node]
    others: NDArray[np.int32]  # [table, row, node] the second choice
    firsts: NDArray[np.float32]  # [table, row, node] share who take the first
    advised: float
    service: NDArray[np.float64]  # [table, SERVICE_GRID + 1] of a mean of 1
    stop_way: NDArray[np.int32]  # [place] the way ridden on from there, −1: the last stop
    stop_node: NDArray[np.int32]  # [place] the node inside the vehicle
    stop_board: NDArray[np.int32]  # [place] the way people board by
    ride_s: NDArray[np.float64]  # [place] seconds to the next stop
    seats: NDArray[np.int32]  # [run] persons a vehicle holds
    thresholds: NDArray[np.float64]  # [element, 5] persons/m² at which levels B … F begin
    element_way: NDArray[np.int32]  # [element, 2] its ways, −1: none
    per_m2: NDArray[np.float64]  # [element] one over its area
    step: float
    sample_s: float
    stuck_s: float
    patience_s: float
    seed: int


class State(NamedTuple):
    """What changes. ``tally``: counts, at the positions below; ``time``: [0] seconds walked or waited so far."""

    agents: NDArray[np.void]
    ways: NDArray[np.void]
    nodes: NDArray[np.void]
    gates: NDArray[np.void]
    servers: NDArray[np.float64]  # [gate, lane] when free
    holes: NDArray[np.int32]  # [way, HOLE_BINS]
    wheel: NDArray[np.int32]  # [2, WHEEL] first and last
    pending: NDArray[np.int32]  # ring of nodes to look at in this step
    later: NDArray[np.int32]  # nodes to look at in the next step
    aboard: NDArray[np.int32]  # [2, place] first and last who alights there
    load: NDArray[np.int32]  # [run]
    opened: NDArray[np.float64]  # [run] when everybody has got out
    tally: NDArray[np.int64]
    time: NDArray[np.float64]
    arrived: NDArray[np.float64]  # [agent]
    lost: NDArray[np.float32]  # [agent]
    # what was seen, by slot; emptied by whoever keeps it
    seen_on: NDArray[np.float64]  # [element]
    seen_peak: NDArray[np.float32]  # [element]
    seen_peak_at: NDArray[np.float32]
    recent: NDArray[np.int32]  # [element, looks + 1] persons at the last looks, and their sum
    seen_nodes: NDArray[np.float64]
    levels: NDArray[np.float64]  # [element, 6]
    left: NDArray[np.int32]  # [way]
    gate_seen: NDArray[np.float64]  # [gate, 4]: queue summed, longest, served, waits summed
    waits: NDArray[np.int32]  # [gate, WAIT_BINS]
    ride_seen: NDArray[np.int32]  # [event, 3]: boarded, on board, left behind
    squeezes: NDArray[np.float64]  # [n, 4]: first at, a way of the circle, persons, last at
    squeezed: NDArray[np.int32]  # [n, TOLD_OF_A_CIRCLE] its ways, −1: no more
    waits_at: NDArray[np.int32]  # [ways] those with somebody waiting at the node looked at
    waits_due: NDArray[np.float64]  # [ways] when the first of each could go on
    circle: NDArray[np.int32]  # [2, way] ways of the circle looked at, and their heads


def copy_of(state: State) -> State:
    """The same state in arrays of its own."""
    parts: Any = [part.copy() for part in state]
    return State(*parts)


WHEEL = 8192
"""Steps the wheel turns; who is due later goes round more than once."""

SAMPLE_S, WINDOW_S = 5.0, 60.0
"""Densities are looked at every five seconds, or every step if that is longer; the greatest mean of a minute counts."""

# positions in ``tally``
STEP, DEPARTED, GONE, MOVES, LAST_MOVE = range(5)
IN_WHEEL, PENDING_FIRST, PENDING_COUNT, LATER_COUNT, EVENT_AT, VISIT, SAMPLES, SQUEEZES, LEFT_OUT = range(5, 14)
TALLIES = 14

SERVICE_GRID = 512
SERVICE_REACH = 24.0
"""Service times are tabled over −ln(1 − u), in which gamma quantiles are nearly straight, from 0 to this."""
