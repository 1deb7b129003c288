"""A day under a what-if, computed at once and kept in memory only; asked again, it is at hand."""

from __future__ import annotations

from base64 import b64decode
from collections import OrderedDict
from collections.abc import Hashable
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple

from tminus.desks.passengers.forecasting.kept_folder import inputs_of
from tminus.desks.passengers.forecasting.levers import Levers
from tminus.platform.models import Event

SAMPLES = 100
"""Fewer than an issue has, so that the answer comes within three seconds."""
AT_HAND = 8
"""Answers kept in one process."""

_KEPT: OrderedDict[Hashable, WhatIf] = OrderedDict()
_LOCK = Lock()


class WhatIf(NamedTuple):
    """One day as an issue would keep it, and its ``result``: visits by day."""

    content: dict[str, Any]
    figures: bytes
    result: dict[str, Any]


def what_if(event: Event, now: datetime, day: date, levers: Levers) -> WhatIf:
    """The day with ``levers`` moved, from the files that count now.

    :raises BadFile: files no forecast can be made from, or levers that leave no way to the site.
    """
    from tminus.desks.passengers.forecasting.computing import Asked, computed  # half a second
    from tminus.formats.problems import BadFile

    inputs = tuple(sorted(inputs_of(event).items()))
    key = (event.pk, inputs, now.date(), day, levers.model_dump_json())
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    found = computed(event, Asked(now, [day], levers, samples=SAMPLES), lambda *_told: None)
    if not found["days"]:
        raise BadFile(found["result"]["degraded"][0])
    only = found["days"][0]
    answer = WhatIf(only["content"], b64decode(only["figures"]), found["result"])
    with _LOCK:
        _KEPT[key] = answer
        while len(_KEPT) > AT_HAND:
            _KEPT.popitem(last=False)
    return answer
