"""Where streams meet: merging, walking against one another, a corridor between rooms."""

from __future__ import annotations

from itertools import pairwise

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.diagram import weidmann
from tminus.engines.crowd.network import Link
from tminus.engines.crowd.verification.case import Case, Outcome, near, relative, within
from tminus.engines.crowd.verification.scenes import crowd, door, last_s, network, play

FAMILY = "Meeting"
IMO = "IMO MSC.1/Circ.1533, appendix 2"


def _merge() -> Outcome:
    links = [
        Link("narrow", "a", "meet", 10.0, 1.0), Link("wide", "b", "meet", 10.0, 3.0),
        Link("out", "meet", "c", 20.0, 2.0),
    ]  # fmt: skip
    result = play(network(links), crowd(600, "a", "c") + crowd(1800, "b", "c"), slot_s=150.0)
    flows = result.outflow[1:3, :, 0].sum(axis=0)
    return relative(float(flows[1] / flows[0]), 3.0, 0.15)


def _opposed(others: int) -> float:
    """When 100 have crossed a corridor of 10 × 2 m between two rooms that ``others`` cross the other way."""
    links = [
        Link("room-1", "a", "in", 10.0, 10.0, twoway=True), Link("corridor", "in", "out", 10.0, 2.0, twoway=True),
        Link("room-2", "out", "b", 10.0, 10.0, twoway=True),
    ]  # fmt: skip
    result = play(network(links), crowd(100, "a", "b") + crowd(others, "b", "a"))
    return float(result.arrived_s[:100].max())


def _imo_8() -> Outcome:
    times = [_opposed(others) for others in (0, 10, 50, 100)]
    least = min(later - sooner for sooner, later in pairwise(times))
    told = " < ".join(f"{at:.1f} s" for at in times)
    return Outcome(least, 0.0, "above", least > 0, told)


def _two_way_share() -> Outcome:
    """Both ways together against one way alone, while both are full."""

    def flow(trips_each: int, both: bool) -> float:
        way = Link("corridor", "a", "b", 20.0, 2.0, twoway=True)
        trips = crowd(trips_each, "a", "b") + (crowd(trips_each, "b", "a") if both else [])
        result = play(network([way]), trips, slot_s=60.0)
        return float(result.outflow[1:3, 0].sum()) / 120.0

    return within(flow(600, both=True) / flow(1200, both=False), 0.84, 1.0, 0.84)


def room_corridor_room() -> DayResult:
    """150 persons through a corridor of 1 m between two rooms of 10 m; links: room, corridor, room, exit."""
    links = [
        Link("room-1", "a", "in", 5.0, 10.0), Link("corridor", "in", "out", 5.0, 1.0),
        Link("room-2", "out", "exit", 10.0, 10.0), door("exit", "exit", "b", weidmann().capacity_p_m_s),
    ]  # fmt: skip
    return play(network(links), crowd(150, "a", "b"), slot_s=5.0)


def _rimea_12() -> tuple[float, float, float, float]:
    """Last out, and the greatest densities of room 1, corridor and room 2."""
    result = room_corridor_room()
    before, between, beyond = (float(result.max_density[n]) for n in range(3))
    return last_s(result), before, between, beyond


def _rimea_12_time() -> Outcome:
    diagram = weidmann()
    expected = 149 / diagram.capacity_p_m_s + 20.0 / diagram.free_speed_m_s
    return relative(_rimea_12()[0], expected, 0.05)


def _rimea_12_corridor() -> Outcome:
    corridor, critical = _rimea_12()[2], weidmann().critical_p_m2
    return Outcome(corridor, critical, "at most + 10 %", corridor <= 1.1 * critical, "naive queues fill it to the jam")


def _rimea_12_rooms() -> Outcome:
    _, before, _, after = _rimea_12()
    return Outcome(after / before, 1.0, "below", after < before, f"{before:.2f} before, {after:.2f} persons/m² beyond")


def _bottleneck_keeps_its_flow() -> Outcome:
    """A crowd before a narrow place: it passes at the narrow place's capacity, no less and no more."""
    links = [Link("wide", "a", "b", 20.0, 4.0), Link("narrow", "b", "c", 5.0, 1.0)]
    result = play(network(links), crowd(500, "a", "c"))
    expected = 499 / weidmann().capacity_p_m_s + 20 / 1.34 + 5 / 1.34
    return near(last_s(result) / expected, 1.0, 0.03)


CASES = (
    Case(
        "merge",
        FAMILY,
        "Ways of 1 m and 3 m into one of 2 m: flow of one over the other",
        "jupedsim-network verification",
        "×",
        _merge,
    ),
    Case(
        "imo-8",
        FAMILY,
        "100 persons against 0, 10, 50, 100: longer each time, by at least",
        f"{IMO}, test 8; NIST TN 1822, 2.8",
        "s",
        _imo_8,
    ),
    Case("two-way", FAMILY, "Both ways together over one way alone", "Navin & Wheeler 1969; HCM", "×", _two_way_share),
    Case(
        "rimea-12",
        FAMILY,
        "150 persons, room, corridor of 1 m, room: last out",
        "RiMEA 3.0, test 12",
        "s",
        _rimea_12_time,
    ),
    Case(
        "rimea-12-corridor",
        FAMILY,
        "… the corridor does not jam",
        "RiMEA 3.0, test 12",
        "persons/m²",
        _rimea_12_corridor,
    ),
    Case(
        "rimea-12-rooms",
        FAMILY,
        "… the second room is emptier than the first",
        "RiMEA 3.0, test 12",
        "×",
        _rimea_12_rooms,
    ),
    Case(
        "bottleneck",
        FAMILY,
        "500 persons through 1 m: time over (N − 1)/C and the walk",
        "RiMEA 3.0, test 12, widened",
        "×",
        _bottleneck_keeps_its_flow,
    ),
)
