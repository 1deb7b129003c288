"""A binary heap of whole numbers in an array: its first place holds how many there are."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner

# mypy: disable-error-code="no-untyped-def"


@inner
def push(heap, key):
    """``key`` joins; ``heap`` has room."""
    heap[0] += 1
    at = heap[0]
    while at > 1 and heap[at >> 1] > key:
        heap[at] = heap[at >> 1]
        at >>= 1
    heap[at] = key


@inner
def pop(heap):
    """The least, no longer in it; ``heap`` is not empty."""
    least, last = heap[1], heap[heap[0]]
    heap[0] -= 1
    at, below = 1, 2
    while below <= heap[0]:
        if below < heap[0] and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[at] = heap[below]
        at = below
        below = 2 * at
    heap[at] = last
    return least
