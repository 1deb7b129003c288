"""Earliest arrival on 200 places, 760 ways: the plan, the quickest time, and OR-Tools on the plain expansion.

``python benchmarks/crowd/evacuation.py [--rounds 3] [--wider 6] [--big | --assigned]``: synthetic (seed 1): places at
random in a square, ways between near ones, 60 origins with 200 … 500 persons, 6 exits, walks of 1 … 4 steps of 5 s,
20 … 80 persons a step (times ``--wider``). The peer is minimal-cost flow with cost = arrival step over 200 steps.
Processor seconds of one thread, in turn. ``--big``: 1,000 places and 100,000 persons, by steps. ``--assigned``: the 200
places with an exit drawn for every origin (seed 1), with forty families of 2 … 5 each (seed 2), and with both.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.sparse.csgraph import minimum_spanning_tree

from tminus.engines.crowd.evacuation import Party, instance_of, plan_assigned, plan_evacuation, quickest_s
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link, Network, Node

STEP_S, LAST = 5.0, 200


def made_up(
    places: int, ways: int, origins: int, exits: int, seed: int = 1, wider: int = 1
) -> tuple[Network, dict[str, int]]:
    """A connected network of two-way corridors and who is where."""
    rng = np.random.default_rng(seed)
    at = rng.random((places, 2))
    apart = np.linalg.norm(at[:, None] - at[None], axis=2)
    tree = minimum_spanning_tree(apart + 1e-9).tocoo()
    pairs = {(min(a, b), max(a, b)) for a, b in zip(tree.row.tolist(), tree.col.tolist(), strict=True)}
    near = sorted(zip(*np.triu_indices(places, 1), strict=True), key=lambda pair: apart[pair])
    for a, b in near:
        if len(pairs) >= ways // 2:
            break
        pairs.add((int(a), int(b)))
    steps, capacity = rng.integers(1, 5, len(pairs)), rng.integers(20, 80, len(pairs)) * wider
    drawn = rng.permutation(places)
    away, out = drawn[:origins], set(drawn[origins : origins + exits].tolist())
    nodes = tuple(Node(f"n{n}", NodeKind.EXIT if n in out else NodeKind.JUNCTION) for n in range(places))
    links = tuple(
        Link(f"w{n}", f"n{a}", f"n{b}", 1.34 * STEP_S * k, 1.0, capacity_p_s=c / STEP_S, twoway=True)
        for n, ((a, b), k, c) in enumerate(zip(sorted(pairs), steps.tolist(), capacity.tolist(), strict=True))
    )
    return Network(nodes, links), {f"n{n}": int(rng.integers(200, 500)) for n in away}


def plain(network: Network, people: dict[str, int]) -> float:
    """Mean arrival step by minimal-cost flow over all copies of all places."""
    count, last = len(network.nodes), LAST
    number = {node.id: n for n, node in enumerate(network.nodes)}
    tail, head, capacity = [np.arange(count * last)], [np.arange(count * last) + count], [np.full(count * last, 10**7)]
    for link in network.links:
        walk = round(link.length_m / 1.34 / STEP_S)
        steps = np.arange(last + 1 - walk)
        for a, b in ((link.start, link.end), (link.end, link.start)):
            tail.append(steps * count + number[a])
            head.append((steps + walk) * count + number[b])
            capacity.append(np.full(len(steps), round((link.capacity_p_s or 0) * STEP_S)))
    source = count * (last + 1)
    exits = [number[n.id] for n in network.nodes if n.kind is NodeKind.EXIT]
    copies = (np.arange(last + 1)[:, None] * count + exits).ravel()
    tail += [np.full(len(people), source), copies]
    head += [np.array([number[p] for p in people]), np.full(len(copies), source + 1)]
    capacity += [np.array(list(people.values())), np.full(len(copies), 10**7)]
    cost = np.zeros(sum(map(len, tail)), np.int64)
    cost[-len(copies) :] = np.repeat(np.arange(last + 1), len(exits))
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = [np.concatenate(part) for part in (tail, head, capacity)]
    flow.add_arcs_with_capacity_and_unit_cost(*arcs, cost)
    total = sum(people.values())
    flow.set_node_supply(source, total)
    flow.set_node_supply(source + 1, -total)
    assert flow.solve() == flow.OPTIMAL
    print(f"  plain: {source + 2:,} copies, {len(arcs[0]):,} arcs")
    return flow.optimal_cost() / total


def timed(what: Callable[[], object]) -> tuple[float, float, object]:
    """Processor seconds, seconds by the clock, the answer."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = what()
    return time.process_time() - cpu, time.perf_counter() - wall, answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--big", action="store_true")
    parser.add_argument("--assigned", action="store_true")
    parser.add_argument("--wider", type=int, default=1, help="times the capacity")
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}")
    if given.big:
        return big()
    if given.assigned:
        return assigned(given.wider)
    network, people = made_up(200, 760, 60, 6, wider=given.wider)
    instance = instance_of(network, people)
    plan_evacuation(network, people, step_s=60)  # compiles
    spent: dict[str, list[float]] = {"earliest arrival": [], "quickest time": [], "plain": []}
    for _ in range(given.rounds):
        cpu, _, plan = timed(lambda: plan_evacuation(network, people, step_s=STEP_S))
        spent["earliest arrival"].append(cpu)
        spent["quickest time"].append(timed(lambda: quickest_s(instance, STEP_S))[0])
        cpu, _, mean = timed(lambda: plain(network, people))
        spent["plain"].append(cpu)
        print(f"  {instance.total:,} persons: mean step {plan.mean_s / STEP_S - 1:.4f}, plain {mean:.4f};", end=" ")
        print(f"planned {plan.planned_s:g} s, bound {plan.bound_s:g} s; {plan.seconds}")
    for name, seconds in spent.items():
        print(f"{name:>18}: {median(seconds):.3f} s ({', '.join(f'{s:.3f}' for s in seconds)})")
    return None


