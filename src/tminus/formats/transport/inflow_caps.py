"""Inflow caps as stations get them, the figures behind them, and caps read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.inflow import InflowPlan, SampleDays, changed_caps
from tminus.formats.book_row import text_of
from tminus.formats.book_writer import table_csv
from tminus.formats.headed_table import HeadedTable
from tminus.formats.problems import BadValue
from tminus.formats.transport.cells import minute_of_day, number
from tminus.formats.values import Cell

CAPS: dict[str, tuple[str, ...]] = {
    "station": ("Station", "车站"),
    "from": ("From", "开始"),
    "to": ("To", "结束"),
    "cap": ("Let in per min", "每分钟放行"),
}
FILES = ("inflow_caps.csv", "inflow_queues.csv", "inflow_arcs.csv")


def inflow_document(
    plan: InflowPlan, days: dict[str, SampleDays], walked: dict[str, Any] | None, published: NDArray[Any] | None
) -> dict[str, Any]:
    """What ``tminus transport inflow --json`` prints; ``days`` by policy, ``walked``: as the plan was walked again."""
    return {
        "stations": len(plan.network.gates),
        "arcs": len(plan.network.arcs),
        "persons": round(float(plan.demand.persons.sum()), 1),
        "slot_min": plan.demand.slot_min,
        "caps": [_cap(row) for row in _cap_rows(plan)],
        "paths": days["plan"].paths,
        "policies": [{"policy": name} | one.as_json() for name, one in days.items()],
        "simulated": walked,
        "exceeded": _exceeded(plan),
        "proof": plan.proof.as_json(),
        "changes": None if published is None else [one.as_json() for one in changed_caps(plan, published)],
        "elapsed_s": round(sum(plan.proof.seconds.values()), 4),
    }


def _cap(row: list[Any]) -> dict[str, Any]:
    return dict(zip(("station", "from", "to", "let_in_per_min", "queue_at_end"), row, strict=True))


def _cap_rows(plan: InflowPlan) -> list[list[Any]]:
    return [
        [
            station,
            clock_text(plan.demand.minute_of(slot)),
            clock_text(plan.demand.minute_of(slot + 1)),
            round(float(plan.caps[at, slot]), 1),
            round(float(plan.queue[at, slot]), 1),
        ]
        for at, station in enumerate(plan.network.stations)
        for slot in map(int, np.flatnonzero(np.isfinite(plan.caps[at])))
    ]


def _exceeded(plan: InflowPlan) -> list[dict[str, Any]]:
    worst = np.argwhere(plan.day.exceeded.any(axis=1)).ravel()
    return [
        {
            "arc": plan.network.arcs[arc].name,
            "minutes": int(plan.day.exceeded[arc].sum()),
            "at": clock_text(plan.demand.first_min + int(plan.day.loads[arc].argmax())),
            "load_per_min": round(float(plan.day.loads[arc].max()), 1),
            "capacity_per_min": plan.network.arcs[arc].capacity_per_min,
        }
        for arc in worst
    ]


def inflow_tables(plan: InflowPlan) -> dict[str, bytes]:
    """File name → content: caps, queues at each slot's end, and each arc's busiest minute."""
    heads = [CAPS[code][0] for code in ("station", "from", "to", "cap")] + ["Queue at end"]
    return dict(
        zip(FILES, (table_csv(heads, _cap_rows(plan)), _queues(plan), _busiest(plan)), strict=True),
    )


def _queues(plan: InflowPlan) -> bytes:
    ends = [clock_text(plan.demand.minute_of(slot + 1)) for slot in range(plan.demand.slots)]
    rows: list[list[Any]] = [
        [station, *(round(float(queue), 1) for queue in plan.queue[at])]
        for at, station in enumerate(plan.network.stations)
        if plan.queue[at].any()
    ]
    return table_csv(["Station", *ends], rows)


def _busiest(plan: InflowPlan) -> bytes:
    loads = plan.day.loads
    rows: list[list[Any]] = [
        [
            arc.origin, arc.destination, arc.line, round(float(loads[at].max()), 1),
            arc.capacity_per_min if np.isfinite(arc.capacity_per_min) else None,
            clock_text(plan.demand.first_min + int(loads[at].argmax())), int(plan.day.exceeded[at].sum()),
        ]
        for at, arc in enumerate(plan.network.arcs)
    ]  # fmt: skip
    return table_csv(["From", "To", "Line", "Most per min", "Capacity per min", "Busiest at", "Minutes exceeded"], rows)


def read_caps(path: Path, plan: InflowPlan) -> NDArray[Any]:
    """Caps of a table as this module writes it, on the plan's slots; inf where it has none.

    :raises BadFile: not such a table, an unknown station, or times that are not the plan's slots.
    """
    table = HeadedTable(path, CAPS, tuple(CAPS))
    caps = np.full((len(plan.network.gates), plan.demand.slots), np.inf)
    known = {station: at for at, station in enumerate(plan.network.stations)}

    def station(cell: Cell) -> int:
        if (name := text_of(cell)) not in known:
            raise BadValue("a station of stations.csv where people enter")
        return known[name]

    def slot(cell: Cell) -> int:
        at, rest = divmod(minute_of_day(cell) - plan.demand.first_min, plan.demand.slot_min)
        if rest or not 0 <= at <= plan.demand.slots:
            raise BadValue(f"a time on the plan's slots of {plan.demand.slot_min} minutes")
        return int(at)

    for row, cells in table.rows():
        at = table.need(row, cells, "station", station, 0)
        begin, end = (table.need(row, cells, code, slot, 0) for code in ("from", "to"))
        caps[at, begin:end] = table.need(row, cells, "cap", number(), 0.0)
    table.done()
    return caps
