"""Rounding cuts: what whole lanes over a stretch of slots have to add up to.

Who comes between the beginning of slot ``first`` and W before the end of slot ``last`` is served within those slots,
less who is late or sent elsewhere. Lanes are whole, so their sum is at least that rounded up (mixed-integer rounding,
Nemhauser & Wolsey 1988, II.1.6): sum + (late + sent) / (a · f) ≥ ⌈b⌉ with a persons a lane and slot, f the part of b
beyond a whole number. Sums over stretches are an interval matrix, so with these the relaxation is nearly whole.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array, vstack

from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints
from tminus.engines.crowd.gate_plan.program import Program

_LEAST = 0.02
_A_GATE = 200
"""Cuts of a gate a round: the most violated."""


def with_cuts(day: GateDay, program: Program, values: Floats) -> Program | None:
    """``program`` with the cuts ``values`` violates; None: it violates none."""
    found = [row for path, come in enumerate(program.paths) for g in range(len(day.gates))
             for row in _violated(day, program, values, path, g, come)]  # fmt: skip
    if not found:
        return None
    count = len(found)
    row = np.concatenate([np.full(len(columns), n) for n, (columns, _, _) in enumerate(found)])
    column = np.concatenate([columns for columns, _, _ in found])
    value = np.concatenate([factors for _, factors, _ in found])
    matrix = coo_array((value, (row, column)), shape=(count, len(program.cost)))
    return replace(
        program,
        matrix=vstack((program.matrix, matrix)).tocsr(),
        low=np.concatenate((program.low, [low for _, _, low in found])),
        high=np.concatenate((program.high, np.full(count, np.inf))),
    )


def _violated(
    day: GateDay, program: Program, values: Floats, path: int, g: int, come: Floats
) -> list[tuple[Ints, Floats, float]]:
    """Columns, factors and least value of the cuts of one gate."""
    lane_a_slot = day.slot_s / day.gates[g].mean_s
    wait = int(day.target_wait_s / day.step_s + 1e-9)
    so_far = np.concatenate(([0.0], np.cumsum(come[g])))
    begin = so_far[: -1 : day.slot_steps]
    by = np.arange(1, day.slots + 1) * day.slot_steps - wait  # steps over by then have to be served
    until = so_far[np.maximum(by, 0)]
    need = (until[None, :] - begin[:, None]) / lane_a_slot
    part = need - np.floor(need)
    lanes = program.part(values, "lanes")[g]
    summed = np.concatenate(([0.0], np.cumsum(lanes)))
    have = summed[None, 1:] - summed[:-1, None]
    late = program.part(values, "late")[path, g][np.maximum(by - 1, 0)]
    room = have + late[None, :] / np.maximum(lane_a_slot * part, 1e-9)
    short = np.where((need > 0) & (part > _LEAST) & (part < 1 - _LEAST), np.ceil(need) - room, 0.0)
    worst = np.argsort(-short, axis=None)[:_A_GATE]
    chosen = [np.unravel_index(k, short.shape) for k in worst if short.flat[k] > _LEAST]
    return [
        _cut(day, program, path, g, come, int(a), int(b), float(need[a, b]), lane_a_slot)
        for a, b in chosen
        if by[b] > 0
    ]


def _cut(
    day: GateDay, program: Program, path: int, g: int, come: Floats, first: int, last: int, need: float, a_slot: float
) -> tuple[Ints, Floats, float]:
    columns = {
        name: np.arange(int(np.prod(shape))).reshape(shape) + at for name, (at, shape) in program.columns.items()
    }
    factor = 1.0 / (a_slot * (need - np.floor(need)))
    by = (last + 1) * day.slot_steps - int(day.target_wait_s / day.step_s + 1e-9) - 1
    used = [columns["lanes"][g, first : last + 1], columns["late"][path, g, by : by + 1]]
    factors = [np.ones(last + 1 - first), np.array([factor])]
    for d, detour in enumerate(day.detours if day.redirectable else ()):
        if detour.start == day.gates[g].id:
            slots = np.arange(first, last + 1)
            gone = come[g].reshape(day.slots, day.slot_steps).sum(axis=1)[slots]
            used.append(columns["sent"][d, slots])
            factors.append(gone * factor)
    return np.concatenate(used), np.concatenate(factors), float(np.ceil(need))
