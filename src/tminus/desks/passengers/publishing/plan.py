"""What publishing a walk would do: who gets which duty and when, what stays, changes and is withdrawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from tminus.desks.passengers.models import DayScenarioKept, DayWalk, PublishedMeasure
from tminus.desks.passengers.publishing.carriers import Carrier, Carriers
from tminus.desks.passengers.publishing.differences import Pair, pairs
from tminus.desks.passengers.publishing.times import LEAD_H, Late, begins_at, due_of, ends_at
from tminus.desks.passengers.publishing.unit_proposals import UnitProposals
from tminus.formats.event_folder.day_scenarios import Measure, scenario_of
from tminus.platform.models import DutyState, Unit
from tminus.platform.registry import BadInput, Context, Missing


class Fate(StrEnum):
    """What becomes of a measure."""

    NEW = "new"
    CHANGED = "changed"
    """Another duty takes the place of the one that was published."""
    MOVED = "moved"
    """Its duty stays and is due at another time, or another person answers for it."""
    GONE = "gone"
    STAYS = "stays"
    OVER = "over"
    """It would have ended by now: nobody is given it."""


@dataclass(frozen=True, slots=True)
class Step:
    """``place``: of the measure in the walk, from 0; ``old``: what is published in its place.

    ``proposed``: nobody has named the unit yet; the one shown is a proposal.
    """

    fate: Fate
    measure: Measure
    begins: datetime
    ends: datetime
    place: int | None = None
    old: PublishedMeasure | None = None
    was: Measure | None = None
    carrier: Carrier | None = None
    due_at: datetime | None = None
    late: Late = Late.NO
    proposed: bool = False

    @property
    def unnamed(self) -> bool:
        """A duty would be issued, and nobody has said whose."""
        return self.proposed and self.fate in (Fate.NEW, Fate.CHANGED)


@dataclass(frozen=True, slots=True)
class Plan:
    """``steps`` by the time they begin."""

    walk: DayWalk
    lead_h: float
    steps: tuple[Step, ...]
    holders: Mapping[int, str] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.walk.scenario.day

    def of(self, *fates: Fate) -> list[Step]:
        return [step for step in self.steps if step.fate in fates]

    @property
    def changes(self) -> int:
        """How many duties are issued, moved or withdrawn."""
        return len(self.of(Fate.NEW, Fate.CHANGED, Fate.MOVED, Fate.GONE))

    @property
    def digest(self) -> str:
        """Of what is to be done: an act that names it is refused where it would do something else by then."""
        said = [
            [step.fate, step.place, step.old.pk if step.old else None, step.due_at,
             step.carrier.holder.pk if step.carrier else None, step.measure.unit]
            for step in self.steps
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([self.walk.pk, said], default=str).encode()).hexdigest()[:16]


def published(ctx: Context, day: date) -> list[PublishedMeasure]:
    """What is published of a day and not withdrawn."""
    rows = PublishedMeasure.objects.filter(event=ctx.event, day=day, withdrawn_at=None)
    return list(rows.select_related("duty__holder", "duty__event", "duty__unit", "unit", "walk", "scenario", "person"))


def measures_of(rows: Sequence[Mapping[str, Any]], day: date) -> tuple[Measure, ...]:
    """Measures out of the JSON they are kept in."""
    return scenario_of({"id": "kept", "day": f"{day}", "measures": [*rows]}, f"{day}").measures


def walk_of(ctx: Context, key: str, walk: int | None) -> DayWalk:
    """The walk named, else the scenario's latest.

    :raises BadInput: there is no such scenario, or it was never walked.
    """
    scenario = ctx.find(DayScenarioKept, key=key)
    found = scenario.walks.select_related("scenario", "person")
    if walk is not None:
        if (one := found.filter(pk=walk).first()) is None:
            raise Missing(_("%(name)s has no walk %(walk)d") % {"name": scenario.name, "walk": walk}, field="walk")
        return one
    if (one := found.first()) is None:
        raise BadInput(
            _("%(name)s has not been walked; walk it first, so that its measures are known to work")
            % {"name": scenario.name},
            field="key",
            value=key,
        )
    return one


def planned(
    ctx: Context,
    walk: DayWalk,
    holders: Mapping[int, str],
    lead_h: float = LEAD_H,
    units: Mapping[int, str] | None = None,
) -> Plan:
    """What would be done now.

    :param holders: number of a measure, from 1 → account of who answers for it, where that is not the unit's head.
    :param units: number of a measure → code of the unit that carries it out, where that is not the one it names; a
        measure with neither is told with the unit proposed for it.
    :raises BadInput: a number, account or unit that is not there, or nobody to answer for a measure.
    """
    given = {number: code for number, code in (units or {}).items() if code}
    rows = measures_of(walk.measures, walk.scenario.day)
    _check_numbers(len(rows), holders=holders, units=given)
    _check_units(ctx, given)
    day = walk.scenario.day
    wanted, proposed = _carried(rows, given, UnitProposals(ctx.the_event, day))
    old = [row for row in published(ctx, day) if _moments(ctx, day, _own(row))[1] > ctx.now]
    was = [_own(row) for row in old]
    carriers = Carriers(ctx, day, {one.unit for one in wanted}, {n - 1: who for n, who in holders.items() if who})
    making = _Making(ctx, day, lead_h, wanted, old, was, carriers, proposed)
    steps = sorted((making.step(pair) for pair in pairs(was, wanted)), key=_order)
    return Plan(walk, lead_h, tuple(steps), holders)


def _check_numbers(last: int, **given: Mapping[int, str]) -> None:
    for name, numbered in given.items():
        if wrong := sorted(set(numbered) - set(range(1, last + 1))):
            raise BadInput(
                _("there is no measure %(n)d; allowed: 1 … %(last)d") % {"n": wrong[0], "last": last},
                field=f"{name}.{wrong[0]}",
            )


def _check_units(ctx: Context, given: Mapping[int, str]) -> None:
    known = {*Unit.objects.filter(event=ctx.event, code__in={*given.values()}).values_list("code", flat=True)}
    for number, code in sorted(given.items()):
        if code not in known:
            raise BadInput(
                _("measure %(n)d: this event has no unit %(code)s") % {"n": number, "code": code},
                field=f"units.{number}", value=code,
            )  # fmt: skip


def _carried(
    rows: Sequence[Measure], given: Mapping[int, str], proposals: UnitProposals
) -> tuple[tuple[Measure, ...], frozenset[int]]:
    """Measures each with its unit, and the places of those whose unit is but proposed."""
    named = [given.get(n + 1) or one.unit or proposals.published(one) for n, one in enumerate(rows)]
    wanted = tuple(replace(one, unit=unit or proposals.of(one)) for one, unit in zip(rows, named, strict=True))
    return wanted, frozenset(n for n, unit in enumerate(named) if not unit)


def _own(row: PublishedMeasure) -> Measure:
    return measures_of([row.what], row.day)[0]


def _moments(ctx: Context, day: date, measure: Measure) -> tuple[datetime, datetime]:
    return begins_at(ctx.the_event, day, measure), ends_at(ctx.the_event, day, measure)


def _order(step: Step) -> tuple[datetime, int, int]:
    return step.begins, step.place if step.place is not None else -1, step.old.number if step.old else 0


@dataclass(frozen=True, slots=True)
class _Making:
    """The two lists and who carries out; one step at a time."""

    ctx: Context
    day: date
    lead_h: float
    wanted: Sequence[Measure]
    old: Sequence[PublishedMeasure]
    was: Sequence[Measure]
    carriers: Carriers
    proposed: frozenset[int]

    def step(self, pair: Pair) -> Step:
        if pair.after is None:
            return self._gone(pair.before or 0)  # one of the two is there
        measure = self.wanted[pair.after]
        begins, ends = _moments(self.ctx, self.day, measure)
        due, late = due_of(begins, ends, self.ctx.now, self.lead_h)
        old = self.old[pair.before] if pair.before is not None else None
        was = self.was[pair.before] if pair.before is not None else None
        if late is Late.OVER and pair.before is not None:
            return self._gone(pair.before)
        if late is Late.OVER:
            return Step(Fate.OVER, measure, begins, ends, pair.after, late=late)
        carrier = self.carriers.of(pair.after, measure.unit)
        if old is not None and was == measure:
            return self._kept(Step(Fate.STAYS, measure, begins, ends, pair.after, old, was, carrier, due, late))
        fate = Fate.NEW if old is None else Fate.CHANGED
        proposed = pair.after in self.proposed
        return Step(fate, measure, begins, ends, pair.after, old, was, carrier, due, late, proposed)

    def _gone(self, place: int) -> Step:
        begins, ends = _moments(self.ctx, self.day, self.was[place])
        return Step(Fate.GONE, self.was[place], begins, ends, old=self.old[place], was=self.was[place])

    def _kept(self, step: Step) -> Step:
        """Its duty stays with whoever has it, unless another is named or it is due at another time."""
        duty = step.old.duty if step.old else None
        if duty is None or step.carrier is None or not duty.open or duty.state == DutyState.SUBMITTED:
            return step
        named = step.carrier.named and duty.holder != step.carrier.holder
        holder = step.carrier.holder if named else duty.holder or step.carrier.holder
        carrier = Carrier(step.carrier.unit, holder, named=named)
        # A lead that has passed by now is no reason to move a date that stood before.
        moved = step.late is Late.NO and duty.due_at != step.due_at
        return Step(
            Fate.MOVED if named or moved else Fate.STAYS, step.measure, step.begins, step.ends, step.place, step.old,
            step.was, carrier, step.due_at if moved else duty.due_at,
        )  # fmt: skip
