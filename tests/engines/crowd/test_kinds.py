"""What holds of doors, stairs and escalators where nothing is said: published figures."""

from __future__ import annotations

import pytest

from tminus.engines.crowd.kinds import LinkKind, capacity_where_unsaid, diagrams_by_kind


def test_a_door_of_one_metre_passes_what_the_handbook_says():
    assert capacity_where_unsaid(LinkKind.DOOR, 1.0) == pytest.approx(1.3 * 0.7)


def test_a_narrow_door_is_not_closed_by_its_boundary_layers():
    assert capacity_where_unsaid(LinkKind.DOOR, 0.4) == pytest.approx(1.3 * 0.2)


def test_a_corridor_has_the_capacity_of_its_diagram():
    assert capacity_where_unsaid(LinkKind.CORRIDOR, 3.0) is None


@pytest.mark.parametrize(
    ("kind", "free_m_s", "flow_p_m_s"),
    [
        (LinkKind.STAIR, 0.9221, 1.012),  # SFPE, steps of 180/280 mm
        (LinkKind.STAIR_DOWN, 0.9221, 1.012),
        (LinkKind.STAIR_UP, 0.70, 0.93),
        (LinkKind.ESCALATOR, 0.5, 1.6667),  # EN 115-1: 6,000 persons/h on a metre of step
    ],
)
def test_free_speed_and_greatest_flow(kind, free_m_s, flow_p_m_s):
    diagram = diagrams_by_kind()[kind]
    assert diagram.free_speed_m_s == pytest.approx(free_m_s, abs=1e-3)
    assert diagram.capacity_p_m_s == pytest.approx(flow_p_m_s, rel=2e-3)
