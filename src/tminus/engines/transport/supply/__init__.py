"""Taxi and park-and-ride supply: vehicles of round-trip fleets and spaces, so that few wait long.

>>> plan = plan_supply(paths, 15, 600, params)                          # doctest: +SKIP
>>> parties = parties_of(paths, 15, params.party)                       # doctest: +SKIP
>>> simulate_supply(parties, 15, plan.vehicles, params).mean_wait_min   # doctest: +SKIP
"""

from tminus.engines.transport.supply.difference import changed_vehicles
from tminus.engines.transport.supply.erlang import (
    blocked,
    delayed,
    least_servers,
    least_spaces,
    mean_wait_min,
    waits_longer,
)
from tminus.engines.transport.supply.plan import SupplyParams, SupplyPlan, plan_supply, run_day
from tminus.engines.transport.supply.policies import called_as_queues_grow, same_all_day
from tminus.engines.transport.supply.simulate import SupplyDay, parties_of, simulate_supply
from tminus.engines.transport.supply.spaces import spaces_needed

__all__ = [
    "SupplyDay",
    "SupplyParams",
    "SupplyPlan",
    "blocked",
    "called_as_queues_grow",
    "changed_vehicles",
    "delayed",
    "least_servers",
    "least_spaces",
    "mean_wait_min",
    "parties_of",
    "plan_supply",
    "run_day",
    "same_all_day",
    "simulate_supply",
    "spaces_needed",
    "waits_longer",
]