def big() -> None:
    """1,000 places and 100,000 persons: what a longer step costs in time and saves in seconds."""
    network, people = made_up(1000, 3600, 250, 12)
    people = dict.fromkeys(people, 400)
    for step in (20.0, 30.0, 60.0):
        cpu, wall, plan = timed(lambda step=step: plan_evacuation(network, people, step_s=step))
        print(f"step {step:g} s: planned {plan.planned_s:g} s, bound {plan.bound_s:g} s, {cpu:.2f} s ({wall:.2f})")


def assigned(wider: int) -> None:
    """What exits drawn by lot and families cost, against free choice."""
    network, people = made_up(200, 760, 60, 6, wider=wider)
    exits = [node.id for node in network.nodes if node.kind is NodeKind.EXIT]
    plan_assigned(network, [Party(node, 9) for node in people], step_s=60)  # compiles
    for families in (False, True):
        for lots in (False, True):
            lot, size_of = np.random.default_rng(1), np.random.default_rng(2)
            parties = []
            for node, count in people.items():
                exit = (exits[int(lot.integers(len(exits)))],) if lots else ()
                sizes = size_of.integers(2, 6, 40) if families else np.zeros(0, int)
                parties += [Party(node, int(size), exit, f"{node} {n}") for n, size in enumerate(sizes)]
                parties.append(Party(node, count - int(sizes.sum()), exit))
            cpu, _, found = timed(lambda parties=parties: plan_assigned(network, parties, step_s=STEP_S))
            words = f"{'exits by lot' if lots else 'any exit'}, {'families' if families else 'singly'}"
            plan = found.plan
            print(f"{words}: planned {plan.planned_s:g} s, bound {plan.bound_s:g} s, gap {plan.gap:.1%},", end=" ")
            print(f"free choice {found.free.planned_s:g} s, {found.added} added, {cpu:.2f} s")


if __name__ == "__main__":
    main()
