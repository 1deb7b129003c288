"""When the watch over a day speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveParams:
    """Limits are chosen on simulated days (tests/engines/forecast/live/test_watch.py measures the false alarms)."""

    every_minutes: int = 60
    """Between updates of the scale."""
    alarm_z: float = 3.5
    """Deviation, in standard deviations of what was expected an hour before, from which it is an alarm."""
    hardly: float = 0.02
    """Probability below which full lanes are an alarm."""
    calm_z: float = 2.5
    """The other gates together are as expected within this."""
    least_expected: float = 30.0
    """Persons in the hour; below it a gate's silence says nothing."""
    shape_cv: float = 0.05
    """How an hour's count differs from any path of the forecast, besides Poisson."""
    error_hours: float = 4.0
    """The forecast's own spreads count as so many hours against today's errors."""
    least_spread: float = 1.15
    """Paths are at least so many times as far apart as the filter leaves them: it takes their shapes for normal."""
    surprise_from: float = 1.5
    """From so many standard deviations on, counts so far may mean other times instead of another size."""
    timing_share: float = 0.4
    """Prior probability that it is the times."""
    timing_sd: float = 0.8
    """How the share that has come by now may then differ, in logits."""
    size_sd: float = 0.3
    """How the day's size may differ otherwise, in logarithms, beside what the forecast says."""
    gate_cv: float = 0.15
    """How a gate's share differs from the expected from day to day, beside what the paths show."""
    gate_walk: float = 0.05
    """How it wanders from hour to hour."""
    hour_cv: float = 0.10
    """How an hour differs from the re-forecast, beside what the paths show: what no model of ours knows."""
    miscount: float = 0.01
    """Of all who entered: by so many the number on site is wrong, as no counter sees everybody."""
    double_from: float = 1.4
    double_to: float = 2.5
    """Seen ÷ expected of a gate that counts everybody twice, perhaps for a part of the hour only."""
    beyond_capacity: float = 1.3
    """Entries in a slot above so many times the capacity of the lanes are no entries."""
    imbalance: float = 0.03
    """More exits than entries so far, as a share of entries, that rounding and lateness do not explain."""
