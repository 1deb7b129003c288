"""Words on a picture of a day that do not lie upon one another."""

from __future__ import annotations

from typing import Any

HALF, WHOLE = 0.56, 1.0
"""Widths of a letter and of a Chinese character, in heights of the type."""
SIZE = 12.0
MARGIN = 4.0


class Labels:
    """What is written, in the order of its weight: what comes later and has no room is left out."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.written: list[dict[str, Any]] = []
        self._taken: list[tuple[float, float, float, float]] = []

    def write(self, words: str, x: float, y: float, colour: str = "") -> bool:
        """Left of the place where the right edge is too near, heavy where it has a colour; whether there was room."""
        long = sum(WHOLE if ord(letter) > 0x2E7F else HALF for letter in words) * SIZE
        if x + long > self.width - MARGIN:
            x -= long + 18
        inside = x > 0 and SIZE / 2 < y < self.height - SIZE / 2
        if not inside or not self.free(x - 2, y - 7, long + 4, 14):
            return False
        self.written.append({"words": words, "x": round(x, 1), "y": round(y + 4, 1), "colour": colour})
        return True

    def free(self, x: float, y: float, width: float, height: float) -> bool:
        """Whether nothing is written there yet; from now on something is."""
        for left, top, wide, high in self._taken:
            if x < left + wide and left < x + width and y < top + high and top < y + height:
                return False
        self._taken.append((x, y, width, height))
        return True
