"""Who left a way lately, counted in bins of time: agents and fluid know by it how many gaps have come back.

``w`` is a way's record with ``bin``, the present bin, and ``hole_s``, seconds of a bin; ``holes[row]`` are its bins,
which are used again in turn.
"""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner

# mypy: disable-error-code="no-untyped-def"

HOLE_BINS = 64
"""Bins in which leavings of a way are remembered; the slowest wave passes in all of them."""


@inner
def turn_holes(w, holes, row, at):
    """Forget the leavings of bins that are over; ``at``: the time the present bin holds."""
    now = int(at / w.hole_s)
    if now <= w.bin:
        return
    for k in range(max(w.bin + 1, now - HOLE_BINS + 1), now + 1):
        holes[row, k & (HOLE_BINS - 1)] = 0
    w.bin = now


@inner
def note_leaving(w, holes, row, at, persons):
    """``persons`` leave the way at its end at ``at``."""
    turn_holes(w, holes, row, at)
    holes[row, w.bin & (HOLE_BINS - 1)] += persons


@inner
def left_within(w, holes, row, at, seconds):
    """How many left the way at its end within the last ``seconds`` before ``at``; of the oldest bin a part."""
    begun = max(at - w.bin * w.hole_s, 1e-9)
    now = holes[row, w.bin & (HOLE_BINS - 1)]
    if seconds <= begun:
        return now * seconds / begun
    bins = min((seconds - begun) / w.hole_s, HOLE_BINS - 2.0)
    whole = int(bins)
    count = float(now)
    for k in range(1, whole + 1):
        count += holes[row, (w.bin - k) & (HOLE_BINS - 1)]
    return count + (bins - whole) * holes[row, (w.bin - whole - 1) & (HOLE_BINS - 1)]
