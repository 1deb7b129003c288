"""The one line after an act: what was done to whom, with *undo* where it can be undone."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

MARK = "undo:"


def say(request: HttpRequest, text: str, *, undo: str = "", **fields: Any) -> None:
    """Tell on the next page what was done; ``undo`` is the address that takes it back, posted with ``fields``."""
    messages.success(request, text, extra_tags=f"{MARK}{undo}?{urlencode(fields)}" if undo else "")


def undo_of(message: Message) -> dict[str, Any] | None:
    """The address and fields of a line's undo button; ``None`` where nothing can be undone."""
    tag = message.extra_tags or ""
    if not tag.startswith(MARK):
        return None
    address, _mark, fields = tag.removeprefix(MARK).partition("?")
    return {"address": address, "fields": parse_qsl(fields)}
