"""Which way somebody takes onward, by the tables that hold now."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner
from tminus.engines.crowd.random_numbers import uniform

# mypy: disable-error-code="no-untyped-def"

ADVICE, CHOICE = 1, 2
"""What a random number is drawn for."""


@inner
def way_on(net, s, agent, node):
    """The way ``agent`` takes from ``node``, −1: there is none."""
    a = s.agents[agent]
    table = 0
    if net.ways.shape[0] > 1 and uniform(net.seed, agent, 0, 0, ADVICE) < net.advised:
        table = 1
    way = net.ways[table, a.target, node]
    if net.others.shape[0] > table and way >= 0:
        other = net.others[table, a.target, node]
        if other >= 0 and uniform(net.seed, agent, a.leg, node, CHOICE) >= net.firsts[table, a.target, node]:
            return other
    return way
