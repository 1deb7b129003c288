"""Days near the tip say so, others do not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.crowd.fluid.test_fluid import grid
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.diagram import juelich, sfpe, weidmann
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.simulate import Engine, simulate
from tminus.engines.crowd.tipping import TIP, tip_p_m2, tipping_links

NET = Network((Node("a"), Node("b")), (Link("both", "a", "b", 20, 2, twoway=True), Link("there", "a", "b", 20, 2)))


@pytest.mark.parametrize("curve", [weidmann(), sfpe(), juelich()])
def test_the_tip_lies_where_the_free_side_has_nine_tenths_of_the_greatest_flow(curve) -> None:  # type: ignore[no-untyped-def]
    at = tip_p_m2(curve)
    assert at < curve.critical_p_m2
    assert float(curve.flow_at(at)) == pytest.approx(TIP * curve.capacity_p_m_s, rel=0.01)


def told(peak: tuple[float, float], back: int) -> tuple[str, ...]:
    quiet = np.zeros((1, 2))
    outflow = np.array([[[100, back], [100, 0]], [[0, 0], [0, 0]]], np.int32)
    return tipping_links(NET, np.vstack((np.array([peak]), quiet)), outflow)


def test_only_links_walked_both_ways_tip() -> None:
    assert told((1.2, 4.0), 50) == ("both",)
    assert told((1.0, 4.0), 50) == ()
    assert told((1.2, 4.0), 4) == ()  # of a hundred, four against: hardly anybody


@pytest.mark.parametrize("engine", ["agents", "fluid"])
def test_a_busy_grid_tips_where_agents_and_fluid_part(engine: Engine) -> None:
    assert simulate(grid(8, 2.0, 12_000, 1800.0, 1), engine=engine).near_tip == ()
    tipped = simulate(grid(8, 2.0, 14_000, 1800.0, 1), engine=engine)
    assert tipped.near_tip
    order = [tipped.links.index(one) for one in tipped.near_tip]
    assert (np.diff(tipped.max_density[order]) <= 0).all()


@pytest.mark.parametrize("engine", ["agents", "fluid"])
def test_a_one_way_jam_does_not_tip(engine: Engine) -> None:
    net = Network((Node("a"), Node("m"), Node("b")), (Link("in", "a", "m", 30, 3), Link("out", "m", "b", 10, 1)))
    people = [Trip(n / 4, "a", (Leg("b"),)) for n in range(1200)]
    result = simulate(Scenario(net, Demand.of(people)), engine=engine)
    assert result.max_density.max() > 2 and result.near_tip == ()
