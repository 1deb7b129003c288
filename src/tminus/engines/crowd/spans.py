"""Seconds the parts of a plan took, told with every plan."""

from __future__ import annotations


def spans(begun: dict[str, float], end: float) -> dict[str, float]:
    """Seconds of each part; ``begun``: a stopwatch when each part began, in order; ``end``: when the last was over."""
    moments = [*begun.values(), end]
    return {name: moments[n + 1] - moments[n] for n, name in enumerate(begun)}
