"""What happenings and measures of an event's days may name: lines, gates, ways, places, units; lanes as planned."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tminus.desks.passengers.element_names import ElementNames, kept_names
from tminus.desks.passengers.forecasting.kept_folder import content_of, current
from tminus.desks.passengers.forecasting.network_kept import kept_network
from tminus.formats.event_folder.day_scenarios import Elements
from tminus.platform.models import Event, Unit


@dataclass(frozen=True, slots=True)
class Named:
    """``elements`` by ID, how they are called, units by code, and stations among the nodes."""

    elements: Elements
    names: ElementNames
    units: Mapping[str, Unit]
    stations: tuple[str, ...]


def may_be_named(event: Event) -> Named:
    """By the files that count now; empty where they name nothing."""
    network, names = kept_network(event), kept_names(event)
    units = {unit.code: unit for unit in Unit.objects.filter(event=event).order_by("path")}
    gates = tuple(gate.id for gate in network.gates)
    elements = Elements(network.lines, gates, tuple(names.ways), tuple(names.nodes))
    return Named(elements, names, units, tuple(one.id for one in network.stations))


def planned_lanes(event: Event, day: date) -> dict[str, list[tuple[str, str, int]]]:
    """Gate → from, to and lanes as ``gates.csv`` has them on ``day``; rows of the day itself go before those of all."""
    row = current(event).get("gates.csv")
    found: dict[str, dict[bool, list[tuple[str, str, int]]]] = defaultdict(lambda: defaultdict(list))
    if row is not None:
        for one in csv.DictReader(io.StringIO(content_of(row).decode("utf-8-sig"))):
            if (one.get("day") or f"{day}") == f"{day}":
                lanes = (one.get("from") or "", one.get("to") or "", round(float(one.get("lanes") or 0)))
                found[one["node"]][bool(one.get("day"))].append(lanes)
    return {gate: rows.get(True) or rows[False] for gate, rows in found.items()}
