"""From gate to gate people walk by the ways, not as the crow flies."""

from __future__ import annotations

import pytest

from tminus.engines.crowd.gate_plan.walks import detours_by_ways
from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.problem import CrowdError

NET = Network(
    (Node("w", x=0), Node("m", x=50, y=100), Node("e", x=100), Node("n", x=50, y=200), Node("far", x=50, y=300)),
    (
        Link("w-m", "w", "m", 134, 3, twoway=True),
        Link("m-e", "m", "e", 67, 3),
        Link("e-m", "e", "m", 268, 3),
        Link("inside", "w", "n", 13.4, 3, twoway=True),
        Link("n-e", "n", "e", 13.4, 3, twoway=True),
        Link("bus", "e", "far", 500, kind=LinkKind.RIDE, travel_s=60, twoway=True),
    ),
)


def walks(*gates: str) -> dict[tuple[str, str], float]:
    return {(one.start, one.end): one.walk_s for one in detours_by_ways(NET, gates)}


def test_the_walk_is_that_of_the_ways_and_may_be_longer_back() -> None:
    outside = Network(NET.nodes, NET.links[:3])
    found = {(one.start, one.end): one.walk_s for one in detours_by_ways(outside, ("w", "e"))}
    assert found == {("w", "e"): pytest.approx(150), ("e", "w"): pytest.approx(300)}
    assert [(one.start, one.end) for one in detours_by_ways(outside, ("w", "e"), 200)] == [("w", "e")]


def test_nobody_is_sent_through_a_third_gate() -> None:
    assert walks("w", "e")[("w", "e")] == pytest.approx(20)
    assert walks("w", "n", "e")[("w", "e")] == pytest.approx(150)


def test_where_no_way_leads_nobody_is_sent_and_nobody_rides() -> None:
    assert ("e", "far") not in walks("w", "e", "far")
    with pytest.raises(CrowdError, match="node 'x' is not in the network"):
        detours_by_ways(NET, ("w", "x"))
