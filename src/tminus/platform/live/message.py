"""What a page is told of a line of the record: that something changed, never the values."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tminus.platform.access import Scope
from tminus.platform.models import RecordLine

RECORD = "record"
REFRESH = "refresh"  # too much was missed: load the page's parts anew


class Message(NamedTuple):
    seq: int
    kind: str
    data: dict[str, Any]

    def encoded(self) -> bytes:
        """As server-sent events (WHATWG HTML § 9.2) want it."""
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.seq}\nevent: {self.kind}\ndata: {data}\n\n".encode()


def message_for(line: RecordLine, scope: Scope) -> Message | None:
    """The message of a line this scope may see; of a line of no unit, only what kind of thing changed."""
    if line.unit_path and not reads_path(scope, line.unit_path):
        return None
    data: dict[str, Any] = {"seq": line.seq, "object_type": line.object_type}
    if line.unit_path or scope.acts_everywhere or scope.reads_all:
        data |= {"code": line.code, "object_id": line.object_id, "unit": _unit(line.unit_path)}
    return Message(line.seq, RECORD, data)


def reads_path(scope: Scope, path: str) -> bool:
    if scope.acts_everywhere or scope.reads_all or path in scope.own_paths:
        return True
    return any(path.startswith(above) for above in scope.subtree_paths)


def _unit(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]
