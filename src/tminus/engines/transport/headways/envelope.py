"""The departures as a mixed-integer programme: boardings stay under the envelope of those who have come.

x[l, t] = 1 where a vehicle leaves; D[l, t] persons gone by the end of minute t: D ≤ A (arrivals so far) and
D[t] − D[t − 1] ≤ capacity · x[t]; at most one departure in as long as the least headway, and vehicles out ≤ fleet.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array, eye_array, hstack, vstack

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.headways.lines import Bools, Floats, LineDemand
from tminus.engines.transport.headways.waiting import LEFT_MIN


def solve_envelope(demand: LineDemand, seconds: float) -> tuple[Bools, float]:
    """Departures and a bound on the waiting, for the mean of the scenarios; most headways are not asked for.

    :raises TransportError: nothing was found in time.
    """
    come = demand.come.mean(axis=1)
    lines, minutes = come.shape
    size = lines * minutes
    weight = np.ones(minutes)
    weight[-1] += LEFT_MIN
    cost = np.concatenate([np.zeros(size), -np.tile(weight, lines)])
    whole = np.concatenate([np.ones(size), np.zeros(size)])
    upper = np.concatenate([np.ones(size), come.ravel()])
    options = {"time_limit": seconds, "mip_rel_gap": 1e-9}
    found = milp(cost, integrality=whole, bounds=Bounds(0, upper), constraints=_constraints(demand), options=options)
    if found.x is None:
        raise TransportError(f"headways: no timetable found in {seconds:g} s ({found.message})")
    constant = float((come * weight).sum())
    return found.x[:size].reshape(lines, minutes) > 0.5, constant + float(found.mip_dual_bound)


def _constraints(demand: LineDemand) -> list[LinearConstraint]:
    lines, minutes = len(demand.lines), demand.minutes
    step = eye_array(minutes) - eye_array(minutes, k=-1)
    boards = block_diag([step] * lines)
    loads = block_diag([line.capacity * eye_array(minutes) for line in demand.lines])
    headways = block_diag([_window(minutes, line.least_headway_min) for line in demand.lines])
    out = hstack([_window(minutes, line.cycle_min) for line in demand.lines])
    nothing = csr_array((lines * minutes, lines * minutes))
    none = csr_array((minutes, lines * minutes))
    return [
        LinearConstraint(hstack([-loads, boards]), -np.inf, 0),
        LinearConstraint(hstack([nothing, -boards]), -np.inf, 0),
        LinearConstraint(vstack([hstack([headways, nothing]), hstack([out, none])]), -np.inf, _most(demand)),
    ]


def _most(demand: LineDemand) -> Floats:
    return np.concatenate([np.ones(len(demand.lines) * demand.minutes), np.full(demand.minutes, float(demand.fleet))])


def _window(minutes: int, length: int) -> csr_array:
    """Sums over the last ``length`` minutes."""
    length = min(length, minutes)
    return csr_array(sum(eye_array(minutes, k=-back) for back in range(length)))
