"""Who has to get out and by which exits, checked and as arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from tminus.engines.crowd.evacuation.ways import Floats, Ints, Ways, nearest, ways_of
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError

MOST_PERSONS = 10_000_000


class InfeasiblePlan(CrowdError):
    """Not everybody can get out, or not in the time allowed; ``cut`` names what stands in the way."""

    def __init__(self, message: str, cut: tuple[str, ...]) -> None:
        shown = "; ".join(cut[:3]) + (f" (and {len(cut) - 3} more)" if len(cut) > 3 else "")
        super().__init__(f"{message}: {shown}" if shown else message)
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Instance:
    """One evacuation.

    :param persons: [node] who is there at the beginning. ``exits``: positions of nodes.
    :param to_exit_s: [node] seconds of the shortest walk to an exit, alone.
    """

    ways: Ways
    persons: Ints
    exits: Ints
    to_exit_s: Floats

    @property
    def origins(self) -> Ints:
        """Nodes with people, exits apart: who stands at one is out."""
        away = self.persons.copy()
        away[self.exits] = 0
        return np.flatnonzero(away)

    @property
    def total(self) -> int:
        """Persons away from every exit."""
        return int(self.persons[self.origins].sum())


def instance_of(
    network: Network,
    people: Mapping[str, int],
    exits: Collection[str] | None = None,
    closed: Collection[str] = (),
) -> Instance:
    """The checked instance; ``exits`` default to the nodes of that kind; links ``closed`` are not walked.

    :raises CrowdError: a place that is not there, a number that is no number of persons, no exit.
    :raises InfeasiblePlan: people with no way to any exit.
    """
    at = {node.id: n for n, node in enumerate(network.nodes)}
    named = [n.id for n in network.nodes if n.kind is NodeKind.EXIT] if exits is None else list(exits)
    if not named:
        raise CrowdError("no exit; allowed: nodes of kind exit, or exits named")
    for what, places in (("exit", named), ("people", people)):
        if unknown := [one for one in places if one not in at]:
            raise CrowdError(f"{what} at {unknown[0]!r}: not a node of the network")
    persons = np.zeros(len(at), np.int64)
    for place, count in people.items():
        persons[at[place]] = _whole(place, count)
    ways = ways_of(network, closed)
    out = np.array(sorted({at[one] for one in named}), np.int64)
    found = Instance(ways, persons, out, nearest(len(at), ways.start, ways.end, ways.travel_s, out))
    _all_reach(found)
    return found


def _whole(place: str, count: float) -> int:
    if not (0 <= count <= MOST_PERSONS and count == int(count)):
        raise CrowdError(f"people at {place!r}: {count:g}; allowed: a whole number from 0 to {MOST_PERSONS:,}")
    return int(count)


def _all_reach(instance: Instance) -> None:
    """:raises InfeasiblePlan: somebody has no way; named: the places nobody can leave, by number of persons."""
    lost = [n for n in instance.origins if not np.isfinite(instance.to_exit_s[n])]
    if lost:
        lost.sort(key=lambda n: -instance.persons[n])
        total = int(instance.persons[lost].sum())
        names = tuple(f"no way from {instance.ways.nodes[n]!r} ({instance.persons[n]:,} persons)" for n in lost)
        raise InfeasiblePlan(f"{total:,} of {instance.total:,} persons reach no exit", names)
