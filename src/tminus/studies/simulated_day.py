"""A forecast day, simulated: forecast → people with plans → network with gates, lines and halls → the day walked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tminus.engines.crowd.network import Network
from tminus.engines.crowd.scenario import Change, GateShift, Routing, Run, Scenario
from tminus.engines.forecast.arrivals import SiteDay
from tminus.studies.activity_plans import demand_of
from tminus.studies.gates_two_sided import two_sided
from tminus.studies.sent_elsewhere import Sent

START_MIN = 300.0
"""Second 0 of a simulated day is 05:00."""

ADVISED = Routing(reactive_s=300.0, advised=0.5, gate_s=1800.0)
"""Screens and stewards: half the people look every five minutes which way is quickest; nobody goes in to get past."""


PATIENCE_S = 120.0
"""Who finds a hall full waits so long and then goes on to the next."""


def middling_sample(day: SiteDay) -> int:
    """The sample path whose number of visitors is the middle one."""
    totals = np.asarray(day.arrivals).sum(axis=(1, 2, 3))
    return int(np.argsort(totals, kind="stable")[len(totals) // 2])


def gate_shifts(day: SiteDay, cv: float = 0.5) -> tuple[GateShift, ...]:
    """Lanes as the forecast's site has them open; gates without known lanes serve nobody one by one."""
    return tuple(
        GateShift(gate.id, _second(part.begin), _second(part.end), round(part.lanes), part.service_s, cv)
        for gate in day.site.gates
        for part in gate.opened
        if part.end > START_MIN
    )


def scenario_of(
    day: SiteDay,
    network: Network,
    *,
    sample: int | None = None,
    seed: int = 0,
    runs: Sequence[Run] = (),
    changes: Sequence[Change] = (),
    gates: Sequence[GateShift] | None = None,
    routing: Routing = ADVISED,
    sent: Sequence[Sent] = (),
) -> Scenario:
    """The scenario of one sample path of ``day`` (default: the middling one) on the event's network.

    :raises CrowdError: a gate, hall or station that the network has not, or a gate that does not lead inside.
    """
    site = day.site
    walked = two_sided(network, [gate.id for gate in site.gates], [hall.id for hall in site.halls])
    chosen = middling_sample(day) if sample is None else sample
    return Scenario(
        walked,
        demand_of(day, chosen, start_min=START_MIN, seed=seed, sent=sent),
        gate_shifts(day) if gates is None else tuple(gates),
        tuple(runs),
        tuple(changes),
        routing,
        slot_s=900.0,
        patience_s=PATIENCE_S,
    )


def _second(minute: float) -> float:
    return max(minute - START_MIN, 0.0) * 60.0
