"""The stronger layer: boosted trees on what the linear stage leaves, cross-fitted over blocks of days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Cells
from tminus.engines.forecast.nowcast.params import NowcastParams

SHARES = (1.0, 0.8, 0.6, 0.4, 0.2, 0.0)
OBJECTIVES = ("l1", "l2")
"""Their mean is taken: the median errs least, the mean is unbiased; both measured better together (docs)."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosters of every fold and objective; ``share`` of their mean is added to the linear stage's residual."""

    boosters: tuple[tuple[Any, ...], ...]
    share: float = 1.0
    reach: float = np.inf

    def trust(self, expected: Cells) -> Cells:
        """How far their correction of an expected residual counts: less the farther it lies beyond what was learned."""
        found: Cells = np.minimum(1, self.reach / np.maximum(np.abs(expected), 1e-9)) ** 2
        return found.astype(np.float32)

    def expected(self, rows: NDArray[np.float32], threads: int) -> NDArray[np.float32]:
        """What is left of the residual, [row]."""
        every = [one.predict(rows, num_threads=threads) for fold in self.boosters for one in fold]
        return np.asarray(np.mean(every, axis=0), dtype=np.float32) * np.float32(self.share)

    def held_out(self, rows: NDArray[np.float32], fold: NDArray[np.int64], threads: int) -> NDArray[np.float32]:
        """The same by the boosters that have not learned a row's fold."""
        out = np.zeros(len(rows), dtype=np.float32)
        for number, boosters in enumerate(self.boosters):
            part = fold == number
            if part.any():
                out[part] = np.mean([one.predict(rows[part], num_threads=threads) for one in boosters], axis=0)
        return out * np.float32(self.share)


def grow(
    rows: NDArray[np.float32],
    target: NDArray[np.float32],
    weight: NDArray[np.float32],
    fold: NDArray[np.int64],
    params: NowcastParams,
) -> Trees:
    """Boosters on all folds but one, for each fold; ``weight``: the scale by which a residual becomes persons."""
    folds = int(fold.max()) + 1
    grown = []
    for number in range(folds):
        kept = fold != number if folds > 1 else np.ones(len(fold), dtype=np.bool_)
        grown.append(
            tuple(_booster(rows[kept], target[kept], weight[kept], objective, params) for objective in OBJECTIVES)
        )
    trees = Trees(tuple(grown))
    return replace(trees, share=_share(trees.held_out(rows, fold, params.threads), target, weight))


def _share(found: NDArray[np.float32], target: NDArray[np.float32], weight: NDArray[np.float32]) -> float:
    """How much of what trees say of days they have not seen is true: few days teach them little that lasts."""
    return min(SHARES, key=lambda share: float((np.abs(target - share * found) * weight).mean()))


def _booster(
    rows: NDArray[np.float32],
    target: NDArray[np.float32],
    weight: NDArray[np.float32],
    objective: str,
    params: NowcastParams,
) -> Any:
    from lightgbm import Dataset, train

    settings = {
        "objective": objective,
        "learning_rate": params.learning_rate,
        "num_leaves": params.leaves,
        "min_data_in_leaf": int(np.clip(len(rows) // 2000, 20, 300)),
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "max_bin": 127,
        "lambda_l2": 1.0,
        "num_threads": params.threads,
        "deterministic": True,
        "force_row_wise": True,
        "seed": params.seed,
        "verbosity": -1,
    }
    power = weight if objective == "l1" else weight**2
    data = Dataset(rows, target, weight=power / power.mean(), free_raw_data=True)
    return train(settings, data, num_boost_round=params.trees)
