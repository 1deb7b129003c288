"""A counter that begins to count twice, told from shares that move because of people and queues."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.forecast.live.days import counted, forecast_day
from tminus.engines.forecast.live.doubled import doubled_slots
from tminus.engines.forecast.live.params import LiveParams

PARAMS = LiveParams()
SLOT = forecast_day().grid.slot_of
DAYS = range(400, 412)


def _planned() -> np.ndarray:
    day = forecast_day()
    flows = (day.entries_by("gate")[1].mean(axis=0), day.departures_by("gate")[1].mean(axis=0))
    return np.stack(flows, axis=2)


def test_made_up_days_have_none() -> None:
    found = [bool(doubled_slots(counted(seed), _planned(), PARAMS).any()) for seed in DAYS]
    assert sum(found) <= 1


@pytest.mark.parametrize("part", [1.0, 0.3])
@pytest.mark.parametrize("gate", [0, 1])
def test_on_most_days_it_is_found_also_where_it_begins_within_a_slot(gate: int, part: float) -> None:
    found = 0
    for seed in DAYS:
        values = counted(seed)
        begin, end = SLOT(645), SLOT(780)
        values[gate, begin, 0] = np.floor(values[gate, begin, 0] * (1 + part))
        values[gate, begin + 1 : end, 0] *= 2
        twice = doubled_slots(values, _planned(), PARAMS)
        found += bool(twice[gate, begin + 1 : end, 0].mean() >= 0.8)
        assert not twice[gate, : begin - 1, 0].any()
    assert found >= 9


# Entries of four gates by quarters of an hour from 8:30, of a day on which lanes were full until queues ended, one gate
# after the other: at 11:30 the first gate's last people are in, and the shares of all others rise.
QUEUES_END = np.array([
    [6750, 6750, 6750, 6750, 6750, 6750, 6750, 6750, 6750, 6750, 6750, 6750, 2695, 2449, 3581, 4464, 4896, 4947],
    [4072, 4470, 4500, 4500, 4500, 4500, 4500, 4500, 4500, 4500, 4500, 1157, 890, 1415, 2121, 2817, 2969, 3706],
    [3397, 3828, 3937, 3938, 3937, 3938, 3937, 3938, 3937, 3938, 926, 576, 675, 1144, 1700, 2171, 2391, 2423],
    [2350, 2707, 2812, 2813, 2812, 2813, 2812, 2813, 2812, 2355, 612, 419, 523, 841, 1224, 1470, 1748, 1692],
], dtype=float)  # fmt: skip
PLANNED = np.array([
    [5398, 5938, 6429, 6554, 6587, 6505, 6305, 5961, 5662, 5192, 4018, 3003, 2394, 2484, 2699, 3356, 3594, 3347],
    [4284, 4060, 4496, 4500, 4500, 4492, 4440, 4474, 4442, 4373, 4234, 4011, 3735, 3517, 3536, 3716, 3783, 3647],
    [3067, 3450, 3782, 3882, 3891, 3861, 3780, 3568, 3237, 2702, 2149, 1624, 1199, 1213, 1390, 1850, 1825, 1806],
    [1976, 2404, 2703, 2802, 2781, 2795, 2782, 2718, 2568, 2346, 2109, 1770, 1407, 1317, 1342, 1595, 1644, 1605],
], dtype=float)  # fmt: skip


def test_queues_that_end_one_after_the_other_are_no_doubling() -> None:
    for until in range(4, QUEUES_END.shape[1] + 1):
        seen, told = QUEUES_END[:, :until, None], PLANNED[:, :until, None]
        assert not doubled_slots(seen, told, PARAMS).any(), until


def test_a_gate_whose_people_were_short_for_a_while_only_comes_back_to_its_usual() -> None:
    told = np.full((3, 24, 1), 800.0)
    seen = told.copy()
    seen[1, 10:15] /= 2
    assert not doubled_slots(seen, told, PARAMS).any()
    seen[1, 19:] *= 2
    assert (doubled_slots(seen, told, PARAMS)[1, :, 0] == (np.arange(24) >= 19)).all()


def test_a_share_that_doubles_because_one_neighbour_has_nobody_left_is_no_doubling() -> None:
    told = np.full((3, 24, 1), 800.0)
    told[2] = 3_000.0
    seen = told.copy()
    seen[2, 12:] = 900.0
    assert not doubled_slots(seen, told, PARAMS).any()
