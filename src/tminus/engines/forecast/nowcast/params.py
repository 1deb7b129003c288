"""Settings of the nowcast: every default with its unit, meaning and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["strict", "operational"]
ModelName = Literal["profile", "ridge", "lightgbm"]


@dataclass(frozen=True, slots=True)
class NowcastParams:
    """``history``, ``horizon``: slots seen and slots predicted. ``mode``: ``strict`` knows the ``history`` slots before
    the origin and statistics of the training days; ``operational`` also every other slot before the origin.
    ``lead_days``: days between the end of training and the days to come (strict only), for which the profile is chosen.
    ``folds``: blocks of days for cross-validation; ``tree_folds``: those of the trees.
    ``factors``: most lagged components of all nodes in the ridge. ``rows``: most rows the trees learn from.
    ``trees``, ``leaves``, ``learning_rate``: of each booster. ``threads``: of LightGBM. ``seed``: of all that is drawn.
    """

    history: int = 4
    horizon: int = 4
    mode: Mode = "operational"
    model: ModelName = "lightgbm"
    lead_days: int = 0
    folds: int = 5
    tree_folds: int = 3
    factors: int = 512
    rows: int = 400_000
    trees: int = 120
    leaves: int = 31
    learning_rate: float = 0.06
    threads: int = 1
    seed: int = 0
