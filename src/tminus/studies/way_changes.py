"""What happenings and measures change on ways: closed, one-way, wet, without trains, so many a minute let through."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.network import Link, Network
from tminus.engines.crowd.scenario import Change, Field
from tminus.formats.event_folder.day_scenarios import Befalls, DayScenario, Does, Happening, Measure
from tminus.formats.problems import BadFile
from tminus.studies.day_clock import second_of
from tminus.studies.gates_two_sided import way_out_of
from tminus.studies.prepared_day import PreparedDay

SLOWER_A_MM, SLOWEST = 0.01, 0.75
"""Assumed, no count behind it: in the open, a hundredth slower and as much less flow for every mm of rain an hour
(umbrellas, puddles), three quarters of the dry at the least."""


@dataclass(frozen=True, slots=True)
class _Ways:
    """``network`` as it is walked; ``ready``: the day."""

    network: Network
    ready: PreparedDay

    def of(self, id: str) -> list[Link]:
        """The link, and the way out beside it where a gate has divided it."""
        return [link for link in self.network.links if link.id in (id, way_out_of(id))]

    def rides(self, line: str) -> list[Link]:
        """Rides of a line that leave at any time."""
        return [
            link
            for link in self.network.links
            if link.kind is LinkKind.RIDE and self.ready.line_of.get(link.id) == line
        ]

    def walked_at(self, node: str) -> list[Link]:
        """Ways one walks that begin or end at a node."""
        return [x for x in self.network.links if node in (x.start, x.end) and x.kind is not LinkKind.RIDE]

    def halls(self, element: str, where: str) -> list[str]:
        """The hall, or every hall where none is named.

        :raises BadFile: no hall.
        """
        halls = [node.id for node in self.network.nodes if node.kind is NodeKind.HALL]
        if element and element not in halls:
            raise BadFile(f"{where}, release of {element!r}; allowed: a hall: {', '.join(halls[:20])}")
        return [element] if element else halls

    def doors_of(self, node: str) -> list[Link]:
        """Ways into a station from outside; where there are none, all that are walked."""
        walked = self.walked_at(node)
        platforms = {end for link in self.network.links if link.kind is LinkKind.RIDE for end in (link.start, link.end)}
        platforms |= {stop for service in self.ready.services for stop in service.stops}
        outer = [link for link in walked if not platforms & {link.start, link.end} - {node}]
        return outer or walked


def way_changes(ready: PreparedDay, network: Network, scenario: DayScenario) -> tuple[Change, ...]:
    """By second; ``network``: as it is walked, gates two-sided.

    :raises BadFile: a measure that what it names does not allow.
    """
    ways = _Ways(network, ready)
    found = [change for one in scenario.happenings for change in _befallen(ways, one)]
    found += [change for one in scenario.measures for change in _done(ways, one, scenario.id)]
    return tuple(sorted(found, key=lambda change: change.at_s))


def _befallen(ways: _Ways, one: Happening) -> Iterator[Change]:
    begin, end = second_of(one.from_min), second_of(one.to_min)
    if one.kind is Befalls.RAIN:
        yield from _rain(ways, one)
    elif one.kind is Befalls.LINE_CLOSED:
        yield from _shut(ways.rides(one.element), begin, end)
    elif one.kind is Befalls.SERVICE_LATE:  # what comes later by so much does not come for so long
        yield from _shut(ways.rides(one.element), begin, begin + one.value * 60.0)


def _shut(links: Iterable[Link], begin: float, end: float) -> Iterator[Change]:
    for link in links:
        yield Change(begin, link.id, Field.OPEN, 0.0)
        yield Change(end, link.id, Field.OPEN, 1.0)


def dry_share(mm_an_hour: float) -> float:
    """Speed and flow in the open against those of a dry day."""
    return max(1 - SLOWER_A_MM * mm_an_hour, SLOWEST)


def _rain(ways: _Ways, one: Happening) -> Iterator[Change]:
    share = dry_share(one.value)
    for link in (part for id in sorted(ways.ready.open_air) for part in ways.of(id)):
        curve = ways.network.diagram_of(link)
        speed = link.free_speed_m_s or curve.free_speed_m_s
        flow = link.capacity_p_s or curve.capacity_p_m_s * speed / curve.free_speed_m_s * link.width_m
        for field, value in ((Field.SPEED, speed), (Field.CAPACITY, flow)):
            yield Change(second_of(one.from_min), link.id, field, value * share)
            yield Change(second_of(one.to_min), link.id, field, math.nan)


def _done(ways: _Ways, one: Measure, where: str) -> Iterator[Change]:
    begin, end = second_of(one.from_min), second_of(one.to_min)
    if one.kind is Does.WAY_CLOSED:
        yield from _shut(ways.of(one.element), begin, end)
    elif one.kind is Does.ONE_WAY:
        yield from _one_way(ways, one, where)
    elif one.kind is Does.INFLOW:
        yield from _let_through(ways.doors_of(one.element), one.value, begin, end)
    elif one.kind is Does.RELEASE:
        for hall in ways.halls(one.element, where):
            yield from _let_through(ways.walked_at(hall), one.value, begin, end)


def _let_through(doors: Sequence[Link], a_minute: float, begin: float, end: float) -> Iterator[Change]:
    """So many by all of them together, in proportion to what they take."""
    whole = sum(link.capacity_p_s or link.width_m for link in doors)
    for link in doors:
        share = (link.capacity_p_s or link.width_m) / whole
        yield Change(begin, link.id, Field.CAPACITY, max(a_minute / 60.0 * share, 1e-3))
        yield Change(end, link.id, Field.CAPACITY, math.nan)


def _one_way(ways: _Ways, one: Measure, where: str) -> Iterator[Change]:
    begin, end = second_of(one.from_min), second_of(one.to_min)
    parts = ways.of(one.element)
    ends = {parts[0].start, parts[0].end} if parts else set()
    if one.other not in ends or not parts[0].twoway:
        allowed = f"an end of a way that is walked both ways: {', '.join(sorted(ends))}"
        raise BadFile(f"{where}, one_way of {one.element!r}, other: {one.other!r}; allowed: {allowed}")
    towards = -1.0 if parts[0].start == one.other else 1.0
    yield Change(begin, one.element, Field.DIRECTION, towards)
    yield Change(end, one.element, Field.DIRECTION, 0.0)
