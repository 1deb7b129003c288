"""Simulate a day: agent by agent, or as a fluid where speed counts more than single people."""

from __future__ import annotations

from typing import Literal

from tminus.engines.crowd.agents.simulation import Told, simulate_agents
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.fluid.simulation import simulate_fluid
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Scenario

Engine = Literal["agents", "fluid"]


def simulate(
    scenario: Scenario,
    *,
    seed: int = 0,
    until_s: float | None = None,
    engine: Engine = "agents",
    on_progress: Told | None = None,
) -> DayResult:
    """The day of ``scenario`` up to ``until_s`` seconds after its start, or until nothing is left to happen.

    :param seed: of everything the agents draw at random: service times, who follows advice. A fluid draws nothing.
    :raises CrowdError: what cannot be simulated.
    """
    if engine == "agents":
        return simulate_agents(scenario, seed=seed, until_s=until_s, on_progress=on_progress)
    if engine == "fluid":
        return simulate_fluid(scenario, until_s=until_s, on_progress=on_progress)
    raise CrowdError(f"engine {engine!r}; allowed: agents, fluid")
