"""A panel written as Parquet is read again as it was; what is not known stays not known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.formats.flows import read_flows
from tminus.formats.flows_parquet import flows_parquet


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    values = np.arange(2 * 6 * 2 * 2, dtype=np.float32).reshape(2, 6, 2, 2)
    values[0, 2, 1] = np.nan
    values[1, 3, 0, 1] = np.nan
    days = tuple(map(DayContext, (date(2026, 11, 5), date(2026, 11, 7))))
    panel = FlowPanel(values, days, 15, 23 * 60 + 30, ("gate-e", "gate-w"))  # past midnight
    (tmp_path / "flows.parquet").write_bytes(flows_parquet(panel))
    found = read_flows(tmp_path / "flows.parquet")
    np.testing.assert_array_equal(found.values, panel.values)
    assert (found.days, found.slot_minutes, found.first_minute, found.nodes) == (days, 15, 1410, panel.nodes)
    assert flows_parquet(found) == flows_parquet(panel)


def test_days_without_dates_cannot_be_written() -> None:
    with pytest.raises(ForecastError, match="each day dated"):
        flows_parquet(FlowPanel(np.zeros((1, 2, 1, 1), np.float32), (DayContext(),), 15, 0, ("a",), ("in",)))
