"""What came, held against what was forecast."""

from __future__ import annotations

from dataclasses import dataclass

from tminus.engines.forecast.prediction import LEVELS

LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Of counts told to :meth:`FlowForecaster.observe`: how many had been forecast, the mean absolute error in persons,
    and the share inside the 80 % interval; None where nothing had been forecast. ``widths[step, size class]``: factors
    the intervals now have."""

    scored: int
    mae: float | None
    coverage80: float | None
    widths: tuple[tuple[float, ...], ...]
