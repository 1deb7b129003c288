"""Registrations of the expo as they came in, what was counted at the gates, and figures of real events with sources.

Everything but the real events' figures is invented: sizes follow the first import expos (README of the folder).
"""

import math
import random
from collections.abc import Iterator
from datetime import timedelta

from .days import OPENING, on

HEADINGS = ["Registered", "Visit date", "Audience", "Persons", "Cancelled"]
FIRST_T = -150
VISITS = {0: 152_000, 1: 246_000, 2: 301_000, 3: 262_000, 4: 188_000, 5: 104_000}
"""T-day → visits in the end; Saturday is the peak."""
OUTLOOK = {"expected_visits": 1_300_000, "capacity": 320_000, "choice_share": 0.6, "country": "CN"}

# audience → share of visits, half registered so many days before, share that comes, share that cancels
AUDIENCES = {
    "exhibitor": (0.11, 75.0, 0.93, 0.02),
    "buyer": (0.46, 38.0, 0.80, 0.05),
    "visitor": (0.29, 14.0, 0.84, 0.06),
    "group": (0.14, 30.0, 0.90, 0.03),
}
BUS = (24, 52)


def rows() -> list[list[str]]:
    """One row a day of registration, visit day and audience; what was cancelled stands in rows of its own."""
    found = [row for t in VISITS for audience in AUDIENCES for row in _rows(t, audience)]
    return sorted(found, key=lambda row: (row[0], row[1], row[2], row[4]))


def _rows(visit_t: int, audience: str) -> Iterator[list[str]]:
    rng = random.Random(f"lanwan registrations {visit_t} {audience}")
    share, half, shows, cancels = AUDIENCES[audience]
    final = VISITS[visit_t] * share / shows * rng.uniform(0.95, 1.05)
    came = {t: _came(t, visit_t, half) * rng.gammavariate(6, 1 / 6) for t in range(FIRST_T, visit_t + 1)}
    total = sum(came.values())
    for t, weight in came.items():
        persons = _persons(rng, final / (1 - cancels) * weight / total, audience)
        if not persons:
            continue
        gone = sum(rng.random() < cancels * 40 for _ in range(persons // 40))
        if persons - gone > 0:
            yield [on(t).isoformat(), on(visit_t).isoformat(), audience, str(persons - gone), ""]
        if gone:
            cancelled = on(rng.randint(t, visit_t)).isoformat()
            yield [on(t).isoformat(), on(visit_t).isoformat(), audience, str(gone), cancelled]


def _came(t: int, visit_t: int, half: float) -> float:
    """Share that registers on T+t: a Weibull curve, fewer on weekends, none new in the week of National Day."""
    lead = visit_t - t

    def not_yet(days: float) -> float:
        return math.exp(-math.log(2) * (days / half) ** 0.85)

    day = on(t)
    quiet = 0.35 if day.weekday() >= 5 else 1.0
    holiday = 0.2 if on(-35) <= day <= on(-29) else 1.0
    return (not_yet(lead) - not_yet(lead + 1)) * quiet * holiday if t > FIRST_T else not_yet(lead)


def _persons(rng: random.Random, expected: float, audience: str) -> int:
    """Single persons come as they like; groups by the bus load."""
    if audience != "group":
        return max(round(expected + rng.gauss(0, math.sqrt(max(expected, 0.1)))), 0)
    buses = int(expected / 38) + (rng.random() < expected / 38 % 1)
    return sum(rng.randint(*BUS) for _ in range(buses))


def counted() -> list[list[str]]:
    """Visits of each day, as the gates will have counted them."""
    return [[(OPENING + timedelta(t)).isoformat(), str(visits)] for t, visits in VISITS.items()]


ANALOGUE_HEADINGS = ["Event", "What", "Value", "Source", "Note"]
ANALOGUES = [
    ["Expo 2025 Osaka", "level_ratio", "0.907", "Yomiuri, 16 October 2025",
     "25,578,986 visitors where 28.2 million were planned"],
    ["Expo 2025 Osaka", "daily_visits", "139016", "Yomiuri, 16 October 2025", "25,578,986 visitors in 184 days"],
    ["Expo 2025 Osaka", "ramp", "0.54", "Yomiuri, 22 April and 16 October 2025",
     "524,937 visitors in the first seven days, against the mean of all"],
    ["Expo 2025 Osaka", "rush", "1.50", "Yomiuri, 16 October 2025", "last day 207,889, against the mean of all"],
    ["CIIE 2018 Shanghai", "daily_visits", "145000", "Xinhua, 10 November 2018",
     "800,000 entries to noon of the sixth day, taken as five and a half days"],
    ["CIIE 2019 Shanghai", "daily_visits", "165000", "Xinhua, 10 November 2019",
     "910,000 entries to noon of the sixth day, taken as five and a half days"],
]  # fmt: skip


def registered_by(t: int) -> int:
    """Persons held at the end of T+t, for the README."""
    until = on(t).isoformat()
    return sum(int(row[3]) for row in rows() if row[0] <= until and not ("" < row[4] <= until))
