"""How fast people walk: alone, on stairs, and at a density."""

from __future__ import annotations

from tminus.engines.crowd.diagram import sfpe, weidmann
from tminus.engines.crowd.kinds import STAIR_K_M_S, LinkKind, diagrams_by_kind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.verification.case import Case, Outcome, near, relative, within
from tminus.engines.crowd.verification.scenes import crowd, last_s, network, play

FAMILY = "Walking"
IMO = "IMO MSC.1/Circ.1533, appendix 2"


def _alone(length_m: float, speed_m_s: float) -> float:
    way = Link("way", "a", "b", length_m, 2.0)
    return last_s(play(network([way]), crowd(1, "a", "b", speed_m_s=speed_m_s)))


def _imo_1() -> Outcome:
    return near(_alone(40.0, 1.0), 40.0, 0.5)


def _rimea_1() -> Outcome:
    return within(_alone(40.0, 1.33), 26.0, 34.0, 40 / 1.33)


def _imo_2() -> Outcome:
    way = Link("stair", "a", "b", 10.0, 2.0, LinkKind.STAIR, free_speed_m_s=1.0)
    return near(last_s(play(network([way]), crowd(1, "a", "b"))), 10.0, 0.5)


def _stair() -> Outcome:
    way = Link("stair", "a", "b", 10.0, 1.0, LinkKind.STAIR)
    of = Network((Node("a"), Node("b")), (way,), weidmann(), diagrams_by_kind())
    return near(last_s(play(of, crowd(1, "a", "b"))), 10.0 / (STAIR_K_M_S * (1 - 0.266 * 0.54)), 0.25)


def held_at(density_p_m2: float, diagram_name: str, length_m: float, width_m: float) -> tuple[float, float]:
    """Density and flow, /(m·s), on a way held at a density: let in, or held back at its end, at that density's flow.

    Measured over the last quarter of an hour after everything is steady.
    """
    diagram = sfpe() if diagram_name == "SFPE" else weidmann()
    flow = float(diagram.flow_at(density_p_m2)) * width_m
    free = density_p_m2 < diagram.critical_p_m2
    wide = diagram.capacity_p_m_s * width_m
    links = [
        Link("in", "a", "b", 5.0, width_m, capacity_p_s=flow if free else wide),
        Link("way", "b", "c", length_m, width_m),
        Link("out", "c", "d", 5.0, width_m, capacity_p_s=wide if free else flow),
    ]
    hours = 3.0 * length_m * width_m * diagram.jam_p_m2 / flow + 1800.0
    persons = round(flow * hours + length_m * width_m * diagram.jam_p_m2)
    slots = int(hours // 900)
    result = play(network(links, diagram), crowd(persons, "a", "d"), until_s=slots * 900.0)
    out = float(result.outflow[slots - 1, 1, 0]) / 900.0 / width_m
    return float(result.density[slots - 1, 1]), out


def _congested() -> Outcome:
    """The way's end is throttled until 2 persons/m² are on it; its time is persons on it over persons through it."""
    low, high = 2.0, 2.6
    for _ in range(12):
        middle = (low + high) / 2
        density, flow = held_at(middle, "SFPE", 20.0, 5.0)
        low, high = (middle, high) if density < 2.0 else (low, middle)
    return near(20.0 * density / flow, 20.0 / (1.4 * (1 - 0.266 * 2.0)), 0.6, f"at {density:.2f} persons/m²")


def _rimea_4(density_p_m2: float) -> Outcome:
    diagram = weidmann()
    density, flow = held_at(density_p_m2, "Weidmann", 100.0, 10.0)
    return relative(flow, float(diagram.flow_at(density)), 0.05, f"at {density:.2f} persons/m²")


CASES = (
    Case("imo-1", FAMILY, "One person, 40 m at 1.0 m/s", f"{IMO}, test 1; NIST TN 1822, 2.1", "s", _imo_1),
    Case("rimea-1", FAMILY, "One person, 40 m at 1.33 m/s", "RiMEA 3.0, test 1", "s", _rimea_1),
    Case("imo-2", FAMILY, "One person, stair of 10 m at 1.0 m/s, up or down", f"{IMO}, tests 2 and 3", "s", _imo_2),
    Case(
        "stair-speed",
        FAMILY,
        "One person, stair of 10 m with steps of 180/280 mm",
        "SFPE Handbook, k = 51.8 √(T/R) m/min; EvacuatioNZ verification, §2.1.3",
        "s",
        _stair,
    ),
    Case(
        "congested-walk",
        FAMILY,
        "20 m at 2 persons/m² by the SFPE's diagram",
        "SFPE hydraulic model; jupedsim-network verification",
        "s",
        _congested,
    ),
    *(
        Case(
            f"rimea-4-{density:g}",
            FAMILY,
            f"Flow on a corridor held at about {density:g} persons/m²",
            "RiMEA 3.0, test 4 (100 m of the corridor's 1,000)",
            "/(m·s)",
            lambda at=density: _rimea_4(at),  # type: ignore[misc]
        )
        for density in (0.5, 1.0, 1.5, 2.5, 3.0, 4.0, 5.0)
    ),
)
