"""Lanes and redirections of a plan as measures: slots alike one after another are one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.gate_plan import check
from tminus.formats.event_folder.day_scenarios import Does, Measure
from tminus.studies.gate_task import SLOT_MIN, GateTask

LEAST_SENT, WHOLE_PERCENT = 0.03, 5.0
"""Fewer are not worth a message; shares are told in steps of five per cent."""


def lane_measures(task: GateTask, lanes: NDArray[np.int64], unit: str = "") -> Iterator[Measure]:
    """Where ``lanes`` [gate, slot] are more than published and no more than there are."""
    wanted = np.minimum(lanes, task.there)
    for g, gate in enumerate(task.day.gates):
        more = np.where(wanted[g] > task.published[g], wanted[g], 0)
        for first, last, value in _stretches(more):
            if value > 0:
                yield Measure(Does.LANES, gate.id, value, *_minutes(task, first, last), unit=unit)


def sent_measures(task: GateTask, sent: NDArray[np.float64], unit: str = "") -> Iterator[Measure]:
    """``sent``: [detour, slot] shares of those who come to a gate."""
    netted = np.where(_worth_it(task), net_shares(task, sent), 0.0)
    for d, detour in enumerate(task.day.detours):
        percent = np.round(np.where(netted[d] >= LEAST_SENT, netted[d], 0.0) * 100 / WHOLE_PERCENT) * WHOLE_PERCENT
        for first, last, value in _stretches(percent):
            if value > 0:
                at = _minutes(task, first, last)
                yield Measure(Does.REDIRECT, detour.start, float(value), *at, other=detour.end, unit=unit)


def _worth_it(task: GateTask) -> NDArray[np.bool_]:
    """[detour, slot] where those who come to its gate would wait beyond the target on the mean day, sent by nobody."""
    mean = task.day.arrivals.mean(axis=0, keepdims=True)
    wait = check(replace(task.day, arrivals=mean), task.there, mean, "nobody sent").wait_s[0]
    long = wait.reshape(len(task.day.gates), -1, task.day.slot_steps).max(axis=2) > task.day.target_wait_s
    place = {gate.id: g for g, gate in enumerate(task.day.gates)}
    return np.array([long[place[one.start]] for one in task.day.detours]).reshape(len(task.day.detours), -1)


def net_shares(task: GateTask, sent: NDArray[np.float64]) -> NDArray[np.float64]:
    """[detour, slot] shares that take as many to every gate as ``sent``, and nobody from a gate others are sent to."""
    place = {gate.id: g for g, gate in enumerate(task.day.gates)}
    ways = {(place[one.start], place[one.end]): d for d, one in enumerate(task.day.detours)}
    steps = task.day.slot_steps
    come = task.day.arrivals.mean(axis=0).reshape(len(place), -1, steps).sum(axis=2)
    found = np.zeros(sent.shape)
    for slot in range(sent.shape[1]):
        left = np.zeros(len(place))
        for (a, b), d in ways.items():
            left[a] += sent[d, slot] * come[a, slot]
            left[b] -= sent[d, slot] * come[a, slot]
        while left.max() > 1.0:
            a, b = int(left.argmax()), int(left.argmin())
            persons = min(left[a], -left[b])
            left[a], left[b] = left[a] - persons, left[b] + persons
            if persons <= 0:
                break
            found[ways[a, b], slot] += persons / max(come[a, slot], 1.0)
    return np.minimum(found, task.day.redirectable)


def _stretches(row: NDArray[np.float64] | NDArray[np.int64]) -> Iterator[tuple[int, int, float]]:
    edges = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), len(row)]
    for first, last in pairwise(edges):
        yield first, last, float(row[first])


def _minutes(task: GateTask, first: int, last: int) -> tuple[float, float]:
    return task.begin_min + SLOT_MIN * first, task.begin_min + SLOT_MIN * last
