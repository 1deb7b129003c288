"""Packets, queues and what a fluid day has come to, as flat records that compiled loops change in place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PACKET = np.dtype(
    [
        ("due", "f8"),  # when the first of it is at the end of its way
        ("amount", "f8"),  # persons
        ("span", "f8"),  # seconds from the first to the last of it
        ("pace", "f8"),  # mean free speed over the diagram's
        ("kind", "i4"),  # row of the destination, of who follows advice further on
        ("queue", "i4"),  # −1: free
        ("following", "i4"),
        ("ahead", "i4"),
    ],
    align=True,
)

QUEUE = np.dtype(
    [
        ("head", "i4"),
        ("tail", "i4"),
        ("on", "f8"),
        ("turn", "f8"),
        ("share_s", "f8"),
        ("free_at", "f8"),  # when the next may leave
        ("entry_at", "f8"),  # when the next may come in
        ("headway", "f8"),
        ("free_s", "f8"),
        ("storage", "f8"),
        ("no_wave_below", "f8"),
        ("density_step", "f8"),
        ("hole_s", "f8"),
        ("passing", "f8"),
        ("blocked", "f8"),  # since when nobody was let on for want of room; below 0: not so
        ("gone", "f8"),  # persons who leave it in the step ``gone_step``
        ("gone_step", "i8"),
        ("visited", "i8"),  # the step in which it can do no more
        ("bin", "i4"),
        ("opposite", "i4"),
        ("start", "i4"),
        ("end", "i4"),
        ("diagram", "i4"),
        ("open", "i1"),
    ],
    align=True,
)
"""Queues: ways, then one a node of who stands there and goes on, then one a gate of who waits to be served."""

WAIT_BIN_S = 2.0
WAIT_BINS = 3600

# positions in ``tally``
STEP, DEPARTED, GONE, FREE_PACKET, LAST_MOVE, SQUEEZES, FULL, LEFT_OUT, EVENT_AT = range(9)
TALLIES = 9
ABOARD = 2
"""In ``moves``."""
MOST_SQUEEZES = 4096


class Fixed(NamedTuple):
    """What does not change while a part of the day is run; as in :mod:`tminus.engines.crowd.agents.state`."""

    in_first: NDArray[np.int32]
    in_ways: NDArray[np.int32]
    moved: int
    nodes: int
    rows: int
    relative: NDArray[np.float32]
    wave_lag: NDArray[np.float64]
    wave_room: NDArray[np.float64]
    first_leg: NDArray[np.int64]
    leg_target: NDArray[np.int32]
    leg_dwell: NDArray[np.float32]
    leg_until: NDArray[np.float32]
    depart: NDArray[np.float64]  # by (step, origin, target): order ``agent``
    agent: NDArray[np.int64]
    origin: NDArray[np.int32]
    pace: NDArray[np.float64]
    destination: NDArray[np.int32]
    ways: NDArray[np.int32]  # [table, row, node]
    others: NDArray[np.int32]  # [table, row, node] the second choice
    firsts: NDArray[np.float32]  # [table, row, node] share who take the first
    free_to: NDArray[np.float64]  # [row, node] seconds with nobody about
    rides_to: NDArray[np.float64]  # [row, node] of these aboard
    waits_to: NDArray[np.float64]  # [row, node] of these for vehicles
    what: NDArray[np.int8]  # [way]
    stop_way: NDArray[np.int32]  # [place] as agents.state.Net has them
    stop_node: NDArray[np.int32]
    stop_board: NDArray[np.int32]
    seats: NDArray[np.int32]  # [run]
    advised: float
    gate_of: NDArray[np.int32]  # [node]
    node_capacity: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    element_way: NDArray[np.int32]
    per_m2: NDArray[np.float64]
    step: float
    stuck_s: float
    patience_s: float
    looks: int  # steps in a minute


class Flow(NamedTuple):
    """What changes."""

    packets: NDArray[np.void]
    queues: NDArray[np.void]
    last_of: NDArray[np.int32]  # [queue, kind] the packet last put in
    holes: NDArray[np.float64]
    lanes: NDArray[np.float64]  # [gate] open lanes
    mean: NDArray[np.float64]  # [gate] seconds
    node_on: NDArray[np.float64]
    node_turn: NDArray[np.float64]
    ahead: NDArray[np.float64]  # [table, row, node] persons the first of two ways is ahead of its share
    leg: NDArray[np.int64]  # [agent] position among legs
    free: NDArray[np.float64]  # [agent]
    key: NDArray[np.float64]  # [agent] of the heap it is in
    child: NDArray[np.int64]
    sibling: NDArray[np.int64]
    root: NDArray[np.int64]  # [row + 1] who walks to it; last: who stays somewhere
    owed: NDArray[np.float64]  # [row] parts of persons that have arrived
    place: NDArray[np.int32]  # [agent] node it stays at
    arrived: NDArray[np.float64]
    lost: NDArray[np.float64]
    tally: NDArray[np.int64]
    moves: NDArray[np.float64]  # [0] persons over ends of ways, [1] person-seconds under way, [2] persons in vehicles
    aboard: NDArray[np.int32]  # [place] the first packet that alights there
    load: NDArray[np.float64]  # [run]
    opened: NDArray[np.float64]  # [run] when everybody has got out
    ride_seen: NDArray[np.float64]  # [event, 3] boarded, on board, left behind
    seen_on: NDArray[np.float64]
    recent: NDArray[np.float64]
    seen_peak: NDArray[np.float64]
    seen_peak_at: NDArray[np.float64]
    seen_nodes: NDArray[np.float64]
    levels: NDArray[np.float64]
    left: NDArray[np.float64]
    gate_seen: NDArray[np.float64]  # [gate, 4] queue summed, longest, served, waits summed
    waits: NDArray[np.float64]
    squeezes: NDArray[np.float64]  # [n, 3] at, way, persons
