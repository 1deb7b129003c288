"""How long a task may take, in an assignment book: Optimistic, Most likely, Pessimistic, Distribution, Uncertainty."""

from __future__ import annotations

from tminus.engines.schedule import Duration, Estimate, EstimateKind, PlanError
from tminus.engines.schedule.risk import CLASSES
from tminus.formats.book_row import BookRow, Reading, text_of
from tminus.formats.columns import COLUMNS
from tminus.formats.drivers_file import DISTRIBUTIONS, three_values
from tminus.formats.problems import BadValue
from tminus.formats.values import DURATION_ALLOWED, Cell, duration, duration_text

THREE = ("optimistic", "likely", "pessimistic")
ALLOWED = f"{DURATION_ALLOWED}; or a share of the duration like 120 %"
ESTIMATED = (*THREE, "distribution", "uncertainty")
"""The columns, as :mod:`.columns` names them."""


def estimate_in(row: BookRow, reading: Reading, planned: Duration, day_minutes: int) -> Estimate | None:
    """The row's estimate; ``None`` when it has none, or when it was refused."""
    given = [code for code in THREE if code in row.cells]
    if not given:
        return _class(row, reading)
    values = {code: _taken(row, reading, code, day_minutes) for code in given}
    known = {code: value for code, value in values.items() if value is not None}
    kind = DISTRIBUTIONS.get(text_of(row.cells.get("distribution")).lower())
    if kind is None:
        reading.refuse(row, "Distribution", row.cells.get("distribution"), "triangular, pert or lognormal")
    if len(known) < len(values) or kind is None:
        return None
    relative = {share for _, share in known.values()}
    if len(relative) > 1:
        reading.refuse(row, COLUMNS[given[-1]][0], row.cells[given[-1]], "all three as durations, or all as shares")
        return None
    middle = 1.0 if True in relative else float(planned.minutes)
    try:
        return three_values(kind, {code: value for code, (value, _) in known.items()}, middle, True in relative)
    except PlanError:
        reading.refuse(row, COLUMNS[given[-1]][0], row.cells[given[-1]], "Optimistic ≤ Most likely ≤ Pessimistic")
        return None


def _class(row: BookRow, reading: Reading) -> Estimate | None:
    name = text_of(row.cells.get("uncertainty")).lower()
    if name and name not in CLASSES:
        reading.refuse(row, "Uncertainty", name, ", ".join(CLASSES))
        return None
    return Estimate(EstimateKind.CLASS, of=name) if name else None


def _taken(row: BookRow, reading: Reading, code: str, day_minutes: int) -> tuple[float, bool] | None:
    try:
        return _value(row.cells[code], day_minutes)
    except (BadValue, OverflowError):
        reading.refuse(row, COLUMNS[code][0], row.cells[code], ALLOWED)
        return None


def _value(cell: Cell, day_minutes: int) -> tuple[float, bool]:
    """Minutes, or a share of the duration and ``True``."""
    text = text_of(cell)
    if not text.endswith(("%", "％")):
        return float(duration(cell, day_minutes).minutes), False
    try:
        share = float(text.rstrip("%％ ")) / 100
    except ValueError:
        raise BadValue(ALLOWED) from None
    if not 0 <= share < 1e6:
        raise BadValue(ALLOWED)
    return share, True


def estimate_cells(estimate: Estimate | None, day_minutes: int) -> dict[str, str | None]:
    """The cells it is written as. What past work has taken (empirical) has no columns: only our JSON keeps it."""
    cells: dict[str, str | None] = dict.fromkeys(ESTIMATED)
    if estimate is None or estimate.kind is EstimateKind.EMPIRICAL:
        return cells
    if estimate.kind is EstimateKind.CLASS:
        return cells | {"uncertainty": estimate.of}
    names = THREE[1:] if estimate.kind is EstimateKind.LOGNORMAL else THREE
    shown = (
        f"{value * 100:.12g} %" if estimate.relative else duration_text(Duration(round(value)), day_minutes)
        for value in estimate.values
    )
    kind = None if estimate.kind is EstimateKind.TRIANGULAR else estimate.kind.value
    return cells | dict(zip(names, shown, strict=True)) | {"distribution": kind}
