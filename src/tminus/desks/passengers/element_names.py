"""How the places, ways and lines of an event are called, as its tables of nodes and links name them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from django.utils.translation import gettext as _

from tminus.desks.passengers.forecasting.kept_folder import current, laid_out
from tminus.desks.passengers.forecasting.network_kept import FILES
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.transit import with_transit
from tminus.formats.problems import BadFile
from tminus.platform.languages import in_language
from tminus.platform.models import Event

AT_HAND = 4
"""Events whose names are kept in one process."""
SHORT = 3
"""A line called by so few letters or digits is spoken of as "line 2", any longer name stands for itself."""


@dataclass(frozen=True, slots=True)
class ElementNames:
    """``nodes``: ID → names in English and Chinese; ``ways``: ID → the nodes at its two ends.

    What is not known is called by its ID, in either language.
    """

    nodes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    ways: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def node(self, code: str) -> str:
        """A place, in the reader's language."""
        return in_language(*self.nodes.get(code, ("", ""))) or code

    def way(self, code: str) -> str:
        """A way by its two ends."""
        ends = self.ways.get(code)
        return _("%(one)s – %(other)s") % {"one": self.node(ends[0]), "other": self.node(ends[1])} if ends else code

    def line(self, code: str) -> str:
        """A line within a sentence."""
        return _("line %(line)s") % {"line": code} if code.isalnum() and len(code) <= SHORT else code


_KEPT: OrderedDict[Hashable, ElementNames] = OrderedDict()
_LOCK = Lock()


def kept_names(event: Event) -> ElementNames:
    """Those of the files that count now, read once for each content; none where no file names any."""
    rows = {name: row for name, row in current(event).items() if name in FILES}
    key = (event.pk, event.opening, *sorted((name, row.digest) for name, row in rows.items()))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    try:
        with laid_out(event, rows) as path:
            folder = with_transit(read_folder(path), path, event.opening)
    except BadFile:
        return ElementNames()  # the page of files says what is wrong with them
    found = ElementNames(
        {row["id"]: (row.get("name_en", ""), row.get("name_zh", "")) for row in folder.table("nodes")},
        {row["id"]: (row["from"], row["to"]) for row in folder.table("links")},
    )
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > AT_HAND:
            _KEPT.popitem(last=False)
    return found
