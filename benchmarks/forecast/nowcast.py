"""The nowcast against peers on public metro counts, on identical targets in one run.

``TMINUS_DATA=FOLDER python benchmarks/forecast/nowcast.py [--cases beijing,hz-strict,hz-operational] [--seeds 3]``; the
folder has ``forecast/beijing2016_15min.npz`` and ``forecast/hzmetro_15min.npz`` (no licence: not in this repository).
``--peer PYTHON`` adds statsforecast, which ``PYTHON`` has; as it takes long, ``--every 11`` scores every model on each
eleventh window alone. ``--growth`` measures instead nowcasts and fits of made cities up to 10,000 nodes, ``--sizes
2000x60 --model lightgbm`` one with trees. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engines.forecast.city import city
from threadpoolctl import threadpool_limits

from tminus.engines.forecast import FlowForecaster, FlowPanel, NowcastParams
from tminus.engines.forecast.evaluation import Protocol, evaluate
from tminus.engines.forecast.evaluation.protocol import targets
from tminus.formats.flows import read_flows

PEER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
from statsforecast.models import MSTL, AutoETS, DynamicOptimizedTheta, SeasonalExponentialSmoothingOptimized
asked = np.load(sys.argv[1])
series, ends, taught = asked["series"], asked["ends"], int(asked["taught"])
slots, rhythm, horizon = int(asked["slots"]), int(asked["rhythm"]), int(asked["horizon"])

def anew(make):
    return lambda one: [make().forecast(y=one[:end], h=horizon)["mean"] for end in ends]

def once(make):
    def told(one):
        model = make().fit(one[:taught])
        return [model.forward(y=one[:end], h=horizon)["mean"] for end in ends]
    return told

models = {
    "statsforecast SeasonalExponentialSmoothingOptimized(week)":
        anew(lambda: SeasonalExponentialSmoothingOptimized(season_length=rhythm * slots)),
    "statsforecast DynamicOptimizedTheta(day), parameters of the training days":
        once(lambda: DynamicOptimizedTheta(season_length=slots)),
    "statsforecast MSTL(day) + AutoETS": anew(lambda: MSTL([slots], trend_forecaster=AutoETS(model="ZZN"))),
    "statsforecast MSTL(day, week) + AutoETS":
        anew(lambda: MSTL([slots, rhythm * slots], trend_forecaster=AutoETS(model="ZZN"))),
}
models = {name: tell for name, tell in models.items() if "week) + AutoETS" not in name or int(asked["week"])}
found, seconds = {}, {}
for name, tell in models.items():
    tell(series[:, 0])
    begun = time.process_time()
    found[name] = np.array([tell(series[:, at]) for at in range(series.shape[1])])
    seconds[name] = time.process_time() - begun
np.savez(sys.argv[2], **{name: np.maximum(means, 0) for name, means in found.items()})
print(json.dumps(seconds))
"""


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    protocol: Protocol
    rhythm: int


