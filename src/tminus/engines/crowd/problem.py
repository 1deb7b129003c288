"""What is wrong with what was handed in: one line, what, where and what is allowed."""

from __future__ import annotations


class CrowdError(ValueError):
    """What cannot be simulated; the message names the element, its value and what is allowed."""
