"""Random numbers that are looked up, not drawn one after another: each is a function of (seed, stream, name, sample).

So the same sample of the same task gets the same number whatever thread computes it, whatever else is in the plan, and
in every scenario (common random numbers). Two rounds of a 32-bit mixer (the multipliers are those of C. Wellons's
search, "Prospecting for hash functions", 2018, lowbias32) over a 64-bit key.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.risk.wide import LANES, apart, first_half, real

Keys = NDArray[np.uint32]

_16, _15 = np.uint32(16), np.uint32(15)
_A, _B, _C = np.uint32(0x21F0AAAD), np.uint32(0x735A2D97), np.uint32(0x9E3779B1)
_9 = np.uint32(9)
_UNIT, _HALF = np.float32(2.0**-23), np.float32(2.0**-24)
STEP = np.float32(2.0**-16)


def keys_of(stream: str, names: Iterable[str]) -> Keys:
    """(n, 2): the key of each name within ``stream``."""
    digests = b"".join(blake2b(f"{stream}\0{name}".encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, dtype="<u4").astype(np.uint32).reshape(-1, 2)


@njit(cache=True, nogil=True, inline="always")
def mixed(x):  # type: ignore[no-untyped-def]
    """One round; a permutation of 32-bit numbers."""
    x = np.uint32(x ^ (x >> _16))
    x = np.uint32(x * _A)
    x = np.uint32(x ^ (x >> _15))
    x = np.uint32(x * _B)
    return np.uint32(x ^ (x >> _15))


@njit(cache=True, nogil=True)
def sample_keys(seed, first, out):  # type: ignore[no-untyped-def]
    """Keys of the samples ``first … first + LANES``."""
    low, high = np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)
    for b in range(LANES):
        x = mixed(np.uint32(np.uint32(first + b) ^ mixed(np.uint32(low + _C))))
        out[b] = mixed(np.uint32(x + mixed(np.uint32(high ^ _C))))


@njit(cache=True, nogil=True, inline="always")
def uniform(sample, key_a, key_b):  # type: ignore[no-untyped-def]
    """Between 0 and 1, neither included; 23 bits."""
    x = np.uint32(sample ^ key_a)
    x = np.uint32(x ^ (x >> _16))
    x = np.uint32(x * _A)
    x = np.uint32(x ^ (x >> _15))
    x = np.uint32(np.uint32(x + key_b) * _B)
    x = np.uint32(x ^ (x >> _15))
    x = np.uint32(x * _C)
    return np.float32(np.int32(np.uint32(x >> _9))) * _UNIT + _HALF


@njit(cache=True, nogil=True, forceinline=True)
def numbers(samples, key_a, key_b):  # type: ignore[no-untyped-def]
    """Of all LANES samples that ``samples`` are the keys of, whole numbers below 2¹⁶ as real ones.

    Two samples half the lanes apart have the lower and the upper bits of one number, of the first one's key: a quantile
    in 65,536 steps is finer than minutes are, and costs half."""
    x = first_half(samples) ^ key_a
    x = x ^ (x >> _16)
    x = x * _A
    x = x ^ (x >> _15)
    x = (x + key_b) * _B
    x = x ^ (x >> _15)
    x = x * _C
    return real(apart(x ^ (x >> _15)))
