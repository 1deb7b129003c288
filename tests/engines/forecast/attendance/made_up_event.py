"""Events with known truth, made by a mechanism of their own: Beta show rates, Poisson registrations, bus loads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast import DayContext
from tminus.engines.forecast.attendance import EventOutlook, Registrations

AUDIENCES = ("visitor", "buyer", "group")
LEADS = 120
EXPECTED = 300_000.0


@dataclass(frozen=True, slots=True)
class Truth:
    outlook: EventOutlook
    days: tuple[DayContext, ...]
    dates: tuple[date, ...]
    registrations: Registrations
    visits: NDArray[np.float64]

    def counted(self, as_of: date) -> dict[date, float]:
        return {day: float(count) for day, count in zip(self.dates, self.visits, strict=True) if day <= as_of}


def made_up_event(seed: int, length: int = 6) -> Truth:
    """Drawn as widely as the assumptions of the model are; the organiser expects 300,000 visits."""
    rng = np.random.default_rng(seed)
    opening = date(2026, 11, 5) + timedelta(days=int(rng.integers(0, 7)))
    dates = tuple(opening + timedelta(days=n) for n in range(length))
    registered = _expected(rng, dates) * np.exp(rng.normal(0, 0.2, length))
    mix = rng.dirichlet([4, 2, 1.5])
    net = np.zeros((len(AUDIENCES), length, length + LEADS))
    wanted = np.zeros(length)
    for audience, share in enumerate(mix):
        show, half, late = rng.beta(8, 2), np.exp(rng.normal(3.2, 0.7)), np.exp(rng.normal(0, 0.2))
        for day in range(length):
            total = registered[day] * share * np.exp(rng.normal(0, 0.15))
            net[audience, day, : LEADS + day + 1] = _pickup(rng, AUDIENCES[audience], total, half, late, LEADS + day)
            wanted[day] += show * net[audience, day].sum()
    k = 1 / 0.12**2
    visits = rng.poisson(wanted * rng.gamma(k, size=length) / k).astype(float)
    outlook = EventOutlook(opening, dates[-1], expected_visits=EXPECTED)
    registrations = Registrations(AUDIENCES, dates, opening - timedelta(days=LEADS), net)
    return Truth(outlook, tuple(DayContext(day=day) for day in dates), dates, registrations, visits)


def _expected(rng: np.random.Generator, dates: tuple[date, ...]) -> NDArray[np.float64]:
    """Persons registered in the end, by day, before chance."""
    weekend = np.array([day.weekday() >= 5 for day in dates], dtype=float)
    usual, own = 0.25 * weekend, rng.normal(0.25, 0.3) * weekend
    usual[-1] -= 0.15
    own[0] += rng.normal(0, 0.25)
    own[-1] += rng.normal(-0.15, 0.3)
    level = np.log(EXPECTED / len(dates)) + rng.normal(-0.05, 0.25) + 0.22
    return np.asarray(np.exp(level + own - np.log(np.mean(np.exp(usual)))))


def _pickup(
    rng: np.random.Generator, audience: str, total: float, half: float, late: float, first_lead: int
) -> NDArray[np.float64]:
    """Registrations by day, from the first lead to the visit; groups come by the bus load, and unevenly."""
    if audience == "group":
        total = float(np.sum(rng.integers(20, 60, size=max(1, int(total / 40)))))
    share = np.exp(-np.log(2) * (np.arange(first_lead, -1, -1) / half) ** 0.8 * late)
    came = np.diff(np.concatenate([[0.0], share]))
    evenness = 2.0 if audience == "group" else 11.0
    came[1:] *= rng.gamma(evenness, size=len(came) - 1) / evenness
    return rng.poisson(total * came / came.sum()).astype(float)
