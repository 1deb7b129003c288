"""The readings of a counter's hour: how two for the same second are joined, and how they are packed.

Joining is commutative, associative and idempotent (a join semilattice), so readings that come late, twice or out of
order end in the same state as those that come as they should.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import NamedTuple

HOUR_S = 3600
UNNUMBERED = -1


class Reading(NamedTuple):
    """Persons in and out as read; ``seq`` −1: not numbered. ``doubtful``: two different ones came for this second."""

    seq: int
    ins: int
    outs: int
    doubtful: bool = False


Block = dict[int, Reading]
"""Second of the hour → what was read."""


def joined(one: Reading, other: Reading) -> Reading:
    """The higher number is a correction and wins; under the same number the larger count stands, and is doubtful."""
    if one.seq != other.seq:
        return max(one, other, key=lambda reading: reading.seq)
    larger = max(one, other)
    doubtful = one.doubtful or other.doubtful or (one.ins, one.outs) != (other.ins, other.outs)
    return Reading(larger.seq, larger.ins, larger.outs, doubtful)


def packed(block: Mapping[int, Reading]) -> bytes:
    """Column by column in order of time, compressed."""
    rows = sorted(block.items())
    n = len(rows)
    seconds = [second for second, _ in rows]
    seqs, ins, outs, doubts = zip(*(reading for _, reading in rows), strict=True)
    return zlib.compress(struct.pack(f"<{n}H{n}q{n}i{n}i{n}B", *seconds, *seqs, *ins, *outs, *doubts), 1)


ONE_B = struct.calcsize("<HqiiB")


def unpacked(content: bytes | memoryview) -> Block:
    plain = zlib.decompress(content)
    n = len(plain) // ONE_B
    flat = struct.unpack(f"<{n}H{n}q{n}i{n}i{n}B", plain)
    columns = (flat[k * n : (k + 1) * n] for k in range(5))
    return {
        second: Reading(seq, ins, outs, bool(doubt)) for second, seq, ins, outs, doubt in zip(*columns, strict=True)
    }
