"""Pictures of ``docs/engines/crowd.md``: ``python benchmarks/crowd/plots.py [--out docs/engines]``.

All figures are those of the verification and of ``juelich.py``'s eight runs; deterministic.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np

from tminus.engines.crowd.diagram import juelich, sfpe, weidmann
from tminus.engines.crowd.verification.laws import tail_of_jam
from tminus.engines.crowd.verification.leaving import curves
from tminus.engines.crowd.verification.meeting import room_corridor_room
from tminus.engines.crowd.verification.walking import held_at

WIDE, HIGH, LEFT, BELOW, ABOVE, RIGHT = 420, 300, 46, 40, 40, 14
INK, SECOND, FAINT = "#14181F", "#465060", "#ECEEF1"
BLUE, GREEN, RED, ORANGE = "#0072B2", "#009E73", "#D55E00", "#E69F00"
MEASURED = (
    (0.496, 0.694), (0.673, 0.899), (1.139, 1.371), (1.558, 1.550), (1.683, 1.599), (2.056, 1.335), (2.458, 1.020),
    (3.057, 0.959),
)  # fmt: skip
"""Density and specific flow of the Jülich runs, from ``juelich.py``."""
Points = Sequence[tuple[float, float]]


class Panel:
    """One chart with its message as title; lines are labelled where they are."""

    def __init__(self, title: str, x: tuple[str, float], y: tuple[str, float]) -> None:
        self._most = x[1], y[1]
        self._parts = [_text(LEFT, 18, title, INK, 13, weight=600)]
        for k in range(5):
            across, up = self._at(x[1] * k / 4, y[1] * k / 4)
            self._parts.append(f'<path d="M{LEFT} {up:.1f}H{WIDE - RIGHT}" stroke="{FAINT}"/>')
            self._parts.append(_text(LEFT - 6, up + 4, f"{y[1] * k / 4:g}", SECOND, 11, "end"))
            self._parts.append(_text(across, HIGH - BELOW + 16, f"{x[1] * k / 4:g}", SECOND, 11, "middle"))
        self._parts.append(_text(WIDE - RIGHT, HIGH - 8, x[0], SECOND, 11, "end"))
        self._parts.append(_text(LEFT, 34, y[0], SECOND, 11))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        across = LEFT + (WIDE - LEFT - RIGHT) * x / self._most[0]
        return across, HIGH - BELOW - (HIGH - BELOW - ABOVE) * y / self._most[1]

    def line(self, points: Iterable[tuple[float, float]], colour: str, *, dashed: bool = False) -> None:
        path = " ".join("{:.1f},{:.1f}".format(*self._at(x, y)) for x, y in points)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')

    def dots(self, points: Points, colour: str, *, hollow: bool = False) -> None:
        fill = "#FFFFFF" if hollow else colour
        for x, y in points:
            across, up = self._at(x, y)
            self._parts.append(
                f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{fill}" stroke="{colour}" stroke-width="1.5"/>'
            )

    def label(self, x: float, y: float, words: str, colour: str, anchor: str = "start") -> None:
        self._parts.append(_text(*self._at(x, y), words, colour, 12, anchor))

    def svg(self, across: int) -> str:
        return f'<g transform="translate({across} 0)">{"".join(self._parts)}</g>'


def _text(x: float, y: float, words: str, colour: str, size: int, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}"'
        f' font-weight="{weight}">{escape(words)}</text>'
    )


def picture(panels: Sequence[Panel], words: str) -> str:
    """Panels side by side; ``words`` for who cannot see them."""
    inner = "".join(panel.svg(WIDE * n) for n, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE * len(panels)} {HIGH}" role="img"'
        f' font-family="system-ui, sans-serif"><title>{escape(words)}</title>'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>{inner}</svg>\n'
    )


def diagrams() -> Panel:
    panel = Panel("Held at a density, a way passes its diagram's flow", ("persons/m²", 6.0), ("persons/(m·s)", 1.8))
    at = np.linspace(0, 5.4, 109)
    for diagram, colour, label in (
        (weidmann(), BLUE, (4.0, 0.72)), (sfpe(), GREEN, (3.05, 0.66)), (juelich(), RED, (1.5, 1.68)),
    ):  # fmt: skip
        within = at[at <= diagram.jam_p_m2]
        panel.line(zip(within, diagram.flow_at(within), strict=True), colour)
        panel.label(*label, diagram.name, colour, "end" if diagram.name == "SFPE" else "start")
    panel.dots([held_at(at, "Weidmann", 100.0, 10.0) for at in (0.5, 1.0, 1.5, 2.5, 3.0, 4.0, 5.0)], BLUE)
    panel.dots(MEASURED, RED, hollow=True)
    panel.label(3.6, 1.6, "● simulated, RiMEA 4", BLUE)
    panel.label(3.6, 1.45, "○ measured, Jülich", RED)
    return panel


def rooms() -> Panel:
    panel = Panel("Room, corridor of 1 m, room (RiMEA 12)", ("s", 160.0), ("persons on it", 160.0))
    result = room_corridor_room()
    at = (np.arange(len(result.occupancy)) + 0.5) * result.slot_s
    for link, colour, words, label in (
        (0, RED, "room before the corridor", (30, 125)), (1, ORANGE, "corridor", (60, 22)),
        (2, BLUE, "room beyond", (96, 38)),
    ):  # fmt: skip
        panel.line(zip(at, result.occupancy[:, link].astype(float), strict=True), colour)
        panel.label(*label, words, colour)
    return panel


def shock() -> Panel:
    panel = Panel(
        "A jam's tail runs back at the speed of the shock", ("s", 1200.0), ("m from the way's beginning", 400.0)
    )
    at, where, speed = tail_of_jam()
    begun = float((where + speed * at).mean())
    ends = (float(at.min()) - 60, float(at.max()) + 20)
    panel.line([(x, begun - speed * x) for x in ends], SECOND, dashed=True)
    panel.dots(list(zip(at, where, strict=True)), BLUE)
    panel.label(560, 350, f"(q₂ − q₁)/(k₂ − k₁) = {speed:.3f} m/s", SECOND)
    return panel


def leaving() -> Panel:
    panel = Panel("Leaving: the plan reaches the bound", ("s", 400.0), ("persons out", 800.0))
    at, bound, planned, nearest = curves()
    panel.line(zip(at, bound, strict=True), SECOND, dashed=True)
    panel.line(zip(at, planned, strict=True), BLUE)
    panel.line(zip(at, nearest, strict=True), RED)
    panel.label(20, 700, "bound, and its plan walked", BLUE)
    panel.label(250, 420, "nearest exits", RED)
    return panel


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("docs/engines"))
    out = parser.parse_args().out
    walking = "Flow over density: diagrams, simulated steady states, measured runs; people in two rooms and a corridor"
    (out / "crowd-walking.svg").write_text(picture([diagrams(), rooms()], walking), encoding="utf-8")
    laws = "Tail of a jam over time; people out over time: bound, plan, nearest exits"
    (out / "crowd-laws.svg").write_text(picture([shock(), leaving()], laws), encoding="utf-8")


if __name__ == "__main__":
    main()
