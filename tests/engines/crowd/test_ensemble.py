"""An ensemble is the same whatever runs it."""

from __future__ import annotations

import itertools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.ensemble import run_many
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import GateShift, Scenario


def kept(result: DayResult) -> bytes:
    """What every person lost, to the last bit."""
    return result.lost_s.tobytes() + result.arrived_s.tobytes()


def _day() -> Scenario:
    network = Network(
        (Node("a"), Node("gate"), Node("b")), (Link("1", "a", "gate", 30, 3), Link("2", "gate", "b", 30, 3))
    )
    demand = Demand.of([Trip(float(n), "a", (Leg("b"),)) for n in range(120)])
    return Scenario(network, demand, (GateShift("gate", 0, 3600, 2, 2.5, 0.8),))


def test_processes_and_threads_give_the_same_bytes_in_the_order_of_the_seeds():
    day, seeds = _day(), [4, 0, 9]
    alone = run_many(day, seeds, kept)
    assert [one.seed for one in alone] == seeds and len({one.kept for one in alone}) == 3
    with ThreadPoolExecutor(2) as threads:
        assert run_many(day, seeds, kept, map=threads.map) == alone
    with ProcessPoolExecutor(2) as processes:
        assert run_many(day, seeds, kept, map=processes.map) == alone


def test_a_clock_is_handed_in():
    clock = itertools.count(0.0, 2.5)
    found = run_many(_day(), [0, 1], lambda day: day.arrived, clock=lambda: next(clock), until_s=60.0)
    assert [one.elapsed_s for one in found] == [2.5, 2.5]
    assert all(0 < one.kept < 120 for one in found)


def test_seeds_differ_by_what_is_drawn_and_nothing_else():
    first, second = (one.kept for one in run_many(_day(), [0, 1], lambda day: day))
    assert first.agents == second.agents and first.link_moves == second.link_moves
    assert not np.array_equal(first.lost_s, second.lost_s)
