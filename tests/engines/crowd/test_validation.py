"""What is doubtful about a network is named, element by element."""

from __future__ import annotations

from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.validation import Doubt, validate


def _nodes(*ids: str) -> tuple[Node, ...]:
    return tuple(Node(one) for one in ids)


def _link(name: str, start: str, end: str, *, length: float = 10.0, width: float = 2.0, twoway: bool = False) -> Link:
    return Link(name, start, end, length, width, twoway=twoway)


def _found(network: Network) -> dict[str, set[Doubt]]:
    found: dict[str, set[Doubt]] = {}
    for one in validate(network):
        found.setdefault(one.element, set()).add(one.kind)
    return found


def test_a_sound_network_has_no_doubts():
    ring = [_link("ab", "a", "b", twoway=True), _link("bc", "b", "c", twoway=True), _link("ca", "c", "a", twoway=True)]
    assert validate(Network(_nodes("a", "b", "c"), tuple(ring))) == []


def test_isolated_unreachable_and_dead_end_are_told_apart():
    network = Network(_nodes("alone", "source", "middle", "sink"), (
        _link("1", "source", "middle"), _link("2", "middle", "sink"),
    ))  # fmt: skip
    assert _found(network) == {"alone": {Doubt.ISOLATED}, "source": {Doubt.UNREACHABLE}, "sink": {Doubt.DEAD_END}}


def test_a_place_may_be_where_ways_end():
    hall = Node("hall", NodeKind.HALL)
    assert validate(Network((*_nodes("a"), hall), (_link("1", "a", "hall", twoway=True),))) == []


def test_a_part_of_its_own_is_named_with_its_nodes():
    network = Network(_nodes("a", "b", "c", "d", "e"), (
        _link("ab", "a", "b", twoway=True), _link("bc", "b", "c", twoway=True), _link("de", "d", "e", twoway=True),
    ))  # fmt: skip
    (problem,) = validate(network)
    assert (problem.kind, problem.element, problem.others) == (Doubt.COMPONENT, "d", ("e",))
    assert "2 nodes not joined to the other 3" in str(problem)


def test_too_narrow_or_too_short_to_walk():
    network = Network(_nodes("a", "b"), (
        _link("slit", "a", "b", width=0.3, twoway=True), _link("step", "a", "b", length=0.05, twoway=True),
    ))  # fmt: skip
    assert _found(network) == {"slit": {Doubt.ZERO_WIDTH}, "step": {Doubt.ZERO_LENGTH}}


def test_a_ride_has_no_width():
    ride = Link("r", "a", "b", 0.0, 0.0, LinkKind.RIDE, twoway=True, travel_s=60.0)
    assert validate(Network(_nodes("a", "b"), (ride,))) == []


def test_parallel_links_of_one_length_are_ambiguous():
    network = Network(_nodes("a", "b"), (
        _link("1", "a", "b", twoway=True), _link("2", "b", "a", twoway=True),
        _link("3", "a", "b", length=11, twoway=True),
    ))  # fmt: skip
    (problem,) = validate(network)
    assert (problem.kind, problem.element, problem.others) == (Doubt.PARALLEL, "2", ("1",))


def test_two_one_way_links_that_may_be_one_corridor():
    network = Network(_nodes("a", "b"), (_link("there", "a", "b"), _link("back", "b", "a")))
    (problem,) = validate(network)
    assert (problem.kind, problem.element, problem.others) == (Doubt.OPPOSED, "back", ("there",))


def test_a_node_nobody_may_enter():
    network = Network((Node("a"), Node("b", NodeKind.PLATFORM, capacity_p=0)), (_link("1", "a", "b", twoway=True),))
    assert _found(network) == {"b": {Doubt.FULL}}


def test_a_place_only_vehicles_reach_is_no_doubt():
    network = Network(_nodes("town", "a", "b"), (_link("ab", "a", "b", twoway=True),))
    assert _found(network) == {"town": {Doubt.ISOLATED}}
    assert validate(network, joined=[("town", "a"), ("a", "town")]) == []


def test_two_escalators_are_two():
    pair = (("up", "a", "b"), ("down", "b", "a"))
    links = tuple(Link(name, start, end, 10, 1, LinkKind.ESCALATOR) for name, start, end in pair)
    assert validate(Network(_nodes("a", "b"), links)) == []


def test_an_empty_network():
    assert validate(Network((), ())) == []
