"""A gate plan: lanes by gate and slot, who is on duty when, who is sent elsewhere, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tminus.engines.crowd.gate_plan.check import GateCheck
from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints
from tminus.engines.crowd.gate_plan.shifts import Shift
from tminus.engines.limit import Limit


@dataclass(frozen=True, slots=True)
class Binding:
    """``limit`` holds the plan back in slots ``first`` up to ``last``; one more of it saves ``price`` slots of work."""

    limit: Limit
    first: int
    last: int
    price: float

    @property
    def what(self) -> str:
        """The limit in English."""
        return str(self.limit)


@dataclass(frozen=True, slots=True)
class Changed:
    """Against the published plan: lanes ``was`` and ``now`` of a gate in slots ``first`` up to ``last``."""

    gate: str
    first: int
    last: int
    was: int
    now: int


@dataclass(frozen=True, slots=True)
class GatePlan:
    """The plan of ``day``.

    :param lanes: [gate, slot]. ``sent``: [detour, slot] share of a gate's people sent elsewhere.
    :param shifts: with how many people each. ``cost``, ``bound``: slots of one person's work, late people priced in.
    :param checks: this plan and the others on the sample paths, worked out anew.
    """

    day: GateDay
    lanes: Ints
    sent: Floats
    shifts: tuple[tuple[Shift, int], ...]
    cost: float
    bound: float
    late: float
    binding: tuple[Binding, ...]
    changed: tuple[Changed, ...]
    checks: tuple[GateCheck, ...]
    seconds: dict[str, float]

    @property
    def gap(self) -> float:
        """By how much the cost may still shrink, as a share of it."""
        return max(1 - self.bound / self.cost, 0.0) if self.cost > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """The document of ``tminus routes gates``; seconds count from the first slot."""
        slot = self.day.slot_s
        return {
            "slot_s": slot,
            "target_wait_s": self.day.target_wait_s,
            "lanes": {gate.id: row.tolist() for gate, row in zip(self.day.gates, self.lanes, strict=True)},
            "sent": _sent(self),
            "shifts": [
                {
                    "from_s": shift.first * slot,
                    "to_s": shift.last * slot,
                    "break_s": None if shift.rest < 0 else shift.rest * slot,
                    "persons": people,
                }
                for shift, people in self.shifts
            ],
            "proof": {
                "unit": "slots of one person's work",
                "value": round(self.cost, 3),
                "bound": round(self.bound, 3),
                "gap": round(self.gap, 6),
                "late": round(self.late, 1),
                "seconds": {name: round(spent, 4) for name, spent in self.seconds.items()},
            },
            "binding": [
                {**b.limit.as_json(), "from_s": b.first * slot, "to_s": b.last * slot, "price": round(b.price, 4)}
                for b in self.binding
            ],
            "changed": [
                {"gate": c.gate, "from_s": c.first * slot, "to_s": c.last * slot, "was": c.was, "now": c.now}
                for c in self.changed
            ],
            "policies": [one.as_json() for one in self.checks],
        }


def _sent(plan: GatePlan) -> list[dict[str, Any]]:
    slot = plan.day.slot_s
    return [
        {"from": d.start, "to": d.end, "from_s": n * slot, "to_s": (n + 1) * slot, "share": round(float(share), 4)}
        for d, row in zip(plan.day.detours, plan.sent, strict=False)
        for n, share in enumerate(row)
        if share > 5e-4
    ]
