"""The sentence of each kind of notice, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import reads_chinese
from tminus.platform.models import Notice

# Desks add their own with `SENTENCES["board.…"] = _("…")` in their `notices.py`.
SENTENCES: dict[str, Any] = {
    "duty.assigned": _("New duty: %(title)s. Due %(due)s. Please acknowledge it."),
    "duty.taken_over": _("%(person)s now answers for: %(title)s."),
    "duty.delegated": _("You may act for the holder of: %(title)s. Due %(due)s."),
    "duty.due_changed": _("The date of %(title)s has changed: now due %(due)s."),
    "duty.withdrawn": _("No longer needed: %(title)s (%(reason)s)."),
    "duty.submitted": _("To accept: %(title)s, submitted by %(person)s."),
    "duty.accepted": _("Accepted: %(title)s."),
    "duty.returned": _("Returned to you: %(title)s. %(reason)s"),
    "duty.commented": _("%(person)s on %(title)s: %(reason)s"),
    "duty.remind.acknowledge": _("Not yet acknowledged: %(title)s. Due %(due)s."),
    "duty.remind.due": _("Late: %(title)s was due %(due)s."),
    "duty.escalated.acknowledge": _("%(person)s has not acknowledged %(title)s. Due %(due)s."),
    "duty.escalated.due": _("%(title)s is late: %(person)s, due %(due)s."),
    "job.failed": _("A job failed: %(kind)s. %(reason)s"),
}


def sentence(notice: Notice) -> str:
    """The notice in the active language."""
    values = _filled(notice.values, chinese=reads_chinese())
    return str(SENTENCES[notice.code]) % values if notice.code in SENTENCES else notice.code


def _filled(values: Mapping[str, str], *, chinese: bool) -> dict[str, str]:
    filled = dict(values)
    own, other = ("_zh", "_en") if chinese else ("_en", "_zh")
    for key, value in values.items():
        if key.endswith(own):
            stem = key.removesuffix(own)
            filled[stem] = value or values.get(stem + other, "")
    if "due" in values:
        filled["due"] = _instant(values["due"])
    return filled


def _instant(text: str) -> str:
    if not text:
        return "–"
    return date_format(datetime.fromisoformat(text), "Y年n月j日 H:i" if reads_chinese() else "j M Y H:i")
