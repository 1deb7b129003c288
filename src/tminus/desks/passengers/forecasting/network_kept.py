"""The stations and lines of the files that count now, read once for each content."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from tminus.desks.passengers.forecasting.kept_folder import current, laid_out
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.network import Network, network_of
from tminus.formats.event_folder.transit import FILE as GTFS
from tminus.formats.event_folder.transit import with_transit
from tminus.formats.problems import BadFile
from tminus.platform.models import Event

FILES = ("nodes.csv", "links.csv", GTFS)
AT_HAND = 4
"""Networks kept in one process."""
_KEPT: OrderedDict[Hashable, Network] = OrderedDict()
_LOCK = Lock()
NOTHING = Network((), (), ())


def kept_network(event: Event) -> Network:
    """Without stations where no file names any, or where what names them cannot be read."""
    rows = {name: row for name, row in current(event).items() if name in FILES}
    key = (event.pk, event.opening, *sorted((name, row.digest) for name, row in rows.items()))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    try:
        with laid_out(event, rows) as path:
            found = network_of(with_transit(read_folder(path), path, event.opening))
    except BadFile:
        found = NOTHING  # the page of files says what is wrong with them
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > AT_HAND:
            _KEPT.popitem(last=False)
    return found
