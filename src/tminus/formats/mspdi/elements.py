"""What stands in an element of the file."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from tminus.formats.mspdi.vocabulary import NAMESPACE

Element = etree._Element
NS = {"p": NAMESPACE}


def text_of(element: Element, name: str) -> str:
    return (element.findtext(f"p:{name}", default="", namespaces=NS) or "").strip()


def number_of(element: Element, name: str, otherwise: int = 0) -> int:
    """:raises ValueError: not a number; the caller names where."""
    text = text_of(element, name)
    return int(float(text)) if text else otherwise


def instant_of(element: Element, name: str) -> datetime | None:
    text = text_of(element, name)
    if not text or text.startswith(("NA", "1984-01-01")):
        return None
    return datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
