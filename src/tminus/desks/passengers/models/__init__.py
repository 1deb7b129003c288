"""What the passengers desk keeps: counters and counts, forecasts and their files, days as they may come and walked."""

from tminus.desks.passengers.models.counting import (
    Channels,
    CountDay,
    Counter,
    CounterPulse,
    CountHour,
    CountsFile,
    IntakeTally,
    Kind,
    RefusedReading,
)
from tminus.desks.passengers.models.days import DayScenarioKept, DayWalk, Origin
from tminus.desks.passengers.models.forecasts import ForecastFile, Issue, IssuedDay, LiveIssue
from tminus.desks.passengers.models.published_measures import PublishedMeasure

__all__ = [
    "Channels", "CountDay", "CountHour", "Counter", "CounterPulse", "CountsFile", "DayScenarioKept", "DayWalk",
    "ForecastFile", "IntakeTally", "Issue", "IssuedDay", "Kind", "LiveIssue", "Origin", "PublishedMeasure",
    "RefusedReading",
]  # fmt: skip
