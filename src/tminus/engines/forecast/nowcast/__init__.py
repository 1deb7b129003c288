"""Minutes ahead: profile → scaled residual → ridge on all series → boosted trees, with calibrated intervals."""

from typing import get_args

from tminus.engines.forecast.nowcast.coverage import CoverageReport
from tminus.engines.forecast.nowcast.explanation import Explanation
from tminus.engines.forecast.nowcast.params import Mode, ModelName, NowcastParams

MODES: tuple[str, ...] = get_args(Mode)
MODELS: tuple[str, ...] = get_args(ModelName)

__all__ = ["MODELS", "MODES", "CoverageReport", "Explanation", "Mode", "ModelName", "NowcastParams"]
