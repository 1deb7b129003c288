"""Random numbers by counter: a draw depends on the seed and on who draws what for, never on who drew before."""

from __future__ import annotations

import numpy as np
from numba import njit

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 1.0 / 9007199254740992.0


@njit(forceinline=True)
def _mixed(x: np.uint64) -> np.uint64:
    x = (x ^ (x >> _30)) * _FIRST
    x = (x ^ (x >> _27)) * _SECOND
    return x ^ (x >> _31)


@njit(forceinline=True)
def uniform(seed: int, agent: int, leg: int, place: int, use: int) -> float:
    """A number in (0, 1) for what ``agent`` does on ``leg`` at ``place``; ``use`` tells apart what it is drawn for."""
    x = np.uint64(seed) * _GOLDEN + np.uint64(use)
    x = _mixed(x + np.uint64(agent) * _GOLDEN)
    x = _mixed(x ^ (np.uint64(leg) * _SECOND + np.uint64(place) * _FIRST + _GOLDEN))
    return (float(x >> _11) + 0.5) * _TO_UNIT
