"""Persons a day, months ahead: city totals from the calendar, an event's attendance from what is known of it."""

from tminus.engines.forecast.attendance.calendar_model import TotalsParams
from tminus.engines.forecast.attendance.daily_forecast import DailyForecast
from tminus.engines.forecast.attendance.totals import forecast_totals

__all__ = ["DailyForecast", "TotalsParams", "forecast_totals"]
