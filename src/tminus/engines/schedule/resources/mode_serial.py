"""Serial generation when activities have modes: in the modes given, or choosing on the way."""

from __future__ import annotations

from numba import njit

from tminus.engines.schedule.resources.genetic import draw
from tminus.engines.schedule.resources.mode_lists import excess_if, take_row
from tminus.engines.schedule.resources.serial import place


@njit(cache=True, nogil=True)
def place_in_rows(order, row, rows, way, durations, demand, lag, free, start):  # type: ignore[no-untyped-def]
    """As :func:`.serial.place`, every activity in its row; ``durations``, ``demand`` and ``lag`` are filled for it."""
    for i in range(len(row)):
        durations[i] = rows.durations[row[i]]
        for w in range(len(rows.capacity)):
            demand[i, w] = rows.demand[row[i], w]
    for e in range(len(lag)):
        lag[e] = durations[way.before[e]] + way.gap[e]
    return place(order, durations, way.ptr, way.before, lag, demand, rows.capacity, rows.guard, free, start)


@njit(cache=True, nogil=True)
def place_choosing(order, row, rows, way, asked, spent, durations, demand, free, start, state):  # type: ignore[no-untyped-def]
    """Place in the order given; of 1000 activities ``asked`` take the mode in which they finish first.

    Only modes that budgets allow beside the rows of all others are looked at; ``row`` and ``spent`` follow the choice.
    Returns the last finish.
    """
    words, last = len(rows.capacity), 0
    for k in range(len(order)):
        i = order[k]
        soonest = 0
        for e in range(way.ptr[i], way.ptr[i + 1]):
            j = way.before[e]
            soonest = max(soonest, start[j] + durations[j] + way.gap[e])
        own, t = row[i], _gap(soonest, row[i], rows, free, last)
        if rows.ptr[i + 1] - rows.ptr[i] > 1 and asked > 0 and draw(state, 1000) < asked:
            for new in range(rows.ptr[i], rows.ptr[i + 1]):
                if new == row[i] or soonest + rows.durations[new] >= t + rows.durations[own]:
                    continue
                if excess_if(spent, rows.budgets, rows.spending, row[i], new) > 0:
                    continue
                at = _gap(soonest, new, rows, free, last)
                if at + rows.durations[new] < t + rows.durations[own]:
                    own, t = new, at
            take_row(i, own, row, rows.spending, spent)
        start[i], durations[i] = t, rows.durations[own]
        while last < t + durations[i]:
            for w in range(words):
                free[last, w] = rows.capacity[w]
            last += 1
        for w in range(words):
            demand[i, w] = rows.demand[own, w]
            for s in range(t, t + durations[i]):
                free[s, w] -= demand[i, w]
    return last


@njit(cache=True, nogil=True)
def _gap(t, row, rows, free, last):  # type: ignore[no-untyped-def]
    """The first start ≥ ``t`` from which a mode has room; beyond ``last`` everything is free."""
    length, words = rows.durations[row], len(rows.capacity)
    run, s = 0, t
    while run < length and s < last:
        run += 1
        for w in range(words):
            if ((free[s, w] | rows.guard[w]) - rows.demand[row, w]) & rows.guard[w] != rows.guard[w]:
                run = 0
                t = s + 1
                break
        s += 1
    return t
