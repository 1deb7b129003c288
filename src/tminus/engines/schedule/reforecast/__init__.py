"""Re-forecast from progress: what the reports say of the plan, and what they say of what is left.

>>> found = reforecast(schedule)                                  # doctest: +SKIP
>>> found.earned.index, found.ends.quantile(0.8)                  # doctest: +SKIP
"""

from tminus.engines.schedule.reforecast.distribution import Distribution, distribution_of
from tminus.engines.schedule.reforecast.earned_schedule import EarnedSchedule, earned_schedule
from tminus.engines.schedule.reforecast.factors import Factor, Factors, Observation, class_of, learn, observations_of
from tminus.engines.schedule.reforecast.out_of_sequence import OutOfSequence, out_of_sequence
from tminus.engines.schedule.reforecast.reforecast import Reforecast, calibrated_plan, causes_of, reforecast

__all__ = [
    "Distribution",
    "EarnedSchedule",
    "Factor",
    "Factors",
    "Observation",
    "OutOfSequence",
    "Reforecast",
    "calibrated_plan",
    "causes_of",
    "class_of",
    "distribution_of",
    "earned_schedule",
    "learn",
    "observations_of",
    "out_of_sequence",
    "reforecast",
]
