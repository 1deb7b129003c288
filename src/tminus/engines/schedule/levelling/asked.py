"""Who asks for what: needs by task and way of doing it, skills made into counts of people, places into counts of tasks.

Skills: at an instant people can be shared out so that each asked skill is served exactly when for every set of skills
no more people are asked for than there are who have any of them (P. Hall, On representatives of subsets, J. London
Math. Soc. 10, 1935). So every set of skills that people share becomes one row with a capacity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from tminus.engines.schedule.levelling.resources import Chooser, Mark, Mode, Resources, Site, Supply, SupplyKind
from tminus.engines.schedule.model import PlanError, Task, TaskKind

MOST_SHARED = 10
"""Skills that hang together through people who have several; every set of them is a row of its own."""

SCALE = 1000
"""Units are counted in thousandths."""

TASKS_AT, PEOPLE_AT = "tasks at ", "people at "


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing a task. ``rates``: row → thousandths while it works; ``spends``: budget → units, once."""

    id: str
    minutes: int
    rates: Mapping[str, int]
    spends: Mapping[str, float]
    needs: Mapping[str, float]
    """What was asked for, supplies and skills, in units."""
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """Something tasks share: its key, what people call it, and the supplies whose units make up its capacity."""

    key: str
    name: str
    kind: str  # "supply", "skills" or "site"
    supplies: tuple[Supply, ...] = ()
    most: float = 0.0
    """The limit of a site."""


@dataclass(slots=True)
class Asked:
    """``ways[task]``: at least one each; a task nothing is asked for has one without rates. ``marks[task]``."""

    ways: dict[str, list[Way]] = field(default_factory=dict)
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)


Needs = dict[str, float]


def asked_of(tasks: Sequence[Task], resources: Resources) -> Asked:
    """Needs, ways, marks and rows of leaf ``tasks``.

    :raises PlanError: too many skills shared by the same people.
    """
    found = Asked()
    chosen = Chooser(tasks)
    needs = _needs(chosen, resources)
    modes = _modes(chosen, resources.modes)
    found.marks = _marks(chosen, resources.marks)
    skills = _SkillRows(resources, needs)
    sites = {site.place: _site_rows(site) for site in resources.sites}
    for of_site in sites.values():
        found.rows |= of_site
    for task in tasks:
        ways = []
        for mode in modes.get(task.id) or [Mode(task.id, "")]:
            wanted = _of_mode(needs.get(task.id, {}), mode.id)
            ways.append(_way(task, mode, wanted, resources, skills, sites.get(task.place)))
        found.ways[task.id] = ways
    found.rows |= {key: row for key, row in skills.rows.items() if key in skills.used}
    used = {key for ways in found.ways.values() for way in ways for key in way.rates}
    found.rows = {key: row for key, row in found.rows.items() if key in used}
    return found


def _needs(chosen: Chooser, resources: Resources) -> dict[str, dict[str, Needs]]:
    """Task → mode → supply or skill → units; the last word on the same thing counts, the more precise one last."""
    found: dict[str, dict[str, Needs]] = {}
    general_first = sorted(resources.needs, key=lambda need: not any(sign in need.task for sign in "=*?"))
    for need in general_first:
        for task in chosen(need.task):
            if task.kind is not TaskKind.MILESTONE:
                found.setdefault(task.id, {}).setdefault(need.mode, {})[need.supply] = need.units
    return found


def _of_mode(needs: Mapping[str, Needs], mode: str) -> Needs:
    return {**needs.get("", {}), **(needs.get(mode, {}) if mode else {})}


def _modes(chosen: Chooser, modes: Sequence[Mode]) -> dict[str, list[Mode]]:
    found: dict[str, list[Mode]] = {}
    for mode in modes:
        for task in chosen(mode.task):
            found.setdefault(task.id, []).append(mode)
    return found


