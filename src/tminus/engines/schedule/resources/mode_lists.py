"""What a genetic search does to mode lists: cross them, change a few, bring them back within the budgets."""

from __future__ import annotations

from numba import njit

from tminus.engines.schedule.resources.genetic import draw


@njit(cache=True, nogil=True)
def spend(row, spending, spent):  # type: ignore[no-untyped-def]
    """What the rows chosen spend of each budget, into ``spent``."""
    spent[:] = 0
    for i in range(len(row)):
        for b in range(len(spent)):
            spent[b] += spending[row[i], b]


@njit(cache=True, nogil=True, inline="always")
def over(spent, budgets):  # type: ignore[no-untyped-def]
    """Units by which budgets are exceeded, in all."""
    excess = 0
    for b in range(len(spent)):
        excess += max(0, spent[b] - budgets[b])
    return excess


@njit(cache=True, nogil=True)
def excess_if(spent, budgets, spending, old, new):  # type: ignore[no-untyped-def]
    """As :func:`over`, were the row ``new`` taken for ``old``."""
    excess = 0
    for b in range(len(spent)):
        excess += max(0, spent[b] - spending[old, b] + spending[new, b] - budgets[b])
    return excess


@njit(cache=True, nogil=True, inline="always")
def take_row(i, new, row, spending, spent):  # type: ignore[no-untyped-def]
    for b in range(len(spent)):
        spent[b] += spending[new, b] - spending[row[i], b]
    row[i] = new


@njit(cache=True, nogil=True)
def change_some(row, mode_ptr, changes, state):  # type: ignore[no-untyped-def]
    """Draw another mode for so many activities drawn at random; those with one mode are left."""
    n = len(row)
    for _ in range(changes):
        i = draw(state, n)
        row[i] = mode_ptr[i] + draw(state, mode_ptr[i + 1] - mode_ptr[i])


@njit(cache=True, nogil=True)
def repair(row, mode_ptr, spending, budgets, durations, spent, patience, state):  # type: ignore[no-untyped-def]
    """Change modes at random while that lessens the excess, then the best change there is; the excess left.

    Of the modes an activity could go to, the one with the least excess, then the shortest. ``patience`` random
    activities are tried before every pair is looked at; ``spent`` is kept up to date.
    """
    n = len(row)
    excess = over(spent, budgets)
    while excess > 0 and patience > 0:
        patience -= 1
        i = draw(state, n)
        best, least = _best_mode(i, row, mode_ptr, spending, budgets, durations, spent, excess)
        if least < excess:
            take_row(i, best, row, spending, spent)
            excess = least
    while excess > 0:
        at, to, least = -1, -1, excess
        for i in range(n):
            best, left = _best_mode(i, row, mode_ptr, spending, budgets, durations, spent, excess)
            if left < least:
                at, to, least = i, best, left
        if at < 0:
            break
        take_row(at, to, row, spending, spent)
        excess = least
    return excess


@njit(cache=True, nogil=True)
def _best_mode(i, row, mode_ptr, spending, budgets, durations, spent, excess):  # type: ignore[no-untyped-def]
    best, least = row[i], excess
    for new in range(mode_ptr[i], mode_ptr[i + 1]):
        if new != row[i]:
            left = excess_if(spent, budgets, spending, row[i], new)
            if left < least or (left == least < excess and durations[new] < durations[best]):
                best, least = new, left
    return best, least
