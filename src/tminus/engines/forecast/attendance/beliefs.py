"""What is believed of an event before it is seen, and how analogue events change that (partial pooling)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

PRIOR_EVENTS = 1.0
"""Events the assumed mean counts for."""
PRIOR_SPREADS = 3.0
"""Events the assumed spread between events counts for."""


@dataclass(frozen=True, slots=True)
class Belief:
    """A figure of a new event: normal with ``mean`` and ``sd``; logarithms unless its name says otherwise."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Analogue:
    """One figure of an earlier event: ``what`` names a belief, ``value`` in its unit; ``source`` where it was read."""

    event: str
    what: str
    value: float
    source: str = ""


def pooled(belief: Belief, values: Sequence[float]) -> Belief:
    """The figure of the next event of a kind, after ``values``: normal–inverse-gamma (Gelman et al. 2013, 3.3).

    One analogue moves the mean half way and leaves the spread wide; many bring their own spread.
    """
    number = len(values)
    if not number:
        return belief
    average = sum(values) / number
    counts = PRIOR_EVENTS + number
    squares = sum((value - average) ** 2 for value in values)
    apart = PRIOR_EVENTS * number / counts * (average - belief.mean) ** 2
    variance = (PRIOR_SPREADS * belief.sd**2 + squares + apart) / (PRIOR_SPREADS + number)
    return Belief((PRIOR_EVENTS * belief.mean + average * number) / counts, sqrt(variance * (1 + 1 / counts)))


ASSUMED: Mapping[str, Belief] = {
    "level_ratio": Belief(-0.05, 0.25),
    "daily_visits": Belief(11.0, 1.2),
    "weekend": Belief(0.25, 0.3),
    "holiday": Belief(0.3, 0.35),
    "make_up": Belief(0.0, 0.2),
    "ramp": Belief(-0.4, 0.4),
    "rush": Belief(0.3, 0.3),
    "opening_day": Belief(0.0, 0.25),
    "last_day": Belief(-0.15, 0.3),
    "show": Belief(-0.22, 0.15),
    "pickup_half_days": Belief(3.2, 0.7),
    "late_pickup": Belief(0.0, 0.2),
    "policy": Belief(0.0, 0.3),
    "rain_mm": Belief(-0.005, 0.01),
}
"""Assumptions, not measurements, wide enough to be wrong in; analogue events replace them. Natural logarithms of
factors on a day's visits, but ``pickup_half_days``: logarithm of the days before the visit at which half have
registered (e^3.2 = 25), ``late_pickup``: of how much faster or slower the rest comes than what came, ``rain_mm``: per
millimetre. ``daily_visits``: of an average day where nobody states an expectation (e^11 = 60,000, within a factor of
ten). ``level_ratio``: visits over the organiser's expectation; ``show``: visits a registration brings, walk-ins
included (e^-0.22 = 0.8); ``ramp``, ``rush``: of the first and last days of a long event against its mean."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Beliefs by name, after the analogues; ``learned``: how many events each rests on."""

    by_name: Mapping[str, Belief] = field(default_factory=lambda: dict(ASSUMED))
    learned: Mapping[str, int] = field(default_factory=dict)

    def of(self, name: str) -> Belief:
        """The belief called ``name``; a name nobody knows is a policy or weather with no known effect."""
        return self.by_name.get(name, ASSUMED["policy"])


def beliefs_from(analogues: Sequence[Analogue], assumed: Mapping[str, Belief] = ASSUMED) -> Beliefs:
    """The assumptions with the analogues' figures pooled in; a name that is not assumed is added around zero."""
    values: dict[str, list[float]] = {}
    for one in analogues:
        values.setdefault(one.what, []).append(one.value)
    after = {name: pooled(belief, values.get(name, ())) for name, belief in assumed.items()}
    after |= {name: pooled(assumed["policy"], found) for name, found in values.items() if name not in assumed}
    return Beliefs(after, {name: len(found) for name, found in values.items()})
