"""The Jülich corridor: a diagram fitted to eight runs, each left out once, and measured inflow walked to the outflow.

``python benchmarks/crowd/juelich.py [--data FOLDER]``: ``FOLDER`` holds ``crowd/pedpy/uni-directional/uo-….txt``, the
sample trajectories of PedPy (person, frame, x, y, z in centimetres, 16 frames a second; corridor of 1.8 m, walked from
y = 4 m to −4 m). Steady frames as in PedPy's notebook ``fundamental_diagram.ipynb``: density is the mean number of
people on 1.8 × 2 m beside the line y = 0, specific flow who crosses it. Deterministic; nothing is timed.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.diagram import JUELICH_JAM_P_M2, FundamentalDiagram, juelich, weidmann
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.simulate import simulate

Floats = NDArray[np.float64]
FRAMES_A_SECOND, WIDTH_M, BEFORE_M = 16.0, 1.8, 2.0
STEADY = {
    "uo-050-180-180": (211, 800), "uo-070-180-180": (203, 1113), "uo-100-180-180": (200, 790),
    "uo-145-180-180": (300, 1097), "uo-180-180-180": (400, 1284), "uo-180-180-120": (300, 1099),
    "uo-180-180-095": (400, 1350), "uo-180-180-070": (500, 1399),
}  # fmt: skip
FREE_EXIT = tuple(name for name in STEADY if name.endswith("-180"))
"""Runs whose end is as wide as the corridor: nothing beyond it holds people back."""
IN_M, OUT_M = 3.5, -3.5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TMINUS_DATA", "data")))
    folder = parser.parse_args().data / "crowd" / "pedpy" / "uni-directional"
    runs = {name: trajectories(folder / f"{name}.txt") for name in STEADY}
    points = {name: steady(run, *STEADY[name]) for name, run in runs.items()}
    tell_fit(points)
    tell_replay(runs)


def trajectories(path: Path) -> Floats:
    """[row, 4] person, frame, x and y in metres, by person and frame."""
    rows = np.loadtxt(path)[:, :4]
    rows[:, 2:] /= 100.0
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def steady(run: Floats, first: int, last: int) -> tuple[float, float]:
    """Density [persons/m²] and specific flow [/(m·s)] between two frames."""
    there = run[(run[:, 1] >= first) & (run[:, 1] <= last)]
    inside = (there[:, 2] >= 0) & (there[:, 2] <= WIDTH_M) & (there[:, 3] >= -BEFORE_M) & (there[:, 3] <= 0)
    density = inside.sum() / (last - first + 1) / (WIDTH_M * BEFORE_M)
    flow = len(crossings_s(there, 0.0)) / ((last - first) / FRAMES_A_SECOND) / WIDTH_M
    return float(density), float(flow)


def crossings_s(run: Floats, y_m: float) -> Floats:
    """When somebody crosses ``y_m`` towards smaller y, seconds, sorted; to the part of a frame."""
    one, other = run[:-1], run[1:]
    at = np.flatnonzero((one[:, 0] == other[:, 0]) & (one[:, 3] > y_m) & (other[:, 3] <= y_m))
    share = (one[at, 3] - y_m) / (one[at, 3] - other[at, 3])
    return np.sort((one[at, 1] + share * (other[at, 1] - one[at, 1])) / FRAMES_A_SECOND)


def flow(params: Floats, density: Floats) -> Floats:
    """Smulders (1990): parabola, then a straight line to the jam."""
    free_m_s, summit, gap = params
    free = free_m_s * density * (1 - density / (2 * summit))
    return np.minimum(free, (1 - density / JUELICH_JAM_P_M2) / gap)


def fitted(density: Floats, measured: Floats) -> Floats:
    """Least squares of specific flow from three starts; the parabola may not turn before 2 persons/m²."""
    found = [
        least_squares(lambda p: flow(p, density) - measured, [1.6, 2.6, gap], bounds=([1, 2, 0.2], [2.2, 6, 1]))
        for gap in (0.35, 0.42, 0.5)
    ]
    return min(found, key=lambda one: one.cost).x


def tell_fit(points: Mapping[str, tuple[float, float]]) -> None:
    density, measured = (np.array([point[k] for point in points.values()]) for k in (0, 1))
    left_out = np.array([
        flow(fitted(np.delete(density, n), np.delete(measured, n)), density[n : n + 1])[0] for n in range(len(density))
    ])  # fmt: skip
    params = fitted(density, measured)
    print("fitted: free {:.4f} m/s, summit {:.4f} persons/m², gap {:.4f} s·m".format(*params))
    print("\n| run | persons/m² | flow, /(m·s) | from the other seven | Jülich | Weidmann |")
    print("|---" * 6 + "|")
    ours, other = juelich().flow_at(density), weidmann().flow_at(density)
    for n, name in enumerate(points):
        print(f"| {name} | {density[n]:.2f} | {measured[n]:.2f} | {left_out[n]:.2f} | {ours[n]:.2f} | {other[n]:.2f} |")
    for words, said in (("each left out once", left_out), ("Jülich", ours), ("Weidmann", other)):
        off = rmse(said - measured)
        print(f"{words}: RMSE {off:.3f} /(m·s), {off / measured.mean():.1%} of the mean")


def rmse(off: Floats) -> float:
    return float(np.sqrt((off**2).mean()))


def tell_replay(runs: Mapping[str, Floats]) -> None:
    print(
        "\n| run | persons | walked with | time through 7 m, s | measured | N(t) off, RMS persons | last out, s off |"
    )
    print("|---" * 7 + "|")
    for name in FREE_EXIT:
        come, left = crossings_s(runs[name], IN_M), crossings_s(runs[name], OUT_M)
        persons = min(len(come), len(left))
        for diagram in (juelich(), weidmann()):
            out = walked(come[:persons], diagram)
            print(
                f"| {name} | {persons} | {diagram.name} | {(out - come[:persons]).mean():.2f} |"
                f" {(left[:persons] - come[:persons]).mean():.2f} | {off_persons(out, left[:persons]):.2f} |"
                f" {out[-1] - left[persons - 1]:+.2f} |"
            )


def walked(come_s: Floats, diagram: FundamentalDiagram) -> Floats:
    """When those who come in at ``come_s`` leave one link of 7 × 1.8 m, seconds, sorted."""
    link = Link("corridor", "in", "out", IN_M - OUT_M, WIDTH_M)
    zeros = np.zeros(len(come_s), np.int32)
    demand = Demand.direct(("in", "out"), come_s, zeros, zeros + 1)
    day = Scenario(Network((Node("in"), Node("out")), (link,), diagram), demand, step_s=0.1)
    return np.sort(simulate(day).arrived_s)


def off_persons(out_s: Floats, left_s: Floats) -> float:
    """Root mean square of the difference of both curves N(t), every tenth of a second while people leave."""
    at = np.arange(min(out_s[0], left_s[0]), max(out_s[-1], left_s[-1]), 0.1)
    return rmse((np.searchsorted(out_s, at) - np.searchsorted(left_s, at)).astype(float))


if __name__ == "__main__":
    main()
