"""``tminus simulate SCENARIO``: a day walked, queued and ridden by everybody who comes."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.crowd.problem import CrowdError
from tminus.formats.problems import BadFile

if TYPE_CHECKING:
    from tminus.engines.crowd.day_result import DayResult
    from tminus.engines.crowd.ensemble import Executor
    from tminus.formats.crowd.scenario_folder import ReadScenario

app = typer.Typer(add_completion=False)

ENGINES = ("agents", "fluid")
MOST_REPLICATIONS = 10_000
EVENT_DAY_S = 86_400.0
TELL_EVERY_S = 0.5
DOUBTS_TOLD = 20


@app.command()
def simulate(
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO", help="Folder of network, trips, gates, timetable.")],
    seed: Annotated[int, typer.Option(help="Of all that is drawn; the same seed, the same day.")] = 0,
    replications: Annotated[int, typer.Option(metavar="R", help="So many days, of seeds SEED, SEED + 1, ….")] = 1,
    engine: Annotated[str, typer.Option(help=" or ".join(ENGINES))] = "agents",
    until: Annotated[float | None, typer.Option(metavar="S", help="Stop so many seconds after the start.")] = None,
    day: Annotated[str, typer.Option(metavar="DATE", help="Of an event folder: the day forecast, then walked.")] = "",
    sample: Annotated[
        int | None, typer.Option(metavar="N", help="With --day: this path, not the middling one.")
    ] = None,
    scenario_id: Annotated[
        str, typer.Option("--scenario", metavar="ID", help="Of an event folder: one of its day_scenarios.json.")
    ] = "",
    measures: Annotated[
        str, typer.Option(metavar="WHOSE", help="With --scenario: own, none, greedy or recommended.")
    ] = "own",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write tables, map and replay here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Simulate the day of a scenario."""
    _check(seed, replications, engine, until)
    begun = time.perf_counter()
    from tminus.engines.crowd.validation import validate

    read = _read(scenario, day, sample, seed, scenario_id, measures)
    ground = _ground(scenario) if out is not None else None
    if until is None and (day or scenario_id):
        until = EVENT_DAY_S  # who has no way home would wait for one for ever
    doubts = validate(read.scenario.network, _ridden(read))
    for warning in (*read.warnings, *(f"network: {doubt}" for doubt in doubts[:DOUBTS_TOLD])):
        _tell(warning)
    if len(doubts) > DOUBTS_TOLD:
        _tell(f"network: {len(doubts) - DOUBTS_TOLD} more doubts, all in the JSON document")
    read_s = time.perf_counter() - begun
    with _told_as(scenario):
        _warm(engine)
        begun = time.perf_counter()
        result = _simulate(read, seed, engine, until)
        document = _document(read, result, seed, engine, time.perf_counter() - begun, read_s)
        document["doubts"] = [
            {"kind": one.kind.value, "element": one.element, "words": one.words, "others": list(one.others)}
            for one in doubts
        ]
        if replications > 1:
            document |= _ensemble(read, seed, replications, engine, until)
    if out is not None:
        place_files(_files(scenario, read, result, document, ground), out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _ridden(read: ReadScenario) -> list[tuple[str, str]]:
    """Places vehicles carry people between, from each stop to the next."""
    hops = (pairwise(run.stops) for run in read.scenario.runs)
    return list(dict.fromkeys((one.node, other.node) for hop in hops for one, other in hop))


def _read(
    folder: Path, day: str, sample: int | None, seed: int, scenario: str = "", measures: str = "own"
) -> ReadScenario:
    if measures != "own" and not scenario:
        raise BadFile(f"--measures: {measures}; allowed: with --scenario alone")
    if day or scenario:
        from tminus.cli.forecast_day import day_of
        from tminus.studies.event_day import read_event_day

        of = day_of(day) if day else None
        _tell(f"forecasting {day or scenario} …")
        return read_event_day(
            folder, of, sample=sample, seed=seed, scenario=scenario, measures=measures,
            on_progress=lambda part, walked: _tell(f"trying {part}: {walked} days walked so far"),
        )  # fmt: skip
    if sample is not None:
        raise BadFile(f"--sample: {sample}; allowed: with --day or --scenario alone")
    from tminus.formats.crowd.scenario_folder import read_scenario

    return read_scenario(folder)


def _check(seed: int, replications: int, engine: str, until: float | None) -> None:
    if engine not in ENGINES:
        raise BadFile(f"--engine: {engine!r}; allowed: {', '.join(ENGINES)}")
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise BadFile(f"--replications: {replications}; allowed: 1 … {MOST_REPLICATIONS}")
    if until is not None and not 0 < until <= 30 * 86_400:
        raise BadFile(f"--until: {until:g}; allowed: seconds after the start, above 0, 30 days at most")
    if not 0 <= seed < 2**63 - MOST_REPLICATIONS:
        raise BadFile(f"--seed: {seed}; allowed: a whole number of at least 0")


@contextmanager
def _told_as(scenario: Path) -> Iterator[None]:
    try:
        yield
    except CrowdError as error:
        raise BadFile(f"{scenario.name}: {error}") from error


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _warm(engine: str) -> None:
    """Have the engine's loops compiled or fetched before anything is timed."""
    from tminus.engines.crowd.demand import Demand, Leg, Trip
    from tminus.engines.crowd.network import Link, Network, Node
    from tminus.engines.crowd.scenario import GateShift, Scenario
    from tminus.engines.crowd.simulate import simulate as run

    network = Network((Node("a"), Node("b")), (Link("ab", "a", "b", 2.0, 1.0),))
    demand = Demand.of([Trip(0.0, "a", (Leg("b"),))])
    told = threading.Timer(1.0, _tell, ("preparing the engine: a quarter of a minute, the first time only …",))
    told.start()
    try:
        run(Scenario(network, demand, (GateShift("b", 0, 60, 1, 1.0),)), engine=engine)  # type: ignore[arg-type]
    finally:
        told.cancel()


def _simulate(read: ReadScenario, seed: int, engine: str, until: float | None) -> DayResult:
    from tminus.engines.crowd.simulate import simulate as run

    told = [time.perf_counter()]

    def on_progress(at_s: float, set_off: int, gone: int) -> None:
        if time.perf_counter() - told[0] > TELL_EVERY_S:
            told[0] = time.perf_counter()
            _tell(f"{at_s / 3600:.2f} h: {set_off} set off, {gone} arrived, of {len(read.scenario.demand)}")

    return run(read.scenario, seed=seed, until_s=until, engine=engine, on_progress=on_progress)  # type: ignore[arg-type]


def _document(
    read: ReadScenario, result: DayResult, seed: int, engine: str, elapsed_s: float, read_s: float
) -> dict[str, Any]:
    from tminus.formats.crowd.day_document import document_of

    told = document_of(result)
    start = read.start.isoformat() if read.dated else None
    about = {"name": read.name, "start": start, "seed": seed, "engine": engine, "step_s": read.scenario.step_s}
    return {**told, "elapsed_s": elapsed_s, "read_s": read_s, **about, "warnings": list(read.warnings)}


def _ensemble(read: ReadScenario, seed: int, replications: int, engine: str, until: float | None) -> dict[str, Any]:
    from tminus.engines.crowd.ensemble import run_many
    from tminus.formats.crowd.day_document import percentiles, row_of

    seeds = range(seed, seed + replications)
    with _executor(replications) as run:
        found = run_many(
            read.scenario, seeds, row_of, map=run, until_s=until, engine=engine, clock=time.perf_counter  # type: ignore[arg-type]
        )  # fmt: skip
    rows = [{"seed": one.seed, **one.kept, "elapsed_s": one.elapsed_s} for one in found]
    return {"replications": rows, **percentiles(rows)}


@contextmanager
def _executor(replications: int) -> Iterator[Executor]:
    """Processes, as many as there are processors, where there is more than one of both."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(cores, replications)
    if workers < 2:
        yield map
        return
    with ProcessPoolExecutor(workers) as pool:
        yield pool.map


def _ground(folder: Path) -> dict[str, Any] | None:
    """What lies beneath the replay of an event folder's day."""
    from tminus.formats.crowd.replay_ground import folder_ground

    return folder_ground(folder)


def _files(
    folder: Path, read: ReadScenario, result: DayResult, document: dict[str, Any], ground: dict[str, Any] | None
) -> dict[str, bytes]:
    from tminus.formats.crowd.day_map import day_geojson
    from tminus.formats.crowd.day_tables import day_tables
    from tminus.formats.crowd.element_names import read_element_names
    from tminus.formats.crowd.replay_data import replay_data
    from tminus.formats.crowd.replay_page import replay_page

    network, start = read.scenario.network, read.start if read.dated else None
    told = replay_data(
        read.name, network, result, start, read.shapes, names=read_element_names(folder), runs=read.scenario.runs,
        shifts=read.scenario.gates,
    )  # fmt: skip
    return {
        "summary.json": json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False).encode(),
        **day_tables(network, result, start),
        "levels.geojson": day_geojson(network, result, start, read.shapes),
        "replay.html": replay_page(told, ground),
    }