CASES = {
    "beijing": Case(
        "Beijing, inflow, one step, last 355 slots, operational",
        "beijing2016_15min.npz",
        Protocol((0, 20), (20, 25), 5, 1, "operational", ("in",), 355),
        5,
    ),
    "beijing-strict": Case(
        "Beijing, inflow, one step, last 355 slots, strict",
        "beijing2016_15min.npz",
        Protocol((0, 20), (20, 25), 5, 1, "strict", ("in",), 355),
        5,
    ),
    "hz-strict": Case(
        "HZMetro, 4 in → 4 out, zeros masked, strict (18 training days)",
        "hzmetro_15min.npz",
        Protocol((0, 18), (20, 25), 4, 4, "strict", (), None, True),
        7,
    ),
    "hz-operational": Case(
        "HZMetro, 4 in → 4 out, zeros masked, operational (20 training days)",
        "hzmetro_15min.npz",
        Protocol((0, 20), (20, 25), 4, 4, "operational", (), None, True),
        7,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", default="beijing,hz-strict,hz-operational")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--peer", type=Path, help="a Python with statsforecast")
    parser.add_argument("--week", action="store_true", help="also MSTL with two seasons, which takes ten times as long")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--sizes", default="300x60,1000x28,3000x14,10000x10")
    parser.add_argument("--model", default="ridge")
    chosen = parser.parse_args()
    with threadpool_limits(1):
        if chosen.growth:
            growth([tuple(map(int, size.split("x"))) for size in chosen.sizes.split(",")], chosen.model)  # type: ignore[misc]
            return
        for name in chosen.cases.split(","):
            case = CASES[name]
            case = replace(case, protocol=replace(case.protocol, every=chosen.every))
            measure(case, chosen.seeds, chosen.peer, week=chosen.week)


def measure(case: Case, seeds: int, peer: Path | None, *, week: bool) -> None:
    panel = read_flows(Path(os.environ["TMINUS_DATA"]) / "forecast" / case.file)
    print(f"\n{case.name}; load average {os.getloadavg()[0]:.1f}\n")
    print("| model | MAE | RMSE | WMAPE % | 80 % cover | busiest tenth | worst day | WQL | fit, s | days' MAE |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name, forecast in (("seasonal naive", naive), ("day-type profile", day_types), ("plain LightGBM", plain)):
        begun = time.process_time()
        print(peer_row(name, panel, case, forecast(panel, case), time.process_time() - begun), flush=True)
    for name, found, seconds in statsforecast(panel, case, peer, week=week) if peer else ():
        print(peer_row(name, panel, case, found, seconds), flush=True)
    for model in ("profile", "ridge"):
        print(own_row(model, [run(panel, case, model, 0)]), flush=True)
    if seeds:
        print(own_row("lightgbm", [run(panel, case, "lightgbm", seed) for seed in range(seeds)]), flush=True)


def run(panel: FlowPanel, case: Case, model: str, seed: int) -> dict[str, Any]:
    protocol = case.protocol
    lead = protocol.test[0] - protocol.train[1] + (protocol.test[1] - protocol.test[0]) // 2
    params = NowcastParams(
        history=protocol.history, horizon=protocol.horizon, mode=protocol.mode, model=model,  # type: ignore[arg-type]
        seed=seed, lead_days=lead,
    )  # fmt: skip
    return evaluate(panel, protocol, params, clock=time.process_time).as_json()


def own_row(model: str, documents: list[dict[str, Any]]) -> str:
    """Mean over steps; over seeds the mean and, of MAE, the spread."""

    def over(key: str) -> list[float]:
        return [mean(step[key] for step in one["horizons"]) for one in documents]

    maes = over("mae")
    spread = f" ± {stdev(maes):.2f}" if len(maes) > 1 else ""
    days = [mean(one["per_day"][at]["mae"] for one in documents) for at in range(len(documents[0]["per_day"]))]
    cells = [f"tminus {model}", f"{mean(maes):.2f}{spread}", f"{mean(over('rmse')):.2f}", f"{mean(over('wmape')):.2%}"]
    cells += [f"{mean(over('coverage80')):.3f}", f"{mean(one['by_size'][2]['coverage80'] for one in documents):.3f}"]
    cells += [f"{min(day['coverage80'] for one in documents for day in one['per_day']):.3f}"]
    cells += [f"{mean(over('wql')):.4f}", f"{mean(one['fit_s'] for one in documents):.1f}"]
    return "| " + " | ".join([*cells, " ".join(f"{day:.2f}" for day in days)]) + " |"


def peer_row(name: str, panel: FlowPanel, case: Case, forecast: dict[int, np.ndarray], fit_s: float) -> str:
    """Scores of ``forecast[step][day, slot, node, channel]`` on the same targets."""
    protocol, maes, roots, shares = case.protocol, [], [], []
    by_day = np.zeros((protocol.test[1] - protocol.test[0], 2))
    for step, found in forecast.items():
        errors, actual = [], []
        for day in range(*protocol.test):
            slots = targets(protocol, day, step, panel.slots, round_clock=False)
            came, said = panel.values[day, slots], found[day - protocol.test[0], slots]
            if protocol.channels:
                came, said = came[..., :1], said[..., :1]
            known = np.isfinite(came) & ((came != 0) | (not protocol.mask_zeros))
            error = (said - came)[known]
            by_day[day - protocol.test[0]] += np.abs(error).sum(), error.size
            errors.append(error)
            actual.append(came[known])
        both = np.concatenate(errors)
        maes.append(np.abs(both).mean())
        roots.append(np.sqrt((both**2).mean()))
        shares.append(np.abs(both).sum() / np.concatenate(actual).sum())
    days = " ".join(f"{total / many:.2f}" for total, many in by_day)
    scores = f"{mean(maes):.2f} | {mean(roots):.2f} | {mean(shares):.2%}"
    return f"| {name} | {scores} | – | – | – | – | {fit_s:.1f} | {days} |"


def naive(panel: FlowPanel, case: Case) -> dict[int, np.ndarray]:
    """The last like day: a week before, further where strict forbids it."""
    first, end = case.protocol.test
    known = case.protocol.train[1] if case.protocol.mode == "strict" else end
    days = []
    for day in range(first, end):
        before = day - case.rhythm
        while before >= known:
            before -= case.rhythm
        days.append(panel.values[before])
    return dict.fromkeys(range(1, case.protocol.horizon + 1), np.stack(days))


def day_types(panel: FlowPanel, case: Case) -> dict[int, np.ndarray]:
    """Mean over training days of the same kind: workday or weekend, or all where there are no dates."""
    first, end = case.protocol.test
    taught = range(*case.protocol.train)

    def kind(at: int) -> bool:
        day = panel.days[at].day
        return day is not None and day.weekday() > 4

    days = [panel.values[[at for at in taught if kind(at) == kind(day)]].mean(axis=0) for day in range(first, end)]
    return dict.fromkeys(range(1, case.protocol.horizon + 1), np.stack(days))


def plain(panel: FlowPanel, case: Case) -> dict[int, np.ndarray]:
    """One global LightGBM a step: raw lags of the node's channels, slot, weekday, node; L1, otherwise near defaults."""
    from lightgbm import Dataset, train

    protocol, found = case.protocol, {}
    for step in range(1, protocol.horizon + 1):
        rows, wanted = lagged(panel, range(*protocol.train), protocol.history, step)
        settings = {"objective": "l1", "num_leaves": 63, "learning_rate": 0.1, "num_threads": 1, "verbosity": -1}
        kept = np.random.default_rng(0).permutation(len(rows))[:300_000]
        model = train(settings, Dataset(rows[kept], wanted[kept]), num_boost_round=150)
        rows, _ = lagged(panel, range(*protocol.test), protocol.history, step, every=True)
        shape = (protocol.test[1] - protocol.test[0], *panel.values.shape[1:])
        found[step] = np.maximum(model.predict(rows, num_threads=1), 0).reshape(shape)
    return found


def statsforecast(
    panel: FlowPanel, case: Case, python: Path, *, week: bool
) -> Iterator[tuple[str, dict[int, np.ndarray], float]]:
    """Its models on every series scored, each from all its counts before a window's end, days laid end to end; a count
    that is missing is the one a day before. Seconds are those of all forecasts."""
    protocol = case.protocol
    first = protocol.train[0] * panel.slots
    values = panel.values[..., : len(protocol.channels) or len(panel.channels)]
    series = values.reshape(len(panel.days) * panel.slots, -1).astype(float)
    for at in np.flatnonzero(~np.isfinite(series).all(axis=1)):
        gaps = ~np.isfinite(series[at])
        series[at, gaps] = np.nan_to_num(series[at - panel.slots, gaps])
    aims = [
        (day, slot)
        for day in range(*protocol.test)
        for slot in targets(protocol, day, 1, panel.slots, round_clock=False)
    ]
    ends = np.array([day * panel.slots + slot for day, slot in aims]) - first
    asked = {
        "series": series[first:], "ends": ends, "taught": protocol.train[1] * panel.slots - first, "slots": panel.slots,
        "rhythm": case.rhythm, "horizon": protocol.horizon, "week": week,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("asked.npz", "found.npz")]
        np.savez(files[0], **asked)
        done = subprocess.run([python, "-c", PEER, *files], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        told = dict(np.load(files[1]))
    for name, seconds in json.loads(done.stdout).items():
        found = {}
        for step in range(1, protocol.horizon + 1):
            laid = np.full((protocol.test[1] - protocol.test[0], *values.shape[1:]), np.nan)
            for number, (day, slot) in enumerate(aims):
                laid[day - protocol.test[0], slot + step - 1] = told[name][:, number, step - 1].reshape(
                    values.shape[2:]
                )
            found[step] = laid
        yield name, found, seconds


def lagged(
    panel: FlowPanel, days: range, history: int, step: int, *, every: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """[row, feature] and [row]; a lag before the day begins is missing. ``every``: also rows without whole windows."""
    values = panel.values[list(days)]
    columns = []
    for back in range(history):
        moved = np.full_like(values, np.nan)
        moved[:, step + back :] = values[:, : panel.slots - step - back]
        columns += [moved, moved[..., ::-1]]
    day, slot, node, channel = np.indices(values.shape)
    weekday = np.array([panel.days[at].day.weekday() if panel.days[at].day else at % 5 for at in days])  # type: ignore[union-attr]
    columns += [slot, weekday[day], node, channel]
    rows = np.stack([column.ravel() for column in columns], axis=1).astype(np.float32)
    whole = (slot >= step + history - 1).ravel() | every
    return rows[whole], values.ravel()[whole]


def growth(sizes: list[tuple[int, int]], which: str) -> None:
    print(f"load average {os.getloadavg()[0]:.1f}; processor time, one thread\n")
    print(f"| nodes × days | fit {which}, s | nowcast of 4 steps, ms | most memory so far, MB |\n|---|---|---|---|")
    for nodes, days in sizes:
        panel = city(days + 1, 72, nodes, minutes=15)
        begun = time.process_time()
        model = FlowForecaster(NowcastParams(model=which)).fit(panel.of_days(slice(0, days)))
        fit_s = time.process_time() - begun
        today = panel.of_days([days])
        values = today.values.copy()
        values[:, 40:] = np.nan
        times = []
        for _ in range(4):
            begun = time.process_time()
            model.nowcast(replace(today, values=values))
            times.append(1000 * (time.process_time() - begun))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"| {nodes:,} × {days} | {fit_s:.1f} | {min(times[1:]):.0f} (first {times[0]:.0f}) | {memory:,} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
