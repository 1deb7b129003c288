"""The ticker: what happens by itself as the event's clock runs, once, also after a restart and under two tickers."""

from tminus.platform.ticker.daily import daily
from tminus.platform.ticker.hourly import hourly
from tminus.platform.ticker.tick import tick, tick_all

__all__ = ["daily", "hourly", "tick", "tick_all"]
