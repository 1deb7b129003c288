"""What is recommended for a day of a scenario: plans part by part, each walked before it is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tminus.formats.event_folder.day_scenarios import DayScenario, Does, Measure
from tminus.studies.day_cost import day_figures, relative_cost
from tminus.studies.greedy_policy import greedy
from tminus.studies.plan_part import Draft, PlanPart, Recommendation
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.recommended_gates import gate_draft, spared_gates, spreading_drafts
from tminus.studies.recommended_vehicles import headway_draft, shuttle_drafts
from tminus.studies.recommended_ways import advice_draft, inflow_drafts, one_way_drafts, release_drafts
from tminus.studies.steady_plan import steady
from tminus.studies.walked_day import WalkedDay, walk

__all__ = ["PlanPart", "Recommendation", "greedy", "recommend"]

SEEDS = (1000, 1001)
"""Plans are tried on days of their own, a second one where the first pays: near its capacity a site may jam by chance.
Who measures plans later takes other seeds."""
PAYS = 0.005
"""A part is kept if it saves so much of what the day costs; less is chance."""
Told = Callable[[str, int], None]
"""Told of progress: the kind of part being tried, days walked so far."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """A day walked, and its figures."""

    walked: WalkedDay
    figures: dict[str, Any]


def recommend(ready: PreparedDay, scenario: DayScenario, *, on_progress: Told | None = None) -> Recommendation:
    """Measures for ``scenario`` instead of its own, which are what was published so far.

    One part after another is tried on top of those kept, some instead of one of their kind; a part that does not pay is
    told and dropped, and so are the latest parts of a plan that jams on a further day. What a day costs is told by the
    better of doing nothing and of the greedy policy (:func:`relative_cost`). Units are those of measures of the same
    kind in ``scenario``.

    :raises BadFile: a scenario that cannot be walked.
    """
    search = _Search(ready, scenario, on_progress)
    trials = [(draft, search.take(draft)) for draft in _drafts(ready, scenario, search)]
    search.settle()
    parts = tuple(_part(draft, trial, _places(draft, search.kept), scenario) for draft, trial in trials)
    return Recommendation(_measures(search.kept), parts, search.walks)


class _Search:
    """``asis``: the day with nothing done; ``best``: with the parts ``kept`` so far, by seed."""

    def __init__(self, ready: PreparedDay, scenario: DayScenario, on_progress: Told | None) -> None:
        self._ready, self._scenario, self._on_progress = ready, scenario, on_progress
        self.walks = 0
        self.kept: list[Draft] = []
        self.best = [self._tried((), "nothing", seed) for seed in SEEDS]
        self.asis = self.best[0]
        by_rule = greedy(ready, scenario)
        self._others = [
            (best.figures, self._tried(by_rule, "greedy", seed).figures)
            for best, seed in zip(self.best, SEEDS, strict=True)
        ]

    def take(self, draft: Draft) -> _Tried:
        """The day of the first seed with the draft; it is kept if it pays with every seed."""
        beside = [one for one in self.kept if not (draft.instead and one.kind == draft.kind)]
        trials: list[_Tried] = []
        for best, others, seed in zip(self.best, self._others, SEEDS, strict=True):
            trials.append(self._tried(_measures([*beside, draft]), draft.kind, seed))
            if relative_cost(trials[-1].figures, others) >= relative_cost(best.figures, others) * (1 - PAYS):
                return trials[0]
        self.kept, self.best = [*beside, draft], trials
        return trials[0]

    def settle(self) -> None:
        """Leaves out what makes the plan jam on further days."""
        self.kept = list(steady(self.kept, self._cost))

    def _cost(self, kept: Sequence[Draft], seed: int) -> float:
        return relative_cost(self._tried(_measures(kept), "whole", seed).figures, self._others[0])

    def _tried(self, measures: Iterable[Measure], kind: str, seed: int) -> _Tried:
        if self._on_progress is not None:
            self._on_progress(kind, self.walks)
        self.walks += 1
        walked = walk(self._ready, replace(self._scenario, measures=tuple(measures)), seed=seed)
        return _Tried(walked, day_figures(walked))


def _measures(drafts: Iterable[Draft]) -> tuple[Measure, ...]:
    return tuple(one for draft in drafts for one in draft.measures)


def _places(draft: Draft, kept: Sequence[Draft]) -> tuple[int, ...]:
    """Where the part's measures stand among those recommended; nowhere if it was dropped."""
    at = next((n for n, one in enumerate(kept) if one is draft), None)
    if at is None:
        return ()
    first = len(_measures(kept[:at]))
    return tuple(range(first, first + len(draft.measures)))


def _drafts(ready: PreparedDay, scenario: DayScenario, search: _Search) -> Iterator[Draft]:
    """One at a time: some are made from the day as it is with what is kept by then."""
    units = {one.kind: one.unit for one in scenario.measures if one.unit}
    asis = search.asis.walked
    gates = gate_draft(ready, scenario, units.get(Does.LANES, ""))
    if gates is not None:
        yield gates
        yield from spared_gates(gates)
    yield from spreading_drafts(ready, scenario, search.best[0].walked, units.get(Does.LANES, ""))
    headways = headway_draft(ready, scenario, asis, units.get(Does.HEADWAY, ""))
    if headways is not None:
        yield headways
    yield from shuttle_drafts(ready, scenario, units.get(Does.SHUTTLE, ""))
    yield from release_drafts(scenario, asis, units.get(Does.RELEASE, ""))
    yield advice_draft()
    yield from inflow_drafts(ready, scenario, units.get(Does.INFLOW, ""))
    yield from one_way_drafts(ready, asis, units.get(Does.ONE_WAY, ""))


def _part(draft: Draft, trial: _Tried, places: tuple[int, ...], scenario: DayScenario) -> PlanPart:
    simulated = _simulated(draft, trial)
    planned = simulated if np.isnan(draft.planned) else draft.planned
    return PlanPart(
        draft.kind, draft.element, draft.measure, planned if planned is not None else 0.0, simulated, draft.bound,
        draft.gap, draft.seconds, draft.binds, places, _changed(draft, scenario) if places else (),
    )  # fmt: skip


def _simulated(draft: Draft, trial: _Tried) -> float | None:
    """The figure ``draft.measure`` of the walked day, of the element where it concerns one."""
    result, figures = trial.walked.result, trial.figures
    if draft.measure == "mean_wait_min":
        served = float(result.gates.served.sum())
        waited = float(np.nansum(np.where(result.gates.served > 0, result.gates.served * result.gates.wait_s, 0.0)))
        return waited / served / 60 if served else None
    if draft.measure == "mean_lost_min":
        return float(figures["mean_lost_s"] or 0.0) / 60
    if draft.measure == "persons":
        buses = [n for n, line in enumerate(result.rides.line) if line.startswith("shuttle ")]
        return float(result.rides.boarded[buses].sum())
    if draft.kind == "one_way":
        at = result.links.index(draft.element)
        return float(result.person_s_by_level[at, 4:].sum() / 60)
    return float(figures[draft.measure])


def _changed(draft: Draft, scenario: DayScenario) -> tuple[str, ...]:
    """Against the measures handed in: rows that are new, and those of the same kind and element with another value."""
    before: Mapping[tuple[Does, str, str, float], float] = {
        (one.kind, one.element, one.other, one.from_min): one.value for one in scenario.measures
    }
    found = []
    for one in draft.measures:
        was = before.get((one.kind, one.element, one.other, one.from_min))
        if was != one.value:
            told = "new" if was is None else f"{was:g}"
            found.append(f"{one.kind.value} {one.element}: {told} → {one.value:g}")
    return tuple(found)
