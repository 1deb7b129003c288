"""Baselines that plan files brought: kept, compared with what a file says now, and handed to whoever writes a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tminus.desks.planning.models import Baseline, BaselineTask
from tminus.engines import schedule as engine
from tminus.formats.event_folder.baselines import MOST_NAME, MOST_NUMBER
from tminus.formats.problems import BadFile
from tminus.platform.models import Event, Person

Pair = tuple[datetime | None, datetime | None]
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class BaselineChange:
    """What an import would make of one baseline: ``dates`` as they would be, and how many differ from what stands."""

    number: int
    name: str
    dates: Mapping[str, Pair]
    new: bool
    added: int
    changed: int
    gone: int

    def as_json(self) -> dict[str, Any]:
        counts = {"tasks": len(self.dates), "added": self.added, "changed": self.changed, "gone": self.gone}
        return {"number": self.number, "name": self.name, "new": self.new, **counts}


def standing_baselines(event: Event) -> list[Baseline]:
    """Those not withdrawn, the main one first: the first that has a name, else the first."""
    rows = Baseline.objects.filter(event=event, withdrawn_at=None).order_by("number")
    return sorted(rows, key=lambda one: not one.name)


def with_baselines(event: Event, plan: engine.Plan) -> engine.Plan:
    """``plan`` with every baseline that stands, by number."""
    rows = sorted(standing_baselines(event), key=lambda one: one.number)
    return replace(plan, baselines=tuple(engine.Baseline(one.number, dates_in(one), one.name) for one in rows))


def dates_in(baseline: Baseline) -> dict[str, Pair]:
    rows = BaselineTask.objects.filter(baseline=baseline).order_by("pk").values_list("key", "start", "finish")
    return {key: (start, finish) for key, start, finish in rows}


def check_baselines(source: str, baselines: Iterable[engine.Baseline]) -> None:
    """:raises BadFile: a number or name that cannot be kept."""
    for one in baselines:
        if not 0 <= one.number <= MOST_NUMBER:
            raise BadFile(f"{source}: baseline {one.number}; allowed: numbers 0 to {MOST_NUMBER}")
        if len(one.name) > MOST_NAME:
            raise BadFile(f"{source}: baseline {one.number}: its name has {len(one.name)} characters; allowed: 200")


def changes_of(event: Event, plan: engine.Plan, *, table: bool) -> list[BaselineChange]:
    """What the baselines of a file would change.

    A file of another tool has its baselines whole. A ``table`` has one, without number and name, of the tasks it lists:
    where it says only what stands in one of ours already, it is that one and changes nothing; else it is baseline 0.
    """
    stands = {one.number: (one, dates_in(one)) for one in Baseline.objects.filter(event=event)}
    kept = {number: dates for number, (one, dates) in stands.items() if one.withdrawn_at is None}
    found = []
    for one in plan.baselines:
        if table and any(one.dates.items() <= dates.items() for dates in kept.values()):
            continue
        before = kept.get(one.number, {})
        name = _kept_name(stands, one) if table else one.name
        after = {**before, **one.dates} if table else dict(one.dates)
        change = _change(one.number, name, before, after, new=one.number not in kept)
        renamed = not change.new and stands[one.number][0].name != name
        if change.new or renamed or change.added or change.changed or change.gone:
            found.append(change)
    return found


def _kept_name(stands: Mapping[int, tuple[Baseline, Any]], one: engine.Baseline) -> str:
    return stands[one.number][0].name if one.number in stands else one.name


def _change(
    number: int, name: str, before: Mapping[str, Pair], after: Mapping[str, Pair], *, new: bool
) -> BaselineChange:
    common = before.keys() & after.keys()
    changed = sum(before[key] != after[key] for key in common)
    return BaselineChange(number, name, after, new, len(after) - len(common), changed, len(before) - len(common))


def keep_baseline(event: Event, change: BaselineChange, source: str, at: datetime, person: Person | None) -> Baseline:
    """Put it in place of what stood under its number, if anything; one that was withdrawn stands again."""
    defaults = {"name": change.name, "source": source[:255], "at": at, "person": person, "withdrawn_at": None}
    made, _ = Baseline.objects.update_or_create(event=event, number=change.number, defaults=defaults)
    made.tasks.all().delete()
    BaselineTask.objects.bulk_create(
        (
            BaselineTask(baseline=made, key=key, start=start, finish=finish)
            for key, (start, finish) in change.dates.items()
        ),
        batch_size=BATCH,
    )
    return made


def keep_all(event: Event, plan: engine.Plan, source: str, at: datetime) -> None:
    """The baselines of an event folder into an event that has none."""
    for one in plan.baselines:
        keep_baseline(event, _change(one.number, one.name, {}, one.dates, new=True), source, at, None)
