"""Persons a day, months ahead: city totals from the calendar, an event's attendance from what is known of it."""

from tminus.engines.forecast.attendance.attendance_forecast import AttendanceForecast
from tminus.engines.forecast.attendance.attendance_model import AttendanceModel, AttendanceParams
from tminus.engines.forecast.attendance.beliefs import ASSUMED, Analogue, Belief, beliefs_from, pooled
from tminus.engines.forecast.attendance.calendar_model import TotalsParams
from tminus.engines.forecast.attendance.daily_forecast import DailyForecast
from tminus.engines.forecast.attendance.effect_sizes import EffectSize, effect_sizes
from tminus.engines.forecast.attendance.event_outlook import EventOutlook
from tminus.engines.forecast.attendance.registrations import Registrations
from tminus.engines.forecast.attendance.totals import forecast_totals
from tminus.engines.forecast.attendance.turned_away import spread_turned_away

__all__ = [
    "ASSUMED",
    "Analogue",
    "AttendanceForecast",
    "AttendanceModel",
    "AttendanceParams",
    "Belief",
    "DailyForecast",
    "EffectSize",
    "EventOutlook",
    "Registrations",
    "TotalsParams",
    "beliefs_from",
    "effect_sizes",
    "forecast_totals",
    "pooled",
    "spread_turned_away",
]
