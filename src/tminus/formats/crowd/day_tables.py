"""A simulated day as tables: a row a slot and link, gate or node, a row a departure, in Parquet and CSV."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.level_of_service import LEVELS, levels_by_slot, worst_by_slot
from tminus.engines.crowd.network import Network

Named = Callable[[float], str]


def time_names(start: datetime | None) -> Named:
    """How instants are written: date-times after ``start``, or without one hours, minutes and seconds."""
    if start is None:
        return lambda at: f"{int(at) // 3600:02d}:{int(at) // 60 % 60:02d}:{int(at) % 60:02d}"
    return lambda at: (start + timedelta(seconds=round(at))).isoformat()


def slot_begins(result: DayResult) -> NDArray[np.float64]:
    """[slot] seconds after the start."""
    return np.arange(len(result.occupancy), dtype=np.float64) * result.slot_s


def day_tables(network: Network, result: DayResult, start: datetime | None) -> dict[str, bytes]:
    """Files by name: occupancy and flows (both kinds), gates, waiting, rides, arrivals."""
    named = time_names(start)
    occupancy, flows = _occupancy(network, result, named), _flows(result, named)
    return {
        "occupancy.parquet": _parquet(occupancy),
        "occupancy.csv": _csv(occupancy),
        "flows.parquet": _parquet(flows),
        "flows.csv": _csv(flows),
        "gates.csv": _csv(_gates(result, named)),
        "waiting.csv": _csv(_waiting(result, named)),
        "rides.csv": _csv(_rides(result, named)),
        "arrivals.csv": _csv(_arrivals(result, named)),
    }


def _grid(result: DayResult, ids: Sequence[str], column: str, named: Named) -> dict[str, pa.Array]:
    """The first columns of a table with a row a slot and element."""
    begins = slot_begins(result)
    slots = np.repeat(np.arange(len(begins), dtype=np.int32), len(ids))
    each = np.tile(np.arange(len(ids), dtype=np.int32), len(begins))
    times = pa.array([named(at) for at in begins], pa.string())
    return {
        "time": times.take(pa.array(slots)),
        "from_s": pa.array(begins[slots]),
        column: pa.array(ids, pa.string()).take(pa.array(each)),
    }


def _letters(levels: NDArray[np.int8]) -> pa.Array:
    return pa.array(list(LEVELS), pa.string()).take(pa.array(levels.ravel()))


def _figures(values: NDArray[np.float32], digits: int = 4) -> pa.Array:
    return pa.array(np.round(values.ravel().astype(np.float64), digits), from_pandas=True)


def _occupancy(network: Network, result: DayResult, named: Named) -> pa.Table:
    return pa.table({
        **_grid(result, result.links, "link", named),
        "persons": _figures(result.occupancy),
        "density_p_m2": _figures(result.density),
        "level": _letters(levels_by_slot(network, result)),
        "worst_minute_p_m2": _figures(result.peak_density),
        "worst_level": _letters(worst_by_slot(network, result)),
    })  # fmt: skip


def _flows(result: DayResult, named: Named) -> pa.Table:
    return pa.table({
        **_grid(result, result.links, "link", named),
        "left_at_end": pa.array(result.outflow[:, :, 0].ravel()),
        "left_at_start": pa.array(result.outflow[:, :, 1].ravel()),
    })  # fmt: skip


def _gates(result: DayResult, named: Named) -> pa.Table:
    gates = result.gates
    return pa.table({
        **_grid(result, gates.ids, "gate", named),
        "queue": _figures(gates.queue, 2),
        "served": pa.array(gates.served.ravel()),
        "wait_s": _figures(gates.wait_s, 1),
    })  # fmt: skip


def _waiting(result: DayResult, named: Named) -> pa.Table:
    return pa.table({**_grid(result, result.nodes, "node", named), "persons": _figures(result.waiting, 2)})


def _rides(result: DayResult, named: Named) -> pa.Table:
    rides = result.rides
    return pa.table({
        "time": pa.array([named(at) for at in rides.depart_s], pa.string()),
        "depart_s": pa.array(rides.depart_s),
        "run": pa.array(rides.run, pa.string()),
        "line": pa.array(rides.line, pa.string()),
        "stop": pa.array(rides.stop, pa.string()),
        "boarded": pa.array(rides.boarded),
        "on_board": pa.array(rides.on_board),
        "left_behind": pa.array(rides.left_behind),
    })  # fmt: skip


def _arrivals(result: DayResult, named: Named) -> pa.Table:
    """Whose trips ended in a slot, and what they lost beyond walking and riding freely."""
    begins = slot_begins(result)
    there = np.isfinite(result.arrived_s)
    slot = np.minimum((result.arrived_s[there] // result.slot_s).astype(np.int64), max(len(begins) - 1, 0))
    arrived = np.bincount(slot, minlength=len(begins))
    lost = np.bincount(slot, weights=result.lost_s[there], minlength=len(begins))
    mean = np.divide(lost, arrived, out=np.full(len(begins), np.nan), where=arrived > 0)
    return pa.table({
        "time": pa.array([named(at) for at in begins], pa.string()),
        "from_s": pa.array(begins),
        "arrived": pa.array(arrived),
        "arrived_so_far": pa.array(np.cumsum(arrived)),
        "mean_lost_s": _figures(mean, 1),
    })  # fmt: skip


def _csv(table: pa.Table) -> bytes:
    out = io.BytesIO()
    csv.write_csv(table, out, csv.WriteOptions(quoting_style="needed"))
    return out.getvalue()


def _parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()
