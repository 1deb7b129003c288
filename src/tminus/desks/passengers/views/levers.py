"""What-if of a form: read from its fields, and said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

NUMBERS = ("attendance_percent", "rain_mm", "traffic_percent")


def levers_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """The levers that were moved; an empty field or a zero is not."""
    found: dict[str, Any] = {
        name: given[name].strip() for name in NUMBERS if given.get(name, "").strip() not in ("", "0")
    }
    return found | {name: codes for name in ("closed", "lines") if (codes := _codes(given.get(name, "")))}


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.replace(";", ",").split(",") if code.strip()]


def asked_again(given: Mapping[str, Any]) -> str:
    """The levers as an address goes on with them."""
    moved = {name: given[name] for name in (*NUMBERS, "closed", "lines") if given.get(name)}
    return f"&{urlencode(moved)}" if moved else ""


def levers_said(levers: Mapping[str, Any]) -> list[str]:
    """One line a lever that was moved."""
    said = {
        "attendance_percent": _("visits %(n)s %%"),
        "rain_mm": _("rain %(n)s mm"),
        "traffic_percent": _("everyday traffic %(n)s %%"),
    }
    lines = [said[name] % {"n": _signed(name, levers[name])} for name in NUMBERS if float(levers.get(name) or 0)]
    if levers.get("closed"):
        lines.append(_("closed: %(stations)s") % {"stations": ", ".join(levers["closed"])})
    if levers.get("lines"):
        lines.append(_("no trains on line %(lines)s") % {"lines": ", ".join(levers["lines"])})
    return lines


def _signed(name: str, value: Any) -> str:
    number = float(value)
    return f"{number:g}" if name == "rain_mm" else f"{number:+g}".replace("-", "−")


def lines_to_choose(known: Sequence[str], asked: str) -> list[str]:
    """Lines of the form's list; several at once, as an address may name them, are one choice more."""
    return [*known] if not known or not asked or asked in known else [*known, asked]
