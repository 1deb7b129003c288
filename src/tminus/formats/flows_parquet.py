"""Counts written as the long Parquet table ``time,node,in,out`` that ``flows`` reads."""

from __future__ import annotations

import io

import numpy as np

from tminus.engines.forecast import FlowPanel, ForecastError


def flows_parquet(panel: FlowPanel) -> bytes:
    """The slots of which anything is known; the same panel gives the same bytes.

    :raises ForecastError: days without dates.
    """
    import pyarrow as pa
    from pyarrow import parquet

    if any(one.day is None for one in panel.days):
        raise ForecastError("days without dates; allowed: each day dated")
    day, slot, node = np.nonzero(np.isfinite(panel.values).any(axis=3))
    begin = np.array([one.day for one in panel.days], dtype="datetime64[m]")[day]
    minutes = panel.first_minute + panel.slot_minutes * slot
    columns = {
        "time": pa.array((begin + minutes).astype("datetime64[s]")),
        "node": pa.array(np.asarray(panel.nodes, dtype=object)[node], pa.string()),
    }
    for number, name in enumerate(panel.channels):
        columns[name] = pa.array(panel.values[day, slot, node, number], from_pandas=True)
    target = io.BytesIO()
    parquet.write_table(pa.table(columns), target, compression="zstd")
    return target.getvalue()
