"""What passes doors, openings and stairs."""

from __future__ import annotations

from math import sqrt

import numpy as np

from tminus.engines.crowd.diagram import sfpe
from tminus.engines.crowd.kinds import STAIR_K_M_S, LinkKind, diagrams_by_kind
from tminus.engines.crowd.network import Link
from tminus.engines.crowd.verification.case import Case, Outcome, near, relative, within
from tminus.engines.crowd.verification.scenes import DOOR_M, crowd, door, last_s, network, play

FAMILY = "Doors and stairs"
NZ = "EvacuatioNZ verification, version 2.11"
DOOR_FLOW = 1.33
BOUNDARY_M = 0.15


def _through(persons: int, capacity_p_s: float, step_s: float = 0.5) -> float:
    return last_s(
        play(network([door("door", "room", "out", capacity_p_s)]), crowd(persons, "room", "out"), step_s=step_s)
    )


def _imo_4() -> Outcome:
    capacity = DOOR_FLOW * (1.0 - 2 * BOUNDARY_M)
    return near(_through(100, capacity), 99 / capacity, 1.0, "SFPE N/C: 107.4 s; EvacuatioNZ: 108 s")


def _imo_4_flow() -> Outcome:
    flow = 100 / _through(100, DOOR_FLOW * (1.0 - 2 * BOUNDARY_M))
    return Outcome(flow, DOOR_FLOW, "at most", flow <= DOOR_FLOW)


def _opening() -> Outcome:
    return near(_through(50, 1.3 * 0.6), 49 / 0.78, 0.5)


def _widths(width_m: float, boundary_m: float) -> Outcome:
    capacity = DOOR_FLOW * (width_m - 2 * boundary_m)
    times = {n: _through(n, capacity) for n in (1, 10, 100)}
    worst = max(abs(times[n] - (n - 1) / capacity) for n in times)
    return within(worst, 0.0, 0.5, 0.0, ", ".join(f"{n}: {at:.1f} s" for n, at in times.items()))


def _stair(persons: int) -> Outcome:
    """Everybody at the foot at once; the stair's flow is of its width less 0.15 m on each side."""
    speed, capacity = STAIR_K_M_S * (1 - 0.266 * 0.54), STAIR_K_M_S / (4 * 0.266) * 0.7
    stair = Link("stair", "a", "b", 10.0, 1.0, LinkKind.STAIR, capacity_p_s=capacity)
    of = network([stair], diagrams_by_kind()[LinkKind.STAIR])
    bound = 10.0 / speed + (persons - 1) / capacity
    return within(last_s(play(of, crowd(persons, "a", "b"))), bound - 0.5, 1.02 * bound + 1.0, bound)


def _guide(walk_m: float) -> Outcome:
    """300 by two doors of 32 inches, 0.682 persons/s each, to stairs of 44 inches, 15.27 m, with steps of 7/11."""
    k = 51.8 * sqrt(11 / 7) / 60
    links = []
    for side in ("left", "right"):
        links += [
            Link(f"walk-{side}", "room", f"door-{side}", max(walk_m, DOOR_M), 50.0),
            door(f"door-{side}", f"door-{side}", f"top-{side}", DOOR_FLOW * (0.8128 - 2 * BOUNDARY_M)),
            Link(
                f"stair-{side}", f"top-{side}", f"out-{side}", 15.27, 1.1176,
                capacity_p_s=k / (4 * 0.266) * (1.1176 - 2 * BOUNDARY_M), free_speed_m_s=k * (1 - 0.266 * 0.54),
            ),
        ]  # fmt: skip
    trips = (crowd(1, "room", "out-left") + crowd(1, "room", "out-right")) * 150
    expected = 149 / 0.682 + 15.27 / (k * (1 - 0.266 * 0.54)) + walk_m / sfpe().free_speed_m_s
    told = "SFPE Guide 246 s" if not walk_m else "SFPE Guide 300 s; EvacuatioNZ 283 s"
    return near(last_s(play(network(links, sfpe()), trips)), expected, 1.0, told)


