"""Figures of a walked day in words: what each is called, and how it is written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.formats.event_folder.day_scenarios import clock_of
from tminus.studies.simulated_day import START_MIN

FIGURES = {
    "mean_wait_s": gettext_lazy("Mean wait at the gates"),
    "longest_wait_s": gettext_lazy("Longest wait at a gate"),
    "longest_queue": gettext_lazy("Longest queue at a gate"),
    "person_minutes_e_f": gettext_lazy("Person-minutes at level E or F"),
    "left_behind": gettext_lazy("Left behind by vehicles"),
    "mean_lost_s": gettext_lazy("Time a person loses, on the mean"),
    "p90_lost_s": gettext_lazy("Time 90 in 100 lose less than"),
    "last_arrival_s": gettext_lazy("The last one home at"),
    "not_home": gettext_lazy("Not home when the day ended"),
    "incidents": gettext_lazy("Incidents"),
    "agents": gettext_lazy("Visitors"),
}
"""In the order they are told."""
SECONDS = ("mean_wait_s", "longest_wait_s", "mean_lost_s", "p90_lost_s")


def written(figure: str, value: float | None) -> str:
    """With its unit where the name does not say it; a dash where there is none."""
    if value is None:
        return "—"
    if figure in SECONDS:
        return minutes(value)
    if figure == "last_arrival_s":
        return clock_of(START_MIN + value / 60)
    return f"{round(value):,}"


def minutes(seconds: float) -> str:
    """Minutes with one digit behind the point, below ten."""
    value = seconds / 60
    return _("%(n)s min") % {"n": f"{value:.1f}" if abs(value) < 10 else f"{round(value):,}"}


def written_difference(figure: str, value: float | None) -> str:
    """With its sign."""
    if value is None:
        return "—"
    if not value:
        return "0"
    sign = "+" if value > 0 else "−"
    if figure == "last_arrival_s":
        return sign + minutes(abs(value))
    return sign + written(figure, abs(value))


def figure_cells(row: dict[str, Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Some figures of a walk, each with what it is called."""
    return [{"figure": name, "word": FIGURES[name], "text": written(name, row[name])} for name in names]
