"""Taxi and park-and-ride supply: vehicles of round-trip fleets and spaces, so that few wait long."""

from tminus.engines.transport.supply.erlang import (
    blocked,
    delayed,
    least_servers,
    least_spaces,
    mean_wait_min,
    waits_longer,
)
from tminus.engines.transport.supply.plan import SupplyParams, SupplyPlan, plan_supply, run_day, spaces_needed

__all__ = [
    "SupplyParams",
    "SupplyPlan",
    "blocked",
    "delayed",
    "least_servers",
    "least_spaces",
    "mean_wait_min",
    "plan_supply",
    "run_day",
    "spaces_needed",
    "waits_longer",
]
