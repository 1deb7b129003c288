"""``scenario.json``: when the day begins, how it is simulated, by which fundamental diagram."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tminus.engines.crowd import diagram as diagrams
from tminus.engines.crowd.diagram import FundamentalDiagram, sfpe, tabulated, weidmann
from tminus.engines.crowd.kinds import WALKED, LinkKind, diagrams_by_kind
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Routing
from tminus.formats.problems import BadFile, read_bytes

FILE = "scenario.json"
KEYS = (
    "name", "start", "step_s", "stuck_s", "patience_s", "slot_s", "fundamental_diagram",
    "fundamental_diagrams", "routing", "coordinates", "vehicles",
)  # fmt: skip
NO_DAY = datetime(2000, 1, 1)
"""Where nobody says when: seconds count from midnight of no day in particular."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``start`` is second 0. ``dated``: whether the file says so. ``degrees``: whether GeoJSON is in lon, lat.

    ``vehicle_p``, ``door_p_s``: persons a vehicle holds and who pass its doors a second, where the timetable is silent.
    """

    name: str = ""
    start: datetime = NO_DAY
    dated: bool = False
    step_s: float = 1.0
    stuck_s: float = 300.0
    patience_s: float = math.inf
    slot_s: float = 900.0
    diagram: FundamentalDiagram = field(default_factory=weidmann)
    by_kind: Mapping[LinkKind, FundamentalDiagram] = field(default_factory=diagrams_by_kind)
    routing: Routing = field(default_factory=Routing)
    degrees: bool = True
    vehicle_p: int | None = None
    door_p_s: float | None = None
    warnings: tuple[str, ...] = ()

    @property
    def zero_s(self) -> float:
        """Second 0 as seconds after midnight."""
        return (self.start - self.start.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()

    def at(self, seconds: float) -> datetime:
        """The moment so many seconds after the start."""
        return self.start + timedelta(seconds=seconds)


def read_settings(folder: Path) -> Settings:
    """The folder's ``scenario.json``, or what holds without it.

    :raises BadFile: no JSON object, or a value that cannot be taken.
    """
    path = folder / FILE
    if not path.exists():
        return Settings()
    try:
        told = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{FILE}: is not valid JSON ({error})") from error
    if not isinstance(told, dict):
        raise BadFile(f"{FILE}: {type(told).__name__}; allowed: a JSON object with {', '.join(KEYS)}")
    warnings = tuple(
        f"{FILE}: {key!r} is not known and not read; known: {', '.join(KEYS)}" for key in told if key not in KEYS
    )
    vehicles = _object(told, "vehicles")
    return Settings(
        name=str(told.get("name", "")),
        start=_start(told.get("start")),
        dated=told.get("start") is not None,
        step_s=_number(told, "step_s", 1.0, 0.01, 60),
        stuck_s=_number(told, "stuck_s", 300.0, 1, 1e6),
        patience_s=_number(told, "patience_s", 0.0, 0, 1e6) if "patience_s" in told else math.inf,
        slot_s=_number(told, "slot_s", 900.0, 1, 86_400),
        diagram=_diagram(told.get("fundamental_diagram", "weidmann"), "fundamental_diagram"),
        by_kind={**diagrams_by_kind(), **_by_kind(_object(told, "fundamental_diagrams"))},
        routing=_routing(_object(told, "routing")),
        degrees=_among(told, "coordinates", ("degrees", "metres"), "degrees") == "degrees",
        vehicle_p=round(_number(vehicles, "capacity_p", 0, 1, 100_000)) if "capacity_p" in vehicles else None,
        door_p_s=_number(vehicles, "door_p_s", 0, 0.01, 10_000) if "door_p_s" in vehicles else None,
        warnings=warnings,
    )


def _start(told: object) -> datetime:
    if told is None:
        return NO_DAY
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        raise BadFile(f"{FILE}: start {told!r}; allowed: a date-time such as 2026-11-06T07:30") from None
    return found.replace(tzinfo=None)


def _number(told: Mapping[str, Any], key: str, otherwise: float, low: float, high: float) -> float:
    value = told.get(key, otherwise)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not (
        math.isfinite(value) and (low <= value <= high or key not in told)
    ):  # fmt: skip
        raise BadFile(f"{FILE}: {key} {value!r}; allowed: a number from {low:g} to {high:g}")
    return float(value)


def _object(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = told.get(key, {})
    if not isinstance(value, dict):
        raise BadFile(f"{FILE}: {key} {str(value)[:80]!r}; allowed: a JSON object")
    return value


def _among(told: Mapping[str, Any], key: str, allowed: tuple[str, ...], otherwise: str) -> str:
    value = told.get(key, otherwise)
    if value not in allowed:
        raise BadFile(f"{FILE}: {key} {str(value)[:80]!r}; allowed: {', '.join(allowed)}")
    return str(value)


def _routing(told: Mapping[str, Any]) -> Routing:
    if unknown := [key for key in told if key not in ("reactive_s", "advised", "gate_s")]:
        raise BadFile(f"{FILE}: routing has {unknown[0]!r}; allowed: reactive_s, advised, gate_s")
    reactive, advised = _number(told, "reactive_s", 0.0, 0, 86_400), _number(told, "advised", 1.0, 0, 1)
    return Routing(reactive, advised, gate_s=_number(told, "gate_s", 0.0, 0, 86_400))


def _by_kind(told: Mapping[str, Any]) -> dict[LinkKind, FundamentalDiagram]:
    allowed = {kind.value: kind for kind in WALKED}
    if unknown := [key for key in told if key not in allowed]:
        raise BadFile(f"{FILE}: fundamental_diagrams of {unknown[0]!r}; allowed: {', '.join(allowed)}")
    return {allowed[key]: _diagram(value, f"fundamental_diagrams, {key}") for key, value in told.items()}


def published() -> dict[str, Any]:
    """Diagrams by the name a scenario calls them by."""
    fitted = getattr(diagrams, "juelich", None)
    return {"weidmann": weidmann, "sfpe": sfpe, **({"juelich": fitted} if fitted else {})}


def _diagram(told: object, where: str) -> FundamentalDiagram:
    known = published()
    if isinstance(told, str) and told.lower() in known:
        return known[told.lower()]()  # type: ignore[no-any-return]
    if isinstance(told, dict) and {"density_p_m2", "speed_m_s"} <= set(told):
        try:
            name, source = str(told.get("name", "table")), str(told.get("source", "as handed in"))
            points = [np.array(told[key], float) for key in ("density_p_m2", "speed_m_s")]
            if not all(np.isfinite(one).all() for one in points):
                raise CrowdError("a density or speed that is no number; allowed: numbers")
            return tabulated(name, source, *points)
        except (CrowdError, ValueError, TypeError) as error:
            raise BadFile(f"{FILE}: {where}: {error}") from error
    table = '{"name", "source", "density_p_m2": […], "speed_m_s": […]}'
    raise BadFile(f"{FILE}: {where} {str(told)[:80]!r}; allowed: {', '.join(known)} or {table}")
