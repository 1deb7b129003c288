"""Readings of an event folder's counters, exactly as they came: ``counts.parquet`` beside ``counters.csv``."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.formats.problems import BadFile

FILE = "counts.parquet"
COLUMNS = ("counter", "time", "seq", "in", "out", "doubtful")
LARGEST = 2**31 - 1


class Readings(NamedTuple):
    """Of one counter, in order of time: ``at`` seconds since 1970 UTC; ``seq`` its own number, −1 where it has none;
    ``ins`` and ``outs`` as read; ``doubtful``: two different ones came for this second."""

    counter: str
    at: NDArray[np.int64]
    seq: NDArray[np.int64]
    ins: NDArray[np.int64]
    outs: NDArray[np.int64]
    doubtful: NDArray[np.bool_]


def write_readings(path: Path, readings: Iterable[Readings]) -> int:
    """Write the readings of every counter, one row group each; how many there are. Without any there is no file."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema(
        zip(
            COLUMNS,
            (pa.string(), pa.timestamp("s", "UTC"), pa.int64(), pa.int32(), pa.int32(), pa.bool_()),
            strict=True,
        )
    )
    written, writer = 0, None
    try:
        for one in readings:
            writer = writer or parquet.ParquetWriter(path, schema, compression="zstd")
            columns = [[one.counter] * len(one.at), one.at.astype("datetime64[s]"), *one[2:]]
            arrays = [pa.array(values, kind.type) for values, kind in zip(columns, schema, strict=True)]
            writer.write_table(pa.table(arrays, schema=schema))
            written += len(one.at)
    finally:
        if writer is not None:
            writer.close()
    return written


def read_readings(name: str, content: bytes) -> Iterator[Readings]:
    """Every run of rows of one counter, as they stand in the file.

    :raises BadFile: not such a table, or a value that cannot be.
    """
    from pyarrow import ArrowException, parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        missing = [one for one in COLUMNS if one not in file.schema_arrow.names]
        if missing:
            raise BadFile(f"{name}: no column {missing[0]!r}; allowed: {', '.join(COLUMNS)}")
        for group in range(file.num_row_groups):
            yield from _runs(name, file.read_row_group(group, list(COLUMNS)))
    except (ArrowException, OSError, ValueError) as error:
        raise BadFile(f"{name}: is no table of readings ({str(error).splitlines()[0]})") from error


def _runs(name: str, table: Any) -> Iterator[Readings]:
    import pyarrow as pa

    if any(table[one].null_count for one in COLUMNS):
        raise BadFile(f"{name}: empty cells; allowed: a value in each of {', '.join(COLUMNS)}")
    codes = table["counter"].cast(pa.string()).to_numpy()
    at = np.asarray(table["time"].cast(pa.timestamp("s"), safe=False).to_numpy(), "datetime64[s]").astype(np.int64)
    seq, ins, outs = (table[one].cast(pa.int64()).to_numpy() for one in ("seq", "in", "out"))
    if len(ins) and (min(ins.min(), outs.min()) < 0 or max(ins.max(), outs.max()) > LARGEST):
        raise BadFile(f"{name}: persons from {min(ins.min(), outs.min())}; allowed: 0 … {LARGEST}")
    doubtful = table["doubtful"].cast(pa.bool_()).to_numpy()
    bounds = [0, *(np.flatnonzero(codes[1:] != codes[:-1]) + 1), len(codes)]
    for begin, end in pairwise(bounds):
        if end > begin:
            part = slice(begin, end)
            yield Readings(str(codes[begin]), at[part], seq[part], ins[part], outs[part], doubtful[part])
