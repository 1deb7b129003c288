"""Queues and waits of open lanes, worked out anew from nothing but arrivals and lanes, in steps of fifteen seconds.

First come, first served, every lane serving at its mean: who comes k-th is served when the served reach k.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints

FINE_S = 15.0


@dataclass(frozen=True, slots=True)
class GateCheck:
    """What lanes come to on the paths of a day.

    :param mean_wait_s: over everybody of all paths; ``p90_wait_s``, ``longest_wait_s``: of persons.
    :param late_share: who waits beyond the target. ``longest_queue``: [gate] persons, on the worst path.
    :param wait_s: [path, gate, step] longest wait of who comes in a step. ``left``: persons not served at the end.
    """

    policy: str
    lane_hours: float
    mean_wait_s: float
    p90_wait_s: float
    longest_wait_s: float
    late_share: float
    left: float
    longest_queue: Floats
    wait_s: Floats

    def as_json(self) -> dict[str, Any]:
        """Figures of one policy."""
        return {
            "policy": self.policy,
            "lane_hours": round(self.lane_hours, 2),
            "mean_wait_s": round(self.mean_wait_s, 1),
            "p90_wait_s": round(self.p90_wait_s, 1),
            "longest_wait_s": round(self.longest_wait_s, 1),
            "late_share": round(self.late_share, 4),
            "left": round(float(self.left), 1),
            "longest_queue": round(float(self.longest_queue.max(initial=0.0)), 1),
        }


def check(day: GateDay, lanes: Ints, arrivals: Floats, policy: str) -> GateCheck:
    """``lanes`` [gate, slot] (or [path, gate, step]) against ``arrivals`` [path, gate, step], those sent moved."""
    paths, gates, _ = arrivals.shape
    waits, weights, values = np.zeros(arrivals.shape), [], []
    open_ = np.broadcast_to(np.repeat(lanes, day.slot_steps, axis=1) if lanes.ndim == 2 else lanes, arrivals.shape)
    rate = open_ / np.array([gate.mean_s for gate in day.gates])[:, None]
    coming, served, queue, dt = _served(arrivals, rate, day.step_s)
    for p in range(paths):
        for g in range(gates):
            each, worst = _waits(coming[p, g], served[p, g], dt)
            values.append(each)
            weights.append(coming[p, g])
            waits[p, g] = worst.reshape(arrivals.shape[2], -1).max(axis=1)
    wait, weight = np.concatenate(values), np.concatenate(weights)
    order = np.argsort(wait)
    rank = np.cumsum(weight[order]) / max(weight.sum(), 1e-12)
    return GateCheck(
        policy=policy,
        lane_hours=float(open_.sum() / paths * day.step_s / 3600),
        mean_wait_s=float(wait @ weight / max(weight.sum(), 1e-12)),
        p90_wait_s=float(wait[order][min(int(np.searchsorted(rank, 0.9)), len(wait) - 1)]),
        longest_wait_s=float(wait[weight > 0].max(initial=0.0)),
        late_share=float(weight[wait > day.target_wait_s + 1.0].sum() / max(weight.sum(), 1e-12)),
        left=float(queue[:, :, -1].sum() / paths),
        longest_queue=queue.max(axis=(0, 2)),
        wait_s=waits,
    )


def _served(arrivals: Floats, rate: Floats, step_s: float) -> tuple[Floats, Floats, Floats, float]:
    """[path, gate, fine step] who come, who are served, who wait at the end; seconds of a fine step."""
    fine = max(round(step_s / FINE_S), 1)
    dt = step_s / fine
    coming, most = np.repeat(arrivals / fine, fine, axis=2), np.repeat(rate * dt, fine, axis=2)
    queue, served = np.zeros(coming.shape), np.zeros(coming.shape)
    waiting = np.zeros(coming.shape[:2])
    for n in range(coming.shape[2]):
        waiting = waiting + coming[:, :, n]
        served[:, :, n] = np.minimum(waiting, most[:, :, n])
        waiting = waiting - served[:, :, n]
        queue[:, :, n] = waiting
    return coming, served, queue, dt


def _waits(coming: Floats, served: Floats, dt: float) -> tuple[Floats, Floats]:
    """[fine step] mean and longest wait of who come in it, at one gate."""
    begin = np.concatenate(([0.0], np.cumsum(coming)))
    out = np.concatenate(([0.0], np.cumsum(served)))
    times = np.arange(len(out)) * dt
    grows = np.flatnonzero(np.diff(out) > 2e-9)  # after a pause the next is served at its end, not on the way there
    count = np.concatenate(([0.0], np.stack((out[grows] + 1e-9, out[grows + 1]), axis=1).ravel()))
    when = np.concatenate(([0.0], np.stack((times[grows], times[grows + 1]), axis=1).ravel()))
    first, last = (np.interp(begin + side, count, when, right=times[-1] + dt) for side in (1e-9, -1e-9))
    begun = np.maximum(first[:-1] - times[:-1], 0.0) * (coming > 0)  # who comes just after the beginning of a step
    ended = np.maximum(last[1:] - times[1:], 0.0) * (coming > 0)
    return (begun + ended) / 2, np.maximum(begun, ended)


def late_persons(day: GateDay, lanes: Ints, paths: Floats) -> float:
    """Persons not served W after the step they came in, summed over steps, the mean of ``paths``: as it is priced."""
    wait = int(day.target_wait_s / day.step_s + 1e-9)
    rate = np.repeat(lanes, day.slot_steps, axis=1) * day.a_step()[:, None]
    late = 0.0
    for path in paths:
        come, served = np.cumsum(path, axis=1), np.zeros(path.shape)
        for t in range(path.shape[1]):
            before = served[:, t - 1] if t else np.zeros(len(path))
            served[:, t] = np.minimum(before + rate[:, t], come[:, t])
        by = served[:, np.minimum(np.arange(path.shape[1]) + wait, path.shape[1] - 1)]
        late += float(np.maximum(come - by, 0.0).sum()) / len(paths)
    return late
