"""How good a plan is proved to be, and what holds it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tminus.engines.limit import Limit
from tminus.engines.transport.clock_text import clock_text


@dataclass(frozen=True, slots=True)
class Binding:
    """A condition that holds the plan back: ``price`` is what one more unit of it would save, in the plan's unit."""

    limit: Limit
    from_min: int
    to_min: int
    price: float

    @property
    def what(self) -> str:
        """The limit in English."""
        return str(self.limit)

    def as_json(self) -> dict[str, Any]:
        return {
            **self.limit.as_json(),
            "from": clock_text(self.from_min),
            "to": clock_text(self.to_min),
            "price": round(self.price, 4),
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """``value`` of the plan, a ``bound`` no plan can be below, both in ``unit``; ``seconds`` spent by part."""

    unit: str
    value: float
    bound: float
    seconds: dict[str, float] = field(default_factory=dict)
    binding: tuple[Binding, ...] = ()

    @property
    def gap(self) -> float:
        """By how much the value may still shrink, as a share of it: 0 … 1."""
        return max(1 - self.bound / self.value, 0.0) if self.value > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "value": round(self.value, 3),
            "bound": round(self.bound, 3),
            "gap": round(self.gap, 6),
            "seconds": {name: round(spent, 4) for name, spent in self.seconds.items()},
            "binding": [one.as_json() for one in self.binding],
        }
