"""How the loops of the simulation are compiled: into one function, which counts no references.

The loops hand about sixty arrays on to one another. Copied at every call, with references counted each time, that took
thirty times as long as the simulation itself. Nothing in here makes or keeps an array, so that nothing need be counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

_njit: Any = njit  # its annotations do not know of ``_nrt``

inner: Callable[..., Any] = _njit(forceinline=True, no_cpython_wrapper=True, _nrt=False)
"""A part of a loop: becomes code of whoever calls it, and cannot be called from Python."""

outer: Callable[..., Any] = _njit(cache=True, nogil=True, _nrt=False)
"""What Python calls; kept on disk."""
