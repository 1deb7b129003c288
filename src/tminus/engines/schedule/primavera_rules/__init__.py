"""A plan re-scheduled by the rules of Primavera P6."""

from tminus.engines.schedule.primavera_rules.activities import Compiled, compile_plan
from tminus.engines.schedule.primavera_rules.own_dates import Found, own_dates, schedule_compiled

__all__ = ["Compiled", "Found", "compile_plan", "own_dates", "schedule_compiled"]
