"""``tminus evacuate --exits FILE``: exits assigned and families together, told beside free choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tminus.engines.crowd.evacuation import AssignedPlan, EvacuationPlan
from tminus.engines.crowd.evacuation.resimulation import Resimulation, walk_again, walk_apart
from tminus.engines.crowd.network import Network
from tminus.formats.book_writer import Value, table_csv

SHARES = tuple(n / 10 for n in range(1, 11))
FILE = "compared.csv"
FREE = ("planned_s", "bound_s", "gap", "mean_s", "p50_s", "p90_s", "bottleneck")


def compared(
    network: Network, plan: AssignedPlan, closed: tuple[str, ...], *, simulated: bool
) -> tuple[dict[str, Any], Resimulation | None]:
    """The part of the document that says what exits assigned come to, and the plan walked again."""
    again, apart = walk_apart(network, plan, closed) if simulated else (None, {})
    freely = walk_again(network, plan.free, closed) if simulated else None
    told = plan.as_json() | {
        "apart": _apart(apart),
        "free": {name: plan.free.as_json()[name] for name in FREE}
        | {"simulated": freely.as_json() if freely else None},
        "curve": [_point(share, plan, again, freely) for share in SHARES],
    }
    return told, again


def _apart(seconds: Mapping[str, float]) -> dict[str, Any] | None:
    """How far apart groups come out; null: not walked, or no groups, or one of which not all get out."""
    if not seconds or not np.isfinite(list(seconds.values())).all():
        return None
    most = max(seconds, key=lambda name: seconds[name])
    values = np.array(list(seconds.values()))
    return {
        "mean_s": round(float(values.mean()), 1),
        "p90_s": round(float(np.quantile(values, 0.9)), 1),
        "most_s": round(seconds[most], 1),
        "group": most,
    }


def _point(share: float, plan: AssignedPlan, again: Resimulation | None, free: Resimulation | None) -> dict[str, Any]:
    return {
        "share": share,
        "assigned_s": round(plan.plan.out_after(share), 1),
        "free_s": round(plan.free.out_after(share), 1),
        "assigned_simulated_s": round(again.out_after(share), 1) if again else None,
        "free_simulated_s": round(free.out_after(share), 1) if free else None,
    }


def curves_csv(plan: AssignedPlan) -> bytes:
    """How many are out by when: by exits assigned, and by free choice."""
    times = max((plan.plan.times_s, plan.free.times_s), key=len)
    rows: list[list[Value]] = [
        [float(at), _out(plan.plan, n), _out(plan.free, n)] for n, at in enumerate(times.tolist())
    ]
    return table_csv(["by_s", "out", "out_by_free_choice"], rows)


def _out(plan: EvacuationPlan, step: int) -> int:
    return int(plan.arrived[min(step, len(plan.arrived) - 1)]) if len(plan.arrived) else 0
