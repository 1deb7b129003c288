"""From a day's attendance to arrivals, queues, people on site and departures, before any gate was counted and after."""

from tminus.engines.forecast.arrivals.attendance import DailyAttendance
from tminus.engines.forecast.arrivals.baseline import Baseline, baseline_of
from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.expansion import expand
from tminus.engines.forecast.arrivals.learned import Learned
from tminus.engines.forecast.arrivals.learning import learn
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site import Audience, Booked, Gate, Hall, Opened, Site, Terminal, Tickets, Wave
from tminus.engines.forecast.arrivals.site_day import SITE, SiteDay
from tminus.engines.forecast.arrivals.stations import StationDay, event_at_stations, over_baseline
from tminus.engines.forecast.arrivals.travel_times import Ride, travel_times

__all__ = [
    "SITE", "ArrivalParams", "Audience", "Baseline", "Booked", "DailyAttendance", "DayGrid", "Gate", "Hall", "Learned",
    "Opened", "Ride", "Site", "SiteDay", "StationDay", "Terminal", "Tickets", "Wave", "baseline_of",
    "event_at_stations", "expand", "learn", "over_baseline", "travel_times",
]  # fmt: skip
