"""A panel refuses what it cannot be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tminus.engines.forecast import DayContext, FlowPanel, ForecastError


def panel(**changed: object) -> FlowPanel:
    days = tuple(DayContext(date(2026, 11, day)) for day in (5, 6, 7))
    values = np.zeros((3, 4, 2, 2), dtype=np.float32)
    given: dict[str, object] = {"values": values, "days": days, "slot_minutes": 15, "first_minute": 540}
    return FlowPanel(**({**given, "nodes": ("east", "west")} | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"values": np.zeros((3, 4, 2), dtype=np.float32)}, "shape"),
        ({"nodes": ("east",)}, "shape"),
        ({"nodes": ("east", "east")}, "'east' is there twice"),
        ({"channels": ("in", "in")}, "'in' is there twice"),
        ({"slot_minutes": 7}, "divisor of 1440"),
        ({"slot_minutes": 0}, "divisor of 1440"),
        ({"days": tuple(DayContext(date(2026, 11, day)) for day in (5, 7, 6))}, "order of time"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed: dict[str, object], told: str) -> None:
    with pytest.raises(ForecastError, match=told):
        panel(**changed)


def test_some_days_keep_their_values_and_contexts() -> None:
    whole = panel(values=np.arange(48, dtype=np.float32).reshape(3, 4, 2, 2))
    some = whole.of_days([0, 2])
    assert [one.day for one in some.days] == [date(2026, 11, 5), date(2026, 11, 7)]
    assert np.array_equal(some.values, whole.values[[0, 2]])
    assert whole.of_days(slice(1, None)).days == whole.days[1:]
