"""How good a forecast would have been: scored on days it had not seen."""

from tminus.engines.forecast.evaluation.evaluate import Evaluation, evaluate
from tminus.engines.forecast.evaluation.protocol import Protocol
from tminus.engines.forecast.evaluation.scores import Tally

__all__ = ["Evaluation", "Protocol", "Tally", "evaluate"]
