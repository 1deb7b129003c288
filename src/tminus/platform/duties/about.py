"""Where the thing a duty is about has its page: each desk names it for its own kind of thing."""

from __future__ import annotations

from collections.abc import Callable

from tminus.platform.models import Duty
from tminus.platform.registry import Context

Address = Callable[[Context, Duty], tuple[str, str] | None]
"""The name and address of the thing, or ``None`` where the person cannot open it."""

_ADDRESSES: dict[str, Address] = {}


def lives_at(about_type: str) -> Callable[[Address], Address]:
    """Register where things of ``about_type`` (``planning.task``) are to be seen."""

    def keep(address: Address) -> Address:
        _ADDRESSES[about_type] = address
        return address

    return keep


def about(ctx: Context, duty: Duty) -> dict[str, str] | None:
    """What the duty is about, to be opened; ``None`` where there is no page of it within reach."""
    known = _ADDRESSES.get(duty.about_type)
    found = known(ctx, duty) if known else None
    return {"name": found[0], "url": found[1]} if found else None
