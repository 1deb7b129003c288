"""Passenger flows predicted: months ahead, a day ahead, minutes ahead, with intervals one can plan on."""

from tminus.engines.forecast.nowcast.forecaster import FlowForecaster
from tminus.engines.forecast.nowcast.params import NowcastParams
from tminus.engines.forecast.panel import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.prediction import LEVELS, Forecast

__all__ = ["LEVELS", "DayContext", "FlowForecaster", "FlowPanel", "Forecast", "ForecastError", "NowcastParams"]
