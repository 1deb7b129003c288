"""From a day forecast to people with plans: when each sets off, by which gate, to which halls, until when, and home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.demand import Demand
from tminus.engines.forecast.arrivals import ArrivalParams, SiteDay
from tminus.engines.forecast.arrivals.staying import stay_kernel
from tminus.engines.forecast.arrivals.ways import hall_weights
from tminus.studies.gates_two_sided import way_out_of
from tminus.studies.sent_elsewhere import Sent, sent_on

HALL_MIN = 75.0
"""Minutes about a hall takes: who stays five hours sees about four halls."""
MOST_HALLS = 5
FAR_PER_MIN = 0.08
"""How much less a hall draws for every minute it is farther from the gate one came in by: half at nine minutes."""
LEAST_STAY_MIN = 20.0
SENT_DRAW = 1
"""Who follows when sent to another gate is drawn apart from everything else."""
IN_HALLS = 0.6
"""Share of the stay spent in halls; the rest goes on walking, plazas and catering."""


@dataclass(frozen=True)
class People:
    """Arrays [person]: audience, way in, way out (places in the day's ways), minutes after midnight."""

    audience: NDArray[np.int64]
    way: NDArray[np.int64]
    way_out: NDArray[np.int64]
    arrive_min: NDArray[np.float64]
    leave_min: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.audience)


def people_of(day: SiteDay, sample: int, random: np.random.Generator, params: ArrivalParams | None = None) -> People:
    """Everybody of one sample path; who arrives in a slot does so at any minute of it."""
    counts = np.asarray(day.arrivals[sample]).astype(np.int64)  # [audience, way, slot]
    audience, way, slot = (
        np.repeat(part, counts.ravel()) for part in (axis.ravel() for axis in np.indices(counts.shape))
    )
    arrive = day.grid.starts[slot] + day.grid.slot_minutes * random.random(len(slot))
    leave, out = np.zeros(len(slot)), np.zeros(len(slot), np.int64)
    for k, one in enumerate(day.site.audiences):
        kernel = stay_kernel(day.site, one, day.grid, params or ArrivalParams(), float(day.stay[sample]))
        mine = np.nonzero(audience == k)[0]
        leave[mine] = _leaving(day, kernel, slot[mine], random)
        out[mine] = _ways_back(way[mine], _shares(day.way_out[sample, k]), random)
    return People(audience, way, out, arrive, np.maximum(leave, arrive + LEAST_STAY_MIN))