FIGURES = (
    ("agents", "agents"), ("arrived", "arrived"), ("en_route", "on their way at the end"), ("stuck", "stuck"),
    ("last_arrival_s", "last arrival, s after the start"), ("mean_lost_s", "mean time lost, s"),
    ("p90_lost_s", "P90 of time lost, s"), ("left_behind", "left behind by vehicles"), ("link_moves", "link moves"),
)  # fmt: skip
LINKS_SHOWN = 10


def _show(document: dict[str, Any]) -> None:
    console = Console(soft_wrap=True)
    table = Table(
        box=None, title=f"{document['name']}, seed {document['seed']}", title_justify="left", show_header=False
    )
    for key, words in FIGURES:
        value = document[key]
        table.add_row(words, "–" if value is None else f"{value:,.0f}")
    console.print(table)
    worst = Table("densest ways", "persons/m² in the worst minute", box=None)
    for name, value in sorted(document["max_density"].items(), key=lambda one: -(one[1] or 0))[:LINKS_SHOWN]:
        worst.add_row(name, f"{value:.2f}")
    console.print(worst)
    if document["queues"]:
        gates = Table("gate", "served", "longest queue", "mean wait, s", "P90, s", box=None)
        for gate, of in document["queues"].items():
            cells = (of["served"], of["longest"], of["mean_wait_s"], of["p90_wait_s"])
            gates.add_row(gate, *("–" if cell is None else f"{cell:,.0f}" for cell in cells))
        console.print(gates)
    for one in document["incidents"][:LINKS_SHOWN]:
        words = f"{one['at_s']:.0f} s: {one['kind']}, {one['persons']} persons, {', '.join(one['elements'])}"
        console.print(words, highlight=False, markup=False)
    if near := document["near_tip"]:
        more = f" and {len(near) - LINKS_SHOWN} more" if len(near) > LINKS_SHOWN else ""
        words = (
            f"near the tip: agents and fluid may differ, for two-way links jam: {', '.join(near[:LINKS_SHOWN])}{more}"
        )
        console.print(words, highlight=False, markup=False)
    for one in document["without_way"][:LINKS_SHOWN]:
        words = f"{one['node']}: {one['persons']} persons have no way on, the first since {one['since_s']:.0f} s"
        console.print(words, highlight=False, markup=False)
    if "P50" in document:
        _show_ensemble(console, document)
    told = f"Walked by {document['fundamental_diagram']}; {document['elapsed_s']:.2f} s for the engine."
    console.print(told, highlight=False, markup=False)


def _show_ensemble(console: Console, document: dict[str, Any]) -> None:
    table = Table(f"{len(document['replications'])} replications", "P10", "P50", "P90", box=None)
    for figure in document["P50"]:
        cells = (document[level][figure] for level in ("P10", "P50", "P90"))
        table.add_row(figure, *("–" if cell is None else f"{cell:,.1f}" for cell in cells))
    console.print(table)
