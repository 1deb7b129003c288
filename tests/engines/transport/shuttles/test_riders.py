"""Who rides shuttles on sample days: by hand, and trips made for a quantile of them."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.transport import TransportError
from tminus.engines.transport.shuttles import ShuttleDemand, ShuttleLine, Trip, ride

LINE = ShuttleLine("S", "A", "B", 10, 30, most_headway_min=15)


def demand(*paths: list[float]) -> ShuttleDemand:
    return ShuttleDemand((LINE,), np.array([paths], dtype=float), 15, 600)


def leaving(*minutes: int) -> list[Trip]:
    return [Trip(str(at), "S", "A", "B", at, at + 10, at + 15) for at in minutes]


def test_waits_by_hand() -> None:
    day = ride(demand([15.0, 0.0]), leaving(615))
    assert (day.mean_wait_min, day.longest_wait_min) == (7.5, 14.5)  # one a minute, all taken at the quarter
    assert (day.left_behind, day.left_persons, day.paths_kept) == (0.0, 0.0, 1)


def test_a_full_vehicle_leaves_people_behind() -> None:
    day = ride(demand([45.0, 0.0], [15.0, 0.0]), leaving(615, 630))
    assert day.left_behind == 15 / 2  # of two days
    assert day.longest_wait_min == 630 - 610 - 0.5
    assert (day.paths, day.paths_kept) == (2, 1)
    assert ride(demand([45.0, 0.0]), leaving(615)).left_persons == 15
    assert ride(demand([45.0, 0.0]), leaving(600, 615, 615)).left_behind == 0  # two at once; one before anybody comes


def test_trips_for_the_quantile_keep_as_many_days() -> None:
    paths = demand(*([busy * 100.0] * 4 for busy in np.linspace(0.5, 1.5, 21)))
    kept = [ride(paths, paths.trips(quantile, 1.0)).paths_kept for quantile in (0.5, 0.7, 0.9)]
    assert 11 <= kept[0] < kept[2] and kept[0] <= kept[1] <= kept[2]
    assert kept[2] >= 19
    assert ride(paths, paths.usual_trips()).paths_kept == 0
    assert len(paths.usual_trips()) == 4


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(TransportError, match="quantile: 1"):
        demand([1.0]).trips(1.0)
    with pytest.raises(TransportError, match="negative"):
        demand([-1.0])
    with pytest.raises(TransportError, match="of shape"):
        ShuttleDemand((LINE,), np.zeros((2, 1, 1)), 15, 0)
    with pytest.raises(TransportError, match="slot_min: 0"):
        ShuttleDemand((LINE,), np.zeros((1, 1, 1)), 0, 0)
    with pytest.raises(TransportError, match="would take 33,333,333 trips"):
        demand([1e9]).trips(load=1.0)