def _shares(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(weight.sum())
    return weight / total if total > 0 else np.full(len(weight), 1.0 / len(weight))


def _ways_back(way: NDArray[np.int64], share: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.int64]:
    """[person] ways out in the shares forecast, for as many as these allow the way they came."""
    came = np.bincount(way, minlength=len(share)) / max(len(way), 1)
    same = np.minimum(came, share)
    keeps = random.random(len(way)) * came[way] < same[way]
    rest = share - same
    if not rest.sum() > 0:
        return way
    others = random.choice(len(share), len(way), p=rest / rest.sum())
    return np.where(keeps, way, others)


def _leaving(
    day: SiteDay, kernel: NDArray[np.float64], slot: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.float64]:
    cumulated = np.cumsum(kernel, axis=1)
    drawn = random.random(len(slot))
    left = np.array([0], np.int64).repeat(len(slot))
    for s in np.unique(slot):
        mine = slot == s
        left[mine] = np.searchsorted(cumulated[s], drawn[mine] * cumulated[s, -1], side="right")
    last = day.grid.slots - 1
    return day.grid.starts[np.minimum(left, last)] + day.grid.slot_minutes * random.random(len(slot))


def demand_of(
    day: SiteDay, sample: int = 0, *, start_min: float = 300.0, seed: int = 0, sent: Sequence[Sent] = ()
) -> Demand:
    """The agents of one sample path of ``day``; second 0 is ``start_min`` minutes after midnight.

    Who comes by the origins' mode starts at a station, others where they change to their feet. Everybody goes through
    a gate, to one hall or several, stays until they leave, and goes back where they came from (or by the mode their
    way out has). Gates have a way out of their own (:func:`tminus.studies.gates_two_sided.two_sided`).

    :param sent: who is sent to another gate; everything else of everybody's plan stays as it is.
    """
    random = np.random.default_rng([seed, sample])
    people = people_of(day, sample, random)
    nodes = _Nodes(day)
    origin, travel = _origins(day, people, nodes, random)
    back = np.where(_has_origin(day)[day.ways.terminal[people.way_out]] & (origin < nodes.stations), origin, -1)
    home = np.where(back >= 0, back, nodes.terminal[day.ways.terminal[people.way_out]])
    depart = np.maximum((people.arrive_min - travel - start_min) * 60.0, 0.0)
    found = _demand(day, people, nodes, origin, home, depart, start_min, random)
    arrive = people.arrive_min[np.argsort(depart, kind="stable")]
    return sent_on(found, arrive, sent, np.random.default_rng([seed, sample, SENT_DRAW]))


class _Nodes:
    """Places of all nodes people go by: stations, terminals, gates, ways out, halls."""

    def __init__(self, day: SiteDay) -> None:
        site = day.site
        groups = (
            site.origins,
            tuple(one.id for one in site.terminals),
            tuple(one.id for one in site.gates),
            tuple(way_out_of(one.id) for one in site.gates),
            tuple(one.id for one in site.halls),
        )
        self.names = tuple(dict.fromkeys(name for group in groups for name in group))
        place = {name: n for n, name in enumerate(self.names)}
        self.stations = len(site.origins)
        _, self.terminal, self.gate, self.out, self.hall = (
            np.array([place[name] for name in group], np.int64) for group in groups
        )


def _has_origin(day: SiteDay) -> NDArray[np.bool_]:
    """[terminal] whether people come to it from stations."""
    return np.asarray(
        day.ways.origin_share.sum(axis=1) > 0 if day.site.origins else np.zeros(len(day.site.terminals)), bool
    )


def _origins(
    day: SiteDay, people: People, nodes: _Nodes, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """[person] where they set off, and minutes from there to before the gate."""
    site, terminal, gate = day.site, day.ways.terminal[people.way], day.ways.gate[people.way]
    origin = nodes.terminal[terminal].copy()
    minutes = site.walk_min[terminal, gate].copy()
    for t in np.nonzero(_has_origin(day))[0]:
        mine = np.nonzero(terminal == t)[0]
        chosen = random.choice(len(site.origins), len(mine), p=_shares(day.ways.origin_share[t]))
        origin[mine] = chosen
        if site.travel_min is not None:
            minutes[mine] += site.travel_min[chosen, t]
    return origin, minutes


def _demand(
    day: SiteDay, people: People, nodes: _Nodes, origin: NDArray[np.int64], home: NDArray[np.int64],
    depart: NDArray[np.float64], start_min: float, random: np.random.Generator,
) -> Demand:  # fmt: skip
    """Legs: the gate, the halls, the way out, home."""
    order = np.argsort(depart, kind="stable")
    stay = (people.leave_min - people.arrive_min)[order]
    halls = (
        np.clip(np.round(stay / HALL_MIN).astype(np.int64), 1, MOST_HALLS)
        if len(nodes.hall)
        else np.zeros(len(order), int)
    )
    first = np.concatenate(([0], np.cumsum(halls + 3)))
    node = np.zeros(first[-1], np.int64)
    dwell, until = np.zeros(first[-1], np.float32), np.zeros(first[-1], np.float32)
    node[first[:-1]] = nodes.gate[day.ways.gate[people.way[order]]]
    node[first[1:] - 2] = nodes.out[day.ways.gate[people.way_out[order]]]
    node[first[1:] - 1] = home[order]
    chosen = _halls(day, people.audience[order], day.ways.gate[people.way[order]], halls, random)
    for n in range(MOST_HALLS):
        some = np.nonzero(halls > n)[0]
        at = first[some] + 1 + n
        node[at] = nodes.hall[chosen[some, n]]
        dwell[at] = stay[some] * 60.0 * IN_HALLS / halls[some]
    last = np.nonzero(halls > 0)[0]
    until[first[last] + halls[last]] = (people.leave_min[order][last] - start_min) * 60.0
    dwell[first[last] + halls[last]] = 0.0
    return Demand(
        nodes=nodes.names,
        depart_s=depart[order],
        origin=origin[order].astype(np.int32),
        first_leg=first.astype(np.int64),
        leg_node=node.astype(np.int32),
        leg_dwell_s=dwell,
        leg_until_s=until,
        speed_m_s=np.full(len(order), np.nan, np.float32),
    )


def _halls(
    day: SiteDay,
    audience: NDArray[np.int64],
    gate: NDArray[np.int64],
    count: NDArray[np.int64],
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """[person, MOST_HALLS] the first ``count`` of each hold: halls by the audience's weights, rather the nearer ones.

    Nobody criss-crosses the site: halls are seen in the order of their walk from the gate one came in by.
    """
    found = np.zeros((len(audience), MOST_HALLS), np.int64)
    if not len(day.site.halls):
        return found
    nearness = np.ones((len(day.site.gates), len(day.site.halls)))
    if day.site.hall_walk_min is not None:
        nearness = np.exp(-FAR_PER_MIN * day.site.hall_walk_min)
    for k, one in enumerate(day.site.audiences):
        for g in range(len(day.site.gates)):
            mine = np.nonzero((audience == k) & (gate == g))[0]
            weight = _shares(hall_weights(day.site, one) * nearness[g])
            found[mine] = random.choice(len(day.site.halls), (len(mine), MOST_HALLS), p=weight)
    if day.site.hall_walk_min is None:
        return found
    far = day.site.hall_walk_min[gate[:, None], found]
    far = np.where(np.arange(MOST_HALLS) < count[:, None], far, np.inf)
    return np.take_along_axis(found, np.argsort(far, axis=1, kind="stable"), axis=1)