def _marks(chosen: Chooser, marks: Sequence[Mark]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for mark in marks:
        for task in chosen(mark.task):
            found.setdefault(task.id, {})[mark.mark] = None
    return {task: tuple(sorted(of)) for task, of in found.items()}


def _site_rows(site: Site) -> dict[str, Row]:
    limits = [(TASKS_AT, site.most_tasks), (PEOPLE_AT, site.most_people)]
    return {
        kind + site.place: Row(kind + site.place, kind + site.place, "site", most=float(most))
        for kind, most in limits
        if most is not None
    }


def _way(
    task: Task,
    mode: Mode,
    wanted: Needs,
    resources: Resources,
    skills: _SkillRows,
    site: Mapping[str, Row] | None,
) -> Way:
    supplies = resources.by_id()
    rates: dict[str, int] = {}
    spends: dict[str, float] = {}
    people = 0.0
    for name, units in wanted.items():
        supply = supplies.get(name)
        if supply is not None and not supply.kind.renewable:
            spends[name] = units
            continue
        if supply is None or supply.kind is not SupplyKind.EQUIPMENT:
            people += units
        if units > 0:
            for row, share in skills.rates(name, units).items():
                rates[row] = rates.get(row, 0) + share
    for key in site or ():
        taken = SCALE if key.startswith(TASKS_AT) else round(people * SCALE)
        rates |= {key: taken} if taken else {}
    minutes = task.duration.minutes if mode.duration is None else mode.duration.minutes
    minutes = 0 if task.kind is TaskKind.MILESTONE else minutes + task.pause_minutes
    return Way(mode.id, minutes, rates if minutes else {}, spends, wanted, mode.cost)


class _SkillRows:
    """Rows of supplies without skills are themselves; skills become a row for each set that people share.

    A person with skills who is also asked for by name counts as a skill only that person has.
    """

    def __init__(self, resources: Resources, needs: Mapping[str, Mapping[str, Needs]]) -> None:
        named = {name for modes in needs.values() for wanted in modes.values() for name in wanted}
        self.supplies = resources.by_id()
        self.who: dict[str, set[str]] = {}
        for supply in resources.supplies:
            if supply.kind.renewable and supply.skills:
                for skill in (*supply.skills, *([supply.id] if supply.id in named else [])):
                    if skill in named:
                        self.who.setdefault(skill, set()).add(supply.id)
        self.sets: dict[str, list[tuple[str, ...]]] = {}
        self.rows: dict[str, Row] = {}
        self.used: set[str] = set()
        for together in self._components():
            self._rows_of(together)

    def _components(self) -> list[list[str]]:
        open_, found = dict(self.who), []
        while open_:
            first, people = open_.popitem()
            together, people = [first], set(people)
            while near := [skill for skill, who in open_.items() if who & people]:
                for skill in near:
                    people |= open_.pop(skill)
                together += near
            found.append(sorted(together))
        return found

    def _rows_of(self, together: list[str]) -> None:
        if len(together) > MOST_SHARED:
            raise PlanError(
                f"{len(together)} skills hang together through people who have several"
                f" ({', '.join(together[:4])} …); allowed: at most {MOST_SHARED}"
            )
        for size in range(1, len(together) + 1):
            for some in combinations(together, size):
                people = set().union(*(self.who[skill] for skill in some))
                if size > 1 and sum(len(self.who[skill]) for skill in some) == len(people):
                    continue  # nobody has two of them: each alone says as much
                key = " + ".join(some)
                row = Row(f"skill {key}", key, "skills", tuple(self.supplies[id] for id in sorted(people)))
                self.rows[row.key] = row
                for skill in some:
                    self.sets.setdefault(skill, []).append(some)

    def rates(self, name: str, units: float) -> dict[str, int]:
        """What ``units`` of a supply or skill take of each row, in thousandths."""
        if name not in self.who:
            supply = self.supplies[name]
            self.rows.setdefault(name, Row(name, supply.name or name, "supply", (supply,)))
            self.used.add(name)
            return {name: round(units * SCALE)}
        found = {f"skill {' + '.join(some)}": round(units * SCALE) for some in self.sets[name]}
        self.used |= found.keys()
        return found