def _four_doors(doors: int) -> float:
    """1,000 in a room, as many for each door, standing about in any order."""
    links = [door(f"door-{n}", "room", f"out-{n}", DOOR_FLOW) for n in range(doors)]
    trips = [trip for n in range(doors) for trip in crowd(1000 // doors, "room", f"out-{n}")]
    mixed = [trips[k] for k in np.random.default_rng(9).permutation(len(trips))]
    return last_s(play(network(links), mixed))


def _imo_9() -> Outcome:
    four, two = _four_doors(4), _four_doors(2)
    return within(two / four, 1.8, 2.2, 2.0, f"{four:.0f} s and {two:.0f} s")


def _foot_of_stair() -> tuple[float, float]:
    """Flow of the stair while people queue at its foot, and how dense the corridor before it gets."""
    links = [
        Link("corridor", "a", "foot", 12.0, 2.0),
        Link("stair", "foot", "b", 10.0, 2.0, LinkKind.STAIR_UP),
    ]
    of = network(links)
    of = type(of)(of.nodes, of.links, of.default, diagrams_by_kind())
    result = play(of, crowd(600, "a", "b"), slot_s=60.0)
    return float(result.outflow[2:4, 1, 0].sum()) / 120.0 / 2.0, float(result.max_density[0] / result.max_density[1])


def _rimea_13_flow() -> Outcome:
    return relative(_foot_of_stair()[0], diagrams_by_kind()[LinkKind.STAIR_UP].capacity_p_m_s, 0.05)


def _rimea_13_jam() -> Outcome:
    denser = _foot_of_stair()[1]
    return Outcome(denser, 1.0, "above", denser > 1.0, "density before the stair over density on it")


CASES = (
    Case("imo-4", FAMILY, "100 persons, room of 8 × 5 m, door of 1 m", f"IMO test 4 as in {NZ}, §2.2", "s", _imo_4),
    Case(
        "imo-4-flow", FAMILY, "… and its mean flow", "IMO MSC.1/Circ.1533, appendix 2, test 4", "persons/s", _imo_4_flow
    ),
    Case(
        "opening",
        FAMILY,
        "50 persons, opening of 0.6 m without boundary",
        "jupedsim-network verification",
        "s",
        _opening,
    ),
    *(
        Case(
            f"door-{width:g}{'' if boundary else '-opening'}",
            FAMILY,
            f"1, 10 and 100 persons, {'door' if boundary else 'opening'} of {width:g} m: farthest from (N − 1)/C",
            f"{NZ}, figure 2.2",
            "s",
            lambda w=width, b=boundary: _widths(w, b),  # type: ignore[misc]
        )
        for width, boundary in ((1.0, BOUNDARY_M), (2.0, BOUNDARY_M), (3.0, BOUNDARY_M), (1.0, 0.0))
    ),
    *(
        Case(
            f"stair-flow-{persons}",
            FAMILY,
            f"{persons} persons down a stair of 10 × 1 m",
            f"{NZ}, §2.3: L/S₀ + (N − 1)/C is the least",
            "s",
            lambda n=persons: _stair(n),  # type: ignore[misc]
        )
        for persons in (1, 10, 100, 1000)
    ),
    Case(
        "sfpe-guide-1",
        FAMILY,
        "300 persons, two stairs",
        f"SFPE Guide, example 1, as in {NZ}, §2.6",
        "s",
        lambda: _guide(0.0),
    ),
    Case(
        "sfpe-guide-1-far",
        FAMILY,
        "… who start 200 ft away",
        f"SFPE Guide, example 1, as in {NZ}, §2.6",
        "s",
        lambda: _guide(60.96),
    ),
    Case(
        "imo-9",
        FAMILY,
        "1,000 persons, four doors, then two: times as long",
        "IMO test 9; RiMEA 3.0, test 9",
        "×",
        _imo_9,
    ),
    Case(
        "rimea-13",
        FAMILY,
        "Flow of a stair with a crowd before it",
        "RiMEA 3.0, test 13; IMO test 11",
        "/(m·s)",
        _rimea_13_flow,
    ),
    Case("rimea-13-jam", FAMILY, "… which jams at its foot", "RiMEA 3.0, test 13; IMO test 11", "×", _rimea_13_jam),
)
