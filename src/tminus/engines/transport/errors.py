"""What a transport plan cannot be made of, and what no plan can do."""

from __future__ import annotations


class TransportError(ValueError):
    """Data that make no sense; one line says what, where and what is allowed."""


class InfeasiblePlan(TransportError):
    """No plan keeps all conditions; ``cut`` names those that contradict one another, the tightest first."""

    def __init__(self, message: str, cut: tuple[str, ...]) -> None:
        super().__init__(f"{message}: {'; '.join(cut[:3])}{f' (and {len(cut) - 3} more)' if len(cut) > 3 else ''}")
        self.cut = cut
