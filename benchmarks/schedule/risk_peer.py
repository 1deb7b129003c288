"""The peer of the risk benchmark: numpy over samples, task by task, as a careful Python programmer writes it.

The same semantics as ours: triangular durations, one common factor a unit, causes that happen or not, all four link
types with lags, the pass back and the share of samples in which a task has no float, the sums sensitivity needs.
Samples are taken in blocks whose rows stay in the processor's cache; numbers are as narrow as ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import process_time
from typing import Any

import numpy as np
from case import Case, Ints
from numpy.typing import NDArray

from tminus.engines.schedule.passes import FF, FS, SF, SS
from tminus.engines.schedule.worktime import WorkTime, finish_at, start_at, work_until

Floats = NDArray[np.float32]
Samples = NDArray[Any]
Drawn = tuple[int, float, tuple[float, float, float]]
BLOCK = 1024


@dataclass
class Network:
    """A case in its order; rows of (other task, type, lag) into and out of every task."""

    work: list[int]
    unit: list[int]
    into: list[list[tuple[int, int, int]]]
    out: list[list[tuple[int, int, int]]]
    calendar: list[int]
    keys: list[int] = field(default_factory=list)


def make_network(case: Case, order: Ints, units: int) -> Network:
    n, place = len(order), np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(n)
    into: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
    out: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
    for p, s, k, g in zip(
        *(c.tolist() for c in (place[case.pred], place[case.succ], case.kind, case.lag)), strict=True
    ):
        into[s].append((p, k, g))
        out[p].append((s, k, g))
    return Network(case.work[order].tolist(), (order % units).tolist(), into, out, case.calendar[order].tolist())


@dataclass
class Found:
    """``mean``, ``p80``: of the end in minutes; ``critical`` (n,) by place in the order."""

    mean: float
    p80: float
    critical: NDArray[np.float64]
    taken_s: float


@dataclass
class Tables:
    """Working minutes before each minute, and where each begins and is over; one a calendar, minutes of a horizon."""

    before: list[Samples]
    begins: list[Samples]
    over: list[Samples]


def make_tables(time: WorkTime, begin: int, length: int) -> Tables:
    tables = Tables([], [], [])
    for c in range(len(time.day_minutes)):
        first = int(work_until(time.table, c, begin))
        before = np.array([work_until(time.table, c, begin + t) - first for t in range(length)], dtype=np.int32)
        total = int(before[-1]) + 1
        tables.before.append(before)
        tables.begins.append(
            np.array([start_at(time.table, c, first + w) - begin for w in range(total)], dtype=np.int32)
        )
        tables.over.append(
            np.array([finish_at(time.table, c, first + w) - begin for w in range(total)], dtype=np.int32)
        )
        np.clip(tables.begins[-1], 0, length - 1, out=tables.begins[-1])
        np.clip(tables.over[-1], 0, length - 1, out=tables.over[-1])
    return tables


def simulate(network: Network, samples: int, weight: float, causes: list[Drawn], tables: Tables | None) -> Found:
    """``weight``: of the common factor; ``causes``: each a unit, a probability, a triangle of multiples."""
    random = np.random.default_rng(0)
    ends: list[Samples] = []
    critical = np.zeros(len(network.work))
    began = process_time()
    for first in range(0, samples, BLOCK):
        count = min(BLOCK, samples - first)
        durations = _durations(network, count, weight, causes, random)
        _, finish = (_early if tables is None else _early_dated)(network, durations, tables)
        end = np.max(finish, axis=0)
        late = (_late if tables is None else _late_dated)(network, durations, end, tables)
        critical += _no_float(network, finish, late, tables)
        planned = np.array(network.work, dtype=np.float32)[:, None]
        spread = durations - planned
        np.einsum("ij->i", spread), np.einsum("ij,ij->i", spread, spread), spread @ end.astype(np.float32)
        ends.append(end)
    together = np.concatenate(ends)
    taken = process_time() - began
    return Found(float(together.mean()), float(np.quantile(together, 0.8)), critical / samples, taken)


def simulate_all_at_once(network: Network, samples: int) -> float:
    """Seconds of the plain way: all samples at once, double precision, triangular durations drawn by numpy itself, both
    passes and how often each task has no float; no causes, no correlation, no sums of sensitivity."""
    random = np.random.default_rng(0)
    began = process_time()
    durations = np.zeros((len(network.work), samples))
    for i, own in enumerate(network.work):
        if own:
            durations[i] = random.triangular(0.9 * own, own, 1.3 * own, samples)
    _, finish = _early(network, durations, None)
    late = _late(network, durations, finish.max(axis=0), None)
    _ = (late - finish <= 1e-6).mean(axis=1)
    return process_time() - began


def _triangle(u: Floats, low: float, mode: float, high: float) -> Floats:
    top = np.float32((mode - low) / (high - low))
    left = u < top
    root = np.sqrt(np.where(left, u * top, (1 - u) * (1 - top)))
    found: Floats = np.float32(low) + np.float32(high - low) * np.where(left, root, 1 - root)
    return found


def _joined(common: Floats, own: Floats, a: float) -> Floats:
    less, more = np.float32(min(a, 1 - a)), np.float32(max(a, 1 - a))
    x = np.float32(a) * common + np.float32(1 - a) * own
    ends = np.where(x < less, x * x, (1 - x) * (1 - x)) / (2 * less * more)
    middle = (x - less / 2) / more
    joined: Floats = np.where(x < less, ends, np.where(x > more, 1 - ends, middle))
    return joined


def _durations(
    network: Network, count: int, weight: float, causes: list[Drawn], random: np.random.Generator
) -> Samples:
    units = max(network.unit) + 1
    common = random.random((units, count), dtype=np.float32)
    factor: dict[int, Floats] = {}
    for unit, chance, triangle in causes:
        happens = random.random(count, dtype=np.float32) < chance
        impact = np.where(happens, _triangle(random.random(count, dtype=np.float32), *triangle), np.float32(1))
        factor[unit] = factor.get(unit, np.float32(1)) * impact
    out = np.zeros((len(network.work), count), dtype=np.int32)
    for i, own in enumerate(network.work):
        if own == 0:
            continue
        u = _joined(common[network.unit[i]], random.random(count, dtype=np.float32), weight)
        value = _triangle(u, 0.9 * own, own, 1.3 * own)
        if network.unit[i] in factor:
            value = value * factor[network.unit[i]]
        out[i] = value + np.float32(0.5)
    return out


def _early(network: Network, durations: Samples, _: Tables | None) -> tuple[Samples, Samples]:
    start, finish = np.zeros_like(durations), np.zeros_like(durations)
    for i, links in enumerate(network.into):
        row, own = start[i], durations[i]
        for p, kind, lag in links:
            t = (finish if kind in (FS, FF) else start)[p] + lag
            np.maximum(row, t - own if kind in (FF, SF) else t, out=row)
        np.add(row, own, out=finish[i])
    return start, finish


def _late(network: Network, durations: Samples, end: Samples, _: Tables | None) -> Samples:
    late = np.empty_like(durations)
    for i in range(len(network.out) - 1, -1, -1):
        row, own = late[i], durations[i]
        row[:] = end
        for s, kind, lag in network.out[i]:
            t = (late[s] if kind in (FF, SF) else late[s] - durations[s]) - lag
            np.minimum(row, t + own if kind in (SS, SF) else t, out=row)
    return late


def _early_dated(network: Network, durations: Samples, tables: Tables | None) -> tuple[Samples, Samples]:
    assert tables is not None
    start, finish = np.zeros_like(durations), np.zeros_like(durations)
    for i, links in enumerate(network.into):
        own, before = durations[i], tables.before[network.calendar[i]]
        if network.work[i] == 0:
            finish[i] = start[i] = _milestone(links, start, finish, tables, network.calendar[i])
            continue
        w = np.zeros_like(own)
        for p, kind, lag in links:
            t = before[(finish if kind in (FS, FF) else start)[p]] + lag
            np.maximum(w, t - own if kind in (FF, SF) else t, out=w)
        finish[i] = tables.over[network.calendar[i]][w + own]
        start[i] = tables.begins[network.calendar[i]][w]
    return start, finish


def _milestone(
    links: list[tuple[int, int, int]], start: Samples, finish: Samples, tables: Tables, calendar: int
) -> Samples:
    """Where the last of what it waits for ended, if its calendar works up to there, else its next working minute."""
    before, begins, over = tables.before[calendar], tables.begins[calendar], tables.over[calendar]
    last = np.zeros_like(start[0])
    for p, kind, lag in links:
        t = (finish if kind in (FS, FF) else start)[p]
        if lag:
            t = (over if lag > 0 else begins)[np.maximum(before[t] + lag, 0)]
        np.maximum(last, t, out=last)
    w = before[last]
    evening = over[w]
    return np.where(last == evening, evening, begins[w])


def _late_dated(network: Network, durations: Samples, end: Samples, tables: Tables | None) -> Samples:
    """Latest finishes in working minutes of each task's calendar."""
    assert tables is not None
    late = np.empty_like(durations)
    for i in range(len(network.out) - 1, -1, -1):
        own, before = durations[i], tables.before[network.calendar[i]]
        w = before[end]
        for s, kind, lag in network.out[i]:
            reached = late[s] - durations[s] if kind in (FS, SS) else late[s]
            at = tables.begins[network.calendar[s]][np.maximum(reached - lag, 0)]
            t = (
                before[at + 1] - 1 if kind in (SS, SF) and network.work[i] else before[at]
            )  # a start is met to the minute
            np.minimum(w, t + own if kind in (SS, SF) else t, out=w)
        late[i] = w
    return late


def _no_float(network: Network, finish: Samples, late: Samples, tables: Tables | None) -> NDArray[np.float64]:
    if tables is None:
        return np.count_nonzero(late <= finish, axis=1).astype(np.float64)
    own = np.stack([tables.before[c][finish[i]] for i, c in enumerate(network.calendar)])
    return np.count_nonzero(late <= own, axis=1).astype(np.float64)
