"""Who may leave by which exits, and who stays together: people as parties, and as classes of equal exits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tminus.engines.crowd.evacuation.instance import InfeasiblePlan, Instance, instance_of
from tminus.engines.crowd.evacuation.ways import Ints, nearest
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError

MOST_CLASSES = 500


@dataclass(frozen=True, slots=True)
class Party:
    """``persons`` at ``node`` who leave by one of ``exits`` (none named: by any).

    With a ``group`` they stay together: one exit, one way, and they set out at once.
    """

    node: str
    persons: int
    exits: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class ExitClass:
    """Everybody who may leave by just these exits.

    :param exits: positions of nodes. ``persons``: [node], nobody at exits.
    :param families: by node, names and sizes of the groups that stay together.
    """

    exits: Ints
    persons: Ints
    families: Mapping[int, tuple[tuple[str, int], ...]]

    @property
    def total(self) -> int:
        """Persons to be brought out."""
        return int(self.persons.sum())


def classes_of(
    network: Network, parties: Sequence[Party], exits: Collection[str] | None, closed: Collection[str]
) -> tuple[Instance, tuple[ExitClass, ...]]:
    """Everybody with every exit as one instance, and the classes; who stands at an exit is out.

    :param exits: that people may take of whom nothing is said; default: nodes of that kind.
    :raises CrowdError: a place that is not there, a number that is no number of persons, a group at two places.
    :raises InfeasiblePlan: people with no way to any of their exits.
    """
    people: dict[str, int] = {}
    for party in parties:
        people[party.node] = people.get(party.node, 0) + party.persons
    anybodys = [node.id for node in network.nodes if node.kind is NodeKind.EXIT] if exits is None else list(exits)
    if any(not party.exits for party in parties) and not anybodys:
        raise CrowdError("no exit for people of whom none is said; allowed: nodes of kind exit, or exits named")
    everything = dict.fromkeys([*anybodys, *(one for party in parties for one in party.exits)])
    instance = instance_of(network, people, tuple(everything), closed)
    return instance, _classes(instance, parties, anybodys)


def _classes(instance: Instance, parties: Iterable[Party], anybodys: Sequence[str]) -> tuple[ExitClass, ...]:
    at = {name: n for n, name in enumerate(instance.ways.nodes)}
    out = set(instance.exits.tolist())
    by_exits: dict[tuple[int, ...], list[Party]] = {}
    stands: dict[str, str] = {}
    for party in parties:
        if party.group and stands.setdefault(party.group, party.node) != party.node:
            raise CrowdError(
                f"group {party.group!r} stands at {stands[party.group]!r} and at {party.node!r}; "
                "allowed: one node a group"
            )
        if at[party.node] not in out and party.persons:
            key = tuple(sorted({at[one] for one in party.exits or anybodys}))
            by_exits.setdefault(key, []).append(party)
    if len(by_exits) > MOST_CLASSES:
        raise CrowdError(f"{len(by_exits):,} different sets of exits; allowed: at most {MOST_CLASSES}")
    found = tuple(_class(key, mine, at) for key, mine in sorted(by_exits.items()))
    for one in found:
        _all_reach(instance, one)
    return found


def _class(exits: tuple[int, ...], parties: Sequence[Party], at: Mapping[str, int]) -> ExitClass:
    persons = np.zeros(len(at), np.int64)
    sizes: dict[tuple[int, str], int] = {}
    for party in parties:
        persons[at[party.node]] += party.persons
        if party.group:
            key = at[party.node], party.group
            sizes[key] = sizes.get(key, 0) + party.persons
    families: dict[int, list[tuple[str, int]]] = {}
    for (node, group), size in sorted(sizes.items()):
        families.setdefault(node, []).append((group, size))
    return ExitClass(np.array(exits, np.int64), persons, {node: tuple(of) for node, of in families.items()})


def _all_reach(instance: Instance, of: ExitClass) -> None:
    """:raises InfeasiblePlan: from some places no way leads to an exit of theirs; the places are named."""
    ways = instance.ways
    apart = nearest(len(ways.nodes), ways.start, ways.end, ways.travel_s, of.exits)
    lost = [n for n in np.flatnonzero(of.persons) if not np.isfinite(apart[n])]
    if lost:
        lost.sort(key=lambda n: -of.persons[n])
        to = " or ".join(repr(ways.nodes[n]) for n in of.exits[:3]) + (" …" if len(of.exits) > 3 else "")
        names = tuple(f"no way from {ways.nodes[n]!r} to {to} ({of.persons[n]:,} persons)" for n in lost)
        total = int(of.persons[lost].sum())
        raise InfeasiblePlan(f"{total:,} of {instance.total:,} persons reach none of their exits", names)


def together(instance: Instance, classes: Iterable[ExitClass], exits: Ints) -> Instance:
    """The people of ``classes`` as if they might all leave by any of ``exits``, and pass all others."""
    ways = instance.ways
    persons = np.sum([one.persons for one in classes], axis=0)
    to_exit = nearest(len(ways.nodes), ways.start, ways.end, ways.travel_s, exits)
    return replace(instance, persons=persons, exits=exits, to_exit_s=to_exit)
