"""Which person with the skill does which share of a task; people stay where they are as long as they can."""

from __future__ import annotations

from dataclasses import dataclass

from tminus.engines.schedule.levelling.asked import SCALE
from tminus.engines.schedule.levelling.capacity import on_shift, units_over
from tminus.engines.schedule.levelling.decode import Placed
from tminus.engines.schedule.levelling.histogram import slots_between
from tminus.engines.schedule.levelling.levelled import Turn
from tminus.engines.schedule.levelling.problem import Problem, at_instant
from tminus.engines.schedule.levelling.resources import Supply

Share = tuple[str, str, int]
"""Task, skill, and which of the persons asked for."""


@dataclass(slots=True)
class _Open:
    person: str
    since: int
    last: int


def turns_of(problem: Problem, placed: Placed) -> tuple[Turn, ...]:
    """Turns in order of time; empty where nobody asks for a skill."""
    active = _shares(problem, placed)
    if not active:
        return ()
    people = _people(problem)
    now: dict[Share, _Open] = {}
    turns: list[Turn] = []
    for slot in sorted(active):
        present = {person.id for person, there in people if there[slot] > 0}
        served = _serve(active[slot], {share: one.person for share, one in now.items()}, people, present)
        for share, person in served.items():
            one = now.get(share)
            if one is not None and one.person == person:
                one.last = slot
                continue
            if one is not None:
                turns.append(_turn(problem, share, one))
            now[share] = _Open(person, slot, slot)
    turns += [_turn(problem, share, one) for share, one in now.items()]
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.task, turn.skill, turn.person)))


def _shares(problem: Problem, placed: Placed) -> dict[int, list[Share]]:
    """Slot → shares that need a person in it."""
    skills = problem.resources.skills()
    found: dict[int, list[Share]] = {}
    for number, task in enumerate(problem.network.tasks):
        p = int(problem.network.place[number])
        option = int(placed.choice.option[p])
        way = problem.options.way[option]
        wanted = {} if way is None else {name: units for name, units in way.needs.items() if name in skills}
        if not wanted or placed.finish[p] <= placed.start[p]:
            continue
        c = int(problem.options.calendar[option])
        for slot in slots_between(problem, c, int(placed.start[p]), int(placed.finish[p])):
            found.setdefault(int(slot), []).extend(
                (task.id, name, k) for name, units in wanted.items() for k in range(round(units))
            )
    return found


def _people(problem: Problem) -> list[tuple[Supply, list[int]]]:
    """Persons with skills, and how many of each there are in each slot."""
    known = {**problem.resources.calendars, **problem.network.plan.calendars}
    found = []
    for supply in problem.resources.supplies:
        if supply.skills:
            there = units_over(supply, problem.slots, extra=True) // SCALE
            if supply.calendar is not None:
                there = there * on_shift(known[supply.calendar], problem.network.time, problem.slots)
            found.append((supply, there.tolist()))
    return found


def _serve(
    shares: list[Share], before: dict[Share, str], people: list[tuple[Supply, list[int]]], present: set[str]
) -> dict[Share, str]:
    """A person for each share, the same as before where that can be (augmenting paths from there)."""
    able = {skill: [one.id for one, _ in people if skill in one.skills and one.id in present] for _, skill, _ in shares}
    taken: dict[str, Share] = {}
    for share in shares:
        person = before.get(share)
        if person in present and person not in taken:
            taken[person] = share
    kept = set(taken.values())

    def find(share: Share, tried: set[str]) -> bool:
        for person in able[share[1]]:
            if person not in tried:
                tried.add(person)
                if person not in taken or find(taken[person], tried):
                    taken[person] = share
                    return True
        return False

    for share in shares:
        if share not in kept:
            find(share, set())
    return {share: person for person, share in taken.items()}


def _turn(problem: Problem, share: Share, one: _Open) -> Turn:
    at = problem.slots.at
    finish = int(at[one.last]) + problem.slots.minutes
    return Turn(share[0], share[1], one.person, at_instant(int(at[one.since])), at_instant(finish))
