"""Fruin's tables: where each level begins, for who walks, climbs and waits."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.level_of_service import LEVELS, OF_KIND, level_of, thresholds_of
from tminus.engines.crowd.network import Link, Network, Node


def letters(kind: LinkKind | NodeKind, *square_metres: float) -> str:
    """Levels at so many square metres a person."""
    return "".join(LEVELS[n] for n in level_of(kind, 1 / np.array(square_metres)))


@pytest.mark.parametrize(
    ("kind", "square_metres", "expected"),
    [  # the metric figures printed beside Fruin's in guides, a little above and below each
        (LinkKind.CORRIDOR, (3.26, 3.24, 2.33, 2.31, 1.40, 1.38, 0.94, 0.92, 0.47, 0.46), "ABBCCDDEEF"),
        (LinkKind.STAIR, (1.87, 1.85, 1.40, 1.38, 0.94, 0.92, 0.66, 0.64, 0.38, 0.36), "ABBCCDDEEF"),
        (NodeKind.PLATFORM, (1.22, 1.20, 0.94, 0.92, 0.66, 0.64, 0.29, 0.27, 0.19, 0.18), "ABBCCDDEEF"),
    ],
)
def test_levels_begin_where_fruin_has_them(kind, square_metres, expected):
    assert letters(kind, *square_metres) == expected


def test_nobody_there_is_level_a():
    assert level_of(LinkKind.CORRIDOR, 0.0) == 0


def test_every_kind_has_a_table():
    assert set(OF_KIND) == {*LinkKind, *NodeKind}


def test_thresholds_of_a_network_follow_its_links():
    nodes = (Node("a"), Node("b"))
    links = (
        Link("walk", "a", "b", 10, 2), Link("up", "a", "b", 10, 2, LinkKind.STAIR_UP),
        Link("ride", "a", "b", 0, 0, LinkKind.RIDE, travel_s=60),
    )  # fmt: skip
    limits = thresholds_of(Network(nodes, links))
    assert limits.shape == (3, 5)
    assert limits[0, 4] == pytest.approx(2.153, abs=1e-3) and limits[1, 4] == pytest.approx(2.691, abs=1e-3)
    assert np.isinf(limits[2]).all()
    assert thresholds_of(Network(nodes, ())).shape == (0, 5)
