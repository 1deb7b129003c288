"""Passenger flows predicted: months ahead, a day ahead, minutes ahead, with intervals one can plan on."""

from tminus.engines.forecast.panel import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.prediction import LEVELS, Forecast

__all__ = ["LEVELS", "DayContext", "FlowPanel", "Forecast", "ForecastError"]
