"""Ways of a day of a scenario: one way where both directions meet in a crowd, stations that let in what trains take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link
from tminus.formats.event_folder.day_scenarios import DAY_END_MIN, Befalls, DayScenario, Does, Measure
from tminus.studies.plan_part import Draft
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.relief import RELIEF_MIN, densest_s, site_lines, site_stations, stations_of
from tminus.studies.simulated_day import ADVISED, START_MIN
from tminus.studies.walked_day import WalkedDay

CROWDED_MIN = 2000.0
"""Fewer person-minutes at levels E and F on a way are no reason to close a direction of it."""
AGAINST = 0.25
"""A corridor is in conflict where the smaller direction has so much of the greater one's people."""
MOST_CORRIDORS = 2
RELEASED = (0.6, 0.45, 0.35)
"""Shares of the greatest leaving tried, each instead of the one before."""
RELEASE_MIN = 240.0
TOLD = 80.0
"""Per cent who follow where every screen and steward says the same."""


def advice_draft() -> Draft:
    """Everybody is told which ways are quickest as things stand."""
    share = f"{TOLD:g} per cent instead of {100 * ADVISED.advised:g}"
    return Draft(
        "advice", "", "mean_lost_min", float("nan"), None, None, 0.0, share, (Measure(Does.ADVICE, value=TOLD),)
    )


def one_way_drafts(ready: PreparedDay, asis: WalkedDay, unit: str = "") -> Iterator[Draft]:
    """The corridors with most crowding in both directions, one way while they are crowded."""
    result, links = asis.result, {link.id: link for link in ready.network.links}
    crowded = result.person_s_by_level[:, 4:].sum(axis=1) / 60
    found = 0
    for at in np.argsort(-crowded, kind="stable").tolist():
        link = links.get(result.links[at])
        if crowded[at] < CROWDED_MIN or found == MOST_CORRIDORS:
            return
        if link is None or not link.twoway:
            continue
        slots = np.flatnonzero(result.peak_density[:, at] >= result.max_density[at] / 2)
        flows = result.outflow[slots, at].sum(axis=0)
        if flows.min() >= AGAINST * flows.max() > 0:
            found += 1
            yield _one_way(
                link, slots, result.slot_s, towards_end=bool(flows[0] >= flows[1]), before=float(crowded[at]), unit=unit
            )


def _one_way(
    link: Link, slots: np.ndarray, slot_s: float, *, towards_end: bool, before: float, unit: str
) -> Draft:  # fmt: skip
    begin, end = START_MIN + slots[0] * slot_s / 60, START_MIN + (slots[-1] + 1) * slot_s / 60
    other = link.end if towards_end else link.start
    measure = Measure(Does.ONE_WAY, link.id, 0.0, float(begin), float(end), other, unit=unit)
    return Draft("one_way", link.id, "person_minutes_e_f", 0.0, 0.0, None, 0.0, f"{before:.0f} before", (measure,))


def inflow_drafts(ready: PreparedDay, scenario: DayScenario, unit: str = "") -> Iterator[Draft]:
    """While a line is closed each station of the site lets in what the lines that are left take away."""
    stations, lines = stations_of(ready), site_lines(ready)
    for one in scenario.happenings:
        if one.kind is not Befalls.LINE_CLOSED or one.element not in lines:
            continue
        until = min(one.to_min, one.from_min + RELIEF_MIN)
        for station in site_stations(ready):
            taken = sum(_taken_a_minute(ready, line, one.from_min) for line in stations[station] - {one.element})
            if one.element in stations[station] and taken > 0:
                measure = Measure(Does.INFLOW, station, float(round(taken)), one.from_min, until, unit=unit)
                yield Draft("inflow", station, "left_behind", 0.0, 0.0, None, 0.0, "what trains take", (measure,))


def release_drafts(scenario: DayScenario, asis: WalkedDay, unit: str = "") -> Iterator[Draft]:
    """When a show ends, halls let people out slower than they would leave: they wait inside, not in a crowd outside.

    At other times people go from hall to hall, and doors held shut would hold them everywhere.
    """
    result = asis.result
    ends = [one.to_min for one in scenario.happenings if one.kind is Befalls.STAY]
    if not ends or not result.person_s_by_level[:, 4:].sum() / 60 > CROWDED_MIN:
        return
    halls, leaving = _leaving(asis)
    leaving[: int((min(ends) - START_MIN) * 60 // result.slot_s)] = 0
    if not halls or not leaving.max() > 0:
        return
    most, begin = int(leaving.argmax()), min(ends)
    end = min(begin + RELEASE_MIN, DAY_END_MIN)
    peak = leaving[most] * 60.0 / result.slot_s / halls
    for share in RELEASED:
        rate = float(max(round(peak * share / 5) * 5, 5))
        measure = Measure(Does.RELEASE, "", rate, begin, end, unit=unit)
        binds = f"{100 * share:.0f} per cent of those who would leave in the busiest quarter of an hour"
        yield Draft(
            "release", "", "person_minutes_e_f", float("nan"), 0.0, None, 0.0, binds, (measure,),
            instead=share < RELEASED[0],
        )  # fmt: skip


def _leaving(asis: WalkedDay) -> tuple[int, np.ndarray]:
    """How many halls there are, and [slot] persons who leave any."""
    halls = {node.id for node in asis.scenario.network.nodes if node.kind is NodeKind.HALL}
    leaving = np.zeros(len(asis.result.outflow))
    place = {id: n for n, id in enumerate(asis.result.links)}
    for link in asis.scenario.network.links:
        if link.start in halls and link.end not in halls:
            leaving += asis.result.outflow[:, place[link.id], 0]
        elif link.end in halls and link.start not in halls and link.twoway:
            leaving += asis.result.outflow[:, place[link.id], 1]
    return len(halls), leaving


def _taken_a_minute(ready: PreparedDay, line: str, minute: float) -> float:
    """Persons a minute that trains of both directions have room for."""
    headway = densest_s(ready, line)
    periods = [p for one in ready.services if one.line == line for p in one.periods if p.from_min <= minute < p.to_min]
    return 2 * 60.0 / headway * periods[0].free_p if headway and periods else 0.0
