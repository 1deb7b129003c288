"""Seconds after the start of a scenario, from a column of seconds or one of times of the day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.settings import Settings
from tminus.formats.problems import BadFile

LONGEST_S = 30 * 86_400.0


def seconds_of(table: ColumnTable, name: str, settings: Settings) -> NDArray[np.float64]:
    """[row] of column ``name_s`` (seconds after the start) or ``name`` (HH:MM, HH:MM:SS).

    :raises BadFile: the file has neither.
    """
    if f"{name}_s" in table:
        return table.within(f"{name}_s", -LONGEST_S, LONGEST_S, "seconds after the start, 30 days at most")
    if name in table:
        return table.clock(name, settings.zero_s)
    raise BadFile(
        f"{table.name}: has no column {name}_s; allowed: {name}_s (seconds after the start) or {name} (HH:MM)"
    )


def time_columns(*names: str) -> tuple[str, ...]:
    """Both headings of each."""
    return tuple(heading for name in names for heading in (f"{name}_s", name))
