"""Attendance of an event: months ahead from analogues and registrations, then sharpened by every day counted.

The model of docs/engines/forecast.md: log-linear visits with partially pooled effects, registrations by pick-up curve
and show rate, negative binomial days, caps. It is one normal belief over all quantities, so that what one day shows
moves every other; visits are drawn from it path by path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import hypot

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.attendance_forecast import AttendanceForecast
from tminus.engines.forecast.attendance.attendance_state import Evidence, Layout
from tminus.engines.forecast.attendance.beliefs import Analogue, Belief, Beliefs, beliefs_from
from tminus.engines.forecast.attendance.day_effects import average_factor, day_effects, prior_of
from tminus.engines.forecast.attendance.event_outlook import EventOutlook
from tminus.engines.forecast.attendance.gaussian_state import Posterior, sharpen
from tminus.engines.forecast.attendance.pickup import PickupParams
from tminus.engines.forecast.attendance.registrations import Registrations
from tminus.engines.forecast.attendance.resting_on import resting_on
from tminus.engines.forecast.attendance.so_far import SoFar, registered_so_far
from tminus.engines.forecast.attendance.turned_away import spread_turned_away
from tminus.engines.forecast.panel import DayContext, ForecastError
from tminus.engines.forecast.prediction import LEVELS

NOISE_ROUNDS = 3
MOST_LOG = 20.0
"""e^20 = 485 million visits a day: more than any event has, and what can still be drawn."""


@dataclass(frozen=True, slots=True)
class AttendanceParams:
    """Assumptions about days, standard deviations in logarithms.

    ``noise``: of visits around what is expected (k = 1/noise² of the negative binomial), worth ``noise_days`` counted
    days; ``day``, ``cell``: of the registered of a day, and of one audience on it; ``mix``: of an audience's size;
    ``level``: of an average day stated from like events.
    """

    noise: float = 0.12
    noise_days: float = 6.0
    day: float = 0.2
    cell: float = 0.15
    mix: float = 1.5
    level: float = 0.5
    pickup: PickupParams = field(default_factory=PickupParams)
    paths: int = 4000


@dataclass(frozen=True, slots=True)
class AttendanceModel:
    """An event, what is believed of events like it, and the assumptions."""

    event: EventOutlook
    analogues: tuple[Analogue, ...] = ()
    params: AttendanceParams = field(default_factory=AttendanceParams)

    def forecast(
        self,
        days: Sequence[DayContext],
        *,
        as_of: date,
        counted: Mapping[date, float] | None = None,
        registrations: Registrations | None = None,
        seed: int = 0,
        keep_samples: bool = False,
    ) -> AttendanceForecast:
        """Visits on each of ``days`` as seen at the end of ``as_of``.

        :param counted: visits of days that are over; those after ``as_of`` are not looked at, nor are registrations
            that came after it.
        :raises ForecastError: a day without date or outside the event, one twice, a count below zero.
        """
        dates = self._dates(days)
        counts = self._counts(dates, counted or {}, as_of)
        known = _on_days(registrations, dates, as_of)
        beliefs = beliefs_from(self.analogues)
        evidence, prior = self._evidence(days, dates, counts, known, as_of, beliefs)
        evidence, posterior, freedom = _learned(evidence, prior, self.params)
        demand, shares = _drawn(evidence, posterior, freedom, self.params.paths, seed)
        capacity = np.array([self.event.capacity.get(day, np.inf) for day in dates])
        past = np.array([number in counts for number in range(len(dates))])
        visits, away = spread_turned_away(demand, capacity, self.event.choice_share, past=past)
        return AttendanceForecast(
            days=dates,
            mean=visits.mean(axis=0),
            quantiles=np.quantile(visits, LEVELS, axis=0),
            demand=demand.mean(axis=0),
            turned_away=float(away.mean()),
            audiences=known.audiences if known is not None else ("all",),
            audience_shares=shares,
            rests_on=resting_on(self.event, beliefs, evidence),
            samples=visits if keep_samples else None,
            capacity=capacity,
        )

    def _dates(self, days: Sequence[DayContext]) -> tuple[date, ...]:
        dates = tuple(one.day for one in days if one.day is not None)
        if len(dates) < len(days) or not dates:
            raise ForecastError("attendance: a day has no date; allowed: at least one day, each with its date")
        if list(dates) != sorted(set(dates)):
            raise ForecastError("attendance: days are not in order of time, each once")
        if outside := [day for day in dates if not self.event.opening <= day <= self.event.closing]:
            raise ForecastError(
                f"attendance: {outside[0]}; allowed: {self.event.opening} … {self.event.closing}, the event's days"
            )
        return dates

    def _counts(self, dates: Sequence[date], counted: Mapping[date, float], as_of: date) -> dict[int, float]:
        for day, count in counted.items():
            if not 0 <= count < np.inf:
                raise ForecastError(f"counted on {day}: {count:g}; allowed: a number of at least 0")
        return {n: float(counted[day]) for n, day in enumerate(dates) if day in counted and day <= as_of}

    def _evidence(
        self,
        days: Sequence[DayContext],
        dates: tuple[date, ...],
        counts: Mapping[int, float],
        known: Registrations | None,
        as_of: date,
        beliefs: Beliefs,
    ) -> tuple[Evidence, tuple[NDArray[np.float64], NDArray[np.float64]]]:
        columns = day_effects(days, self.event, as_of)
        means, sds = prior_of(tuple(columns), beliefs)
        audiences = len(known.audiences) if known is not None else 1
        layout = Layout(len(columns), audiences, len(dates), known is not None)
        of_days = np.column_stack([*columns.values()]) if columns else np.zeros((len(dates), 0))
        evidence = Evidence(
            layout, tuple(columns), of_days, -average_factor(columns, means), dates, counts, as_of,
            self._so_far(known, dates, as_of, beliefs), self._noise(known),
        )  # fmt: skip
        return evidence, self._prior(layout, means, sds, beliefs, len(dates))

    def _noise(self, known: Registrations | None) -> float:
        """Without registrations what is special about a day is not seen before it is over."""
        return self.params.noise if known is not None else hypot(self.params.noise, self.params.day)

    def _so_far(
        self, known: Registrations | None, dates: tuple[date, ...], as_of: date, beliefs: Beliefs
    ) -> SoFar | None:
        if known is None:
            return None
        return registered_so_far(known, dates, as_of, self.params.pickup, beliefs.of("pickup_half_days").mean)

    def _prior(
        self, layout: Layout, means: NDArray[np.float64], sds: NDArray[np.float64], beliefs: Beliefs, days: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        level = self._level(beliefs)
        mean, sd = np.zeros(layout.size), np.ones(layout.size)
        mean[0], sd[0] = level.mean, level.sd
        mean[layout.part("effects")], sd[layout.part("effects")] = means, sds
        if layout.registered:
            show = beliefs.of("show")
            parts = {
                "mix": Belief(-np.log(layout.audiences) - show.mean, self.params.mix), "show": show,
                "half": beliefs.of("pickup_half_days"), "late": beliefs.of("late_pickup"),
                "day": Belief(0.0, self.params.day), "cell": Belief(0.0, self.params.cell),
            }  # fmt: skip
            for name, belief in parts.items():
                mean[layout.part(name)], sd[layout.part(name)] = belief.mean, belief.sd
        return mean, sd

    def _level(self, beliefs: Beliefs) -> Belief:
        """Logarithm of the visits of an average day."""
        if self.event.expected_visits is not None:
            ratio = beliefs.of("level_ratio")
            return Belief(float(np.log(self.event.expected_visits / self.event.length)) + ratio.mean, ratio.sd)
        if self.event.daily_level is not None:
            return Belief(float(np.log(self.event.daily_level)), self.params.level)
        return beliefs.of("daily_visits")


def _on_days(registrations: Registrations | None, dates: Sequence[date], as_of: date) -> Registrations | None:
    """Those for ``dates``, in their order; None where nobody has registered yet."""
    if registrations is None:
        return None
    place = {day: number for number, day in enumerate(registrations.visit_days)}
    net = np.zeros((len(registrations.audiences), len(dates), registrations.net.shape[2]))
    for number, day in enumerate(dates):
        if day in place:
            net[:, number] = registrations.net[:, place[day]]
    found = replace(registrations, visit_days=tuple(dates), net=net)
    return found if found.held(as_of).sum() > 0 else None


def _learned(
    evidence: Evidence, prior: tuple[NDArray[np.float64], NDArray[np.float64]], params: AttendanceParams
) -> tuple[Evidence, Posterior, float]:
    """The belief after all that was seen, and the noise of days as counted days show it."""
    posterior, assumed = sharpen(*prior, evidence.seen), evidence.noise
    telling = sum(count > 0 for count in evidence.counted.values())
    freedom = params.noise_days + telling
    for _ in range(NOISE_ROUNDS if telling else 0):
        squares = evidence.surprises(posterior)
        noise = float(np.sqrt((params.noise_days * assumed**2 + squares) / freedom))
        evidence = replace(evidence, noise=noise)
        posterior = sharpen(*prior, evidence.seen, start=posterior.mean)
    return evidence, posterior, freedom


def _drawn(
    evidence: Evidence, posterior: Posterior, freedom: float, paths: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Persons who want to come [path, day], and shares [audience, day]; days counted have their count in all paths."""
    rng = np.random.Generator(np.random.Philox(seed))
    by_audience = np.exp(np.minimum(evidence.log_visits(posterior.draw(paths, rng)), MOST_LOG))
    expected = by_audience.sum(axis=1)
    shares = (by_audience / expected[:, None, :]).mean(axis=0)
    variance = evidence.noise**2 * freedom / rng.chisquare(freedom, size=(paths, 1))
    k = np.maximum(1 / variance, 0.5) * np.ones_like(expected)
    demand = rng.poisson(expected * rng.gamma(k) / k).astype(np.float64)
    for day, count in evidence.counted.items():
        demand[:, day] = count
    return demand, shares
