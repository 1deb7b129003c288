"""Schedule risk: how likely each checkpoint is to be passed, which tasks and causes endanger it, what would help.

>>> risk = simulate(schedule, samples=10_000, drivers=[RiskDriver("permits", ...)], seed=0)  # doctest: +SKIP
>>> risk.checkpoints[-1].p_ready                                                           # doctest: +SKIP
"""

from tminus.engines.schedule.risk.buffered import Buffered, CheckpointBuffer, buffered
from tminus.engines.schedule.risk.causes import Branch, Cause, Hits, RiskDriver, Scenario, WeatherCalendar
from tminus.engines.schedule.risk.classes import CLASSES
from tminus.engines.schedule.risk.prepare import RiskParams
from tminus.engines.schedule.risk.result import CauseRisk, CheckpointRisk, Outcome, Risk, TaskRisk
from tminus.engines.schedule.risk.simulate import simulate
from tminus.engines.schedule.risk.warm_up import warm_up_risk

__all__ = [
    "CLASSES",
    "Branch",
    "Buffered",
    "Cause",
    "CauseRisk",
    "CheckpointBuffer",
    "CheckpointRisk",
    "Hits",
    "Outcome",
    "Risk",
    "RiskDriver",
    "RiskParams",
    "Scenario",
    "TaskRisk",
    "WeatherCalendar",
    "buffered",
    "simulate",
    "warm_up_risk",
]
