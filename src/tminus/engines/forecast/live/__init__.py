"""A day re-forecast from what is counted, and alarms when reality leaves the interval."""

from tminus.engines.forecast.live.alarm import SENSOR, Alarm
from tminus.engines.forecast.live.params import LiveParams
from tminus.engines.forecast.live.readings import Counts, Reading, Tally, counts_of
from tminus.engines.forecast.live.reforecast import Reforecast, reforecast
from tminus.engines.forecast.live.scale import Scale, scale_of
from tminus.engines.forecast.live.watch import Watch, Watched

__all__ = [
    "SENSOR",
    "Alarm",
    "Counts",
    "LiveParams",
    "Reading",
    "Reforecast",
    "Scale",
    "Tally",
    "Watch",
    "Watched",
    "counts_of",
    "reforecast",
    "scale_of",
]
