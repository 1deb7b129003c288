"""The diagram fitted to the Jülich corridor says what was measured there."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.crowd.diagram import juelich, weidmann

MEASURED = np.array([
    (0.496, 0.694), (0.673, 0.899), (1.139, 1.371), (1.558, 1.550), (1.683, 1.599), (2.056, 1.335), (2.458, 1.020),
    (3.057, 0.959),
])  # fmt: skip
"""Density and specific flow of the eight runs, as ``benchmarks/crowd/juelich.py`` takes them from the trajectories."""


def _off(diagram):
    flow = diagram.flow_at(MEASURED[:, 0])
    return np.sqrt(((flow - MEASURED[:, 1]) ** 2).mean()) / MEASURED[:, 1].mean()


def test_flows_of_the_runs_within_ten_per_cent():
    assert _off(juelich()) < 0.06 < 0.17 < _off(weidmann())


def test_capacity_and_jam():
    diagram = juelich()
    assert diagram.capacity_p_m_s == pytest.approx(1.593, abs=0.002) and diagram.jam_p_m2 == 5.4
    assert 1.4 < diagram.critical_p_m2 < 1.5 and diagram.flow_at(5.4) == 0
