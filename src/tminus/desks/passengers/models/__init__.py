"""What the passengers desk keeps: counters and counts, the files forecasts are made from, forecasts as issued."""

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
from tminus.desks.passengers.models.forecasts import ForecastFile, Issue, IssuedDay, LiveIssue

__all__ = [
    "Channels", "CountDay", "CountHour", "Counter", "CounterPulse", "CountsFile", "ForecastFile", "IntakeTally",
    "Issue", "IssuedDay", "Kind", "LiveIssue", "RefusedReading",
]  # fmt: skip
