"""The record's lines of a duty in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "duty.issued": _("Issued"),
    "duty.acknowledge": _("Acknowledged"),
    "duty.start": _("Begun"),
    "duty.submit": _("Submitted as done"),
    "duty.accept": _("Accepted"),
    "duty.return": _("Returned"),
    "duty.hand_over": _("Handed over"),
    "duty.handed_over": _("Handed over"),
    "duty.assign": _("Assigned"),
    "duty.delegate": _("Delegation changed"),
    "duty.comment": _("Remark"),
    "duty.papers": _("Papers handed out"),
    "duty.take_back": _("Last step undone"),
    "duty.due_changed": _("Date moved"),
    "duty.withdrawn": _("Withdrawn"),
    "duty.reminded": _("The holder was reminded"),
    "duty.escalated": _("Taken up the tree"),
}


def in_words(code: str) -> str:
    return str(SENTENCES.get(code, code))
