"""Summaries as instants: a gate in, a gate out, and, where others count from its start, where the first begins.

Nothing under a summary begins before its gate in; it is finished when its gate out is. Where the first of a summary
begins is the *least* of several starts, all other instants are the greatest of what is asked of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from tminus.engines.schedule.ends import Ends
from tminus.engines.schedule.model import LinkKind, Plan, TaskKind
from tminus.engines.schedule.passes import FIRST

Gates = dict[str, tuple[int, ...]]
"""Summary → gate in, gate out and, where it has one, its opening."""


def add_gates(plan: Plan, index: Mapping[str, int], ends: Ends) -> Gates:
    """Gates of every summary that is linked, dated or constrained, numbered from ``len(index)`` on."""
    linked = _linked(plan)
    gates: Gates = {}
    nearest: dict[str | None, str | None] = {None: None}  # the closest gated summary at or above
    for task in plan.tasks:
        above = nearest.get(task.parent)
        if task.kind is TaskKind.SUMMARY:
            needed = task.id in linked or task.constraints or task.deadline
            if needed:
                into = len(index) + 2 * len(gates)
                gates[task.id] = (into, into + 1)
                _hang(gates, above, into, into + 1, ends)
                ends.add(into, into + 1)
            nearest[task.id] = task.id if needed else above
        elif task.id in index:
            _hang(gates, above, index[task.id], index[task.id], ends)
    return gates


def _linked(plan: Plan) -> set[str]:
    """Everything a link names; none where no summary could be among it."""
    if all(task.kind is not TaskKind.SUMMARY for task in plan.tasks):
        return set()
    return {link.pred for link in plan.links} | {link.succ for link in plan.links}


def _hang(gates: Gates, above: str | None, start: int, finish: int, ends: Ends) -> None:
    if above is not None:
        ends.add(gates[above][0], start)
        ends.add(finish, gates[above][1])


def add_openings(plan: Plan, index: Mapping[str, int], gates: Gates) -> list[str]:
    """Give each summary that another counts from the start of an opening; in the order of their numbers."""
    counted = [link.pred for link in plan.links if link.kind in (LinkKind.SS, LinkKind.SF) and link.pred in gates]
    opened = list(dict.fromkeys(counted))
    first = len(index) + 2 * len(gates)
    for number, id in enumerate(opened):
        gates[id] = (*gates[id], first + number)
    return opened


def tie_openings(plan: Plan, index: Mapping[str, int], gates: Gates, opened: list[str], ends: Ends) -> None:
    """Tie each opening to what stands under its summary, once all other links are known.

    What itself waits for the opening is not the first to begin, and is left out, unless nothing else is there.
    """
    under = _leaves_under(plan, index, opened)
    for id in opened:
        opening = gates[id][2]
        waiting = ends.reached_from(opening)
        for leaf in [leaf for leaf in under[id] if leaf not in waiting] or under[id]:
            ends.add(leaf, opening, FIRST)
        if not under[id]:
            ends.add(gates[id][0], opening)


def _leaves_under(plan: Plan, index: Mapping[str, int], wanted: list[str]) -> dict[str, list[int]]:
    under: dict[str, list[int]] = {id: [] for id in wanted}
    if not wanted:
        return under
    parent = {task.id: task.parent for task in plan.tasks}
    for id, number in index.items():
        above = parent[id]
        while above is not None:
            if above in under:
                under[above].append(number)
            above = parent.get(above)
    return under
