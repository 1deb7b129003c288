"""Most tasks of a plan: their links keep within one calendar, so that all it takes is to add, and no task is asked what
kind it is. Where the next task branches otherwise than the last the processor has to begin anew, which takes as long as
two rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.risk.compiled import HIGH, LOW, PLAIN, SHIFTED, TO_FINISH, TO_FIRST, TO_START, Compiled
from tminus.engines.schedule.risk.positions import Narrow


class Plain(NamedTuple):
    """Tasks and their links: of task *i* from ``ptr[i]`` those from a finish to a start, from ``turn[i]`` all others.

    A position is that in ``row`` (the other's finish, or *n* more: its start) plus ``post``; of the others it is set a
    side first (``add``, ``mask``), and where ``off`` is −1 the task's own span comes off: a finish is reached.
    """

    here: NDArray[np.bool_]  # (n,)
    ptr: NDArray[np.uint64]
    turn: NDArray[np.uint64]
    row: NDArray[np.uint32]
    add: Narrow
    mask: Narrow
    post: Narrow
    off: Narrow
    begins: NDArray[np.bool_]  # (n,) its start is asked for


def plain_of(net: Compiled, opening: Narrow) -> Plain:
    """``opening`` (n,): −1 where a place does not open a summary."""
    rows, n = net.forward, len(net.calendar)
    ptr = rows.ptr.astype(np.int64)
    owner = np.repeat(np.arange(n), np.diff(ptr))
    here = (opening < 0) & (net.bound_finish == LOW) & (net.cap == HIGH)
    here[owner[(rows.op > SHIFTED) | (rows.to == TO_FIRST)]] = False
    other = (rows.op != PLAIN) | (rows.side != 0) | (rows.to != TO_START)
    order = np.lexsort((np.arange(len(owner)), other, owner))
    begins = np.zeros(n, dtype=np.bool_)
    begins[rows.end[(rows.side == 1) & here[owner]]] = True
    return Plain(
        here=here,
        ptr=rows.ptr,
        turn=rows.ptr[:-1] + np.bincount(owner[~other], minlength=n).astype(np.uint64),
        row=(rows.end + n * rows.side.astype(np.int64))[order].astype(np.uint32),
        add=(rows.pre + rows.less)[order],
        mask=rows.mask[order],
        post=rows.post[order],
        off=np.where(rows.to == TO_FINISH, -1, 0)[order].astype(np.int32),
        begins=begins,
    )
