"""Waiting for one of many servers: A. K. Erlang's formulae of 1917, by the recursion that never overflows."""

from __future__ import annotations

from math import exp

from scipy.special import pdtr

from tminus.engines.transport.errors import TransportError


def blocked(load: float, servers: int) -> float:
    """Erlang B: share of arrivals that find all servers busy where nobody waits; ``load`` in servers (rate × time)."""
    share = 1.0
    for number in range(1, servers + 1):
        share = load * share / (number + load * share)
    return share if servers else 1.0


def delayed(load: float, servers: int) -> float:
    """Erlang C: share of arrivals that wait at all; 1 where the load is not below the servers."""
    if servers <= load:
        return 1.0
    lost = blocked(load, servers)
    return lost / (1 - load / servers * (1 - lost))


def waits_longer(load: float, servers: int, service_min: float, target_min: float) -> float:
    """Share of arrivals that wait longer than ``target_min``: first come, first served; exponential service."""
    if servers <= load:
        return 1.0
    return delayed(load, servers) * exp(-(servers - load) * target_min / service_min)


def mean_wait_min(load: float, servers: int, service_min: float) -> float:
    """Of all arrivals; infinite where the load is not below the servers."""
    return delayed(load, servers) * service_min / (servers - load) if servers > load else float("inf")


def least_servers(load: float, service_min: float, target_min: float, level: float) -> int:
    """The fewest servers with which at least ``level`` of arrivals wait no longer than ``target_min``.

    :raises TransportError: figures that cannot be.
    """
    if not 0 <= load < 1e6 or not service_min > 0 or not target_min >= 0 or not 0 < level < 1:
        raise TransportError(
            f"load {load}, service {service_min} min, target {target_min} min, level {level};"
            " allowed: 0 … 1,000,000, above 0, at least 0, between 0 and 1"
        )
    servers = int(load) + 1 if load else 0
    while load and waits_longer(load, servers, service_min, target_min) > 1 - level:
        servers += 1
    return servers


def least_spaces(mean: float, level: float) -> int:
    """The fewest spaces that a Poisson number of cars with this mean fits into with probability ``level``."""
    spaces = int(mean)
    while pdtr(spaces, mean) < level:
        spaces += 1
    return spaces
