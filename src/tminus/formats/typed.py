"""Plan data out of a file somebody else may have written: every field of the kind its annotation says."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from tminus.engines.schedule import Duration

MOST = 10**9
"""No number in a plan is larger: minutes of nineteen centuries."""


def typed(value: Any) -> Any:
    """``value``, a dataclass of the plan, once every field of it has been looked at.

    :raises ValueError: a field of another kind, a number out of reach, an instant with an offset; it is named.
    """
    for name, kind in _kinds(value.__class__).items():
        inner = getattr(value, name)
        if not _fits(inner, kind):
            limit = f" less than {MOST:,}" if isinstance(inner, (int, float)) else ""
            raise ValueError(f"{name}: {str(inner)[:80]!r} is not {_called(kind)}{limit}")
    return value


@cache
def _kinds(of: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(of)
    return {field.name: hints[field.name] for field in fields(of)}


def _called(kind: Any) -> str:
    return kind.__name__ if isinstance(kind, type) else str(kind).replace("datetime.datetime", "datetime")


def _fits(value: Any, kind: Any) -> bool:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Union or origin is types.UnionType:
        return any(_fits(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(one, inner[0]) for one in value)
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    if kind is Any:
        return True
    return _plain(value, kind)


def _plain(value: Any, kind: type) -> bool:
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool) and abs(value) < MOST
    if kind is datetime:
        return isinstance(value, datetime) and value.tzinfo is None
    if kind is Duration:
        return isinstance(value, Duration) and bool(typed(value))
    if kind is types.NoneType:
        return value is None
    return isinstance(value, kind) and (not is_dataclass(value) or bool(typed(value)))
