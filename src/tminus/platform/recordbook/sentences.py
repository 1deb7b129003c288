"""What each code of the record means, as a sentence in either language."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from tminus.platform.models import RecordLine

# A desk adds its own as ``SENTENCES`` in its ``sentences.py``; a test fails for an act without one.
SENTENCES: dict[str, Any] = {
    "event.create": _("%(who)s created the event"),
    "event.change": _("%(who)s changed the event"),
    "event.copy": _("%(who)s began the event from a past one"),
    "event.archive": _("%(who)s archived the event or brought it back"),
    "organisation.unit.create": _("%(who)s added the unit %(code)s"),
    "organisation.unit.change": _("%(who)s changed a unit"),
    "organisation.unit.move": _("%(who)s moved a unit below %(parent)s"),
    "organisation.unit.retire": _("%(who)s stood a unit down until %(until_date)s"),
    "organisation.post.create": _("%(who)s added the post %(code)s"),
    "organisation.post.change": _("%(who)s changed a post"),
    "organisation.appointment.make": _("%(who)s made an appointment to the post %(post)s"),
    "organisation.appointment.end": _("%(who)s ended an appointment on %(until_date)s"),
    "organisation.import": _("%(who)s imported the organisation from %(file)s"),
    "person.create": _("%(who)s made an account"),
    "person.change": _("%(who)s changed a person's details"),
    "person.invite": _("%(who)s invited a person"),
    "person.invite_all": _("%(who)s made an invitation for a person"),
    "person.reset_link": _("%(who)s made a link to reset a password"),
    "person.open": _("%(who)s chose a password by a one-time link"),
    "person.password": _("%(who)s changed their password"),
    "person.deactivate": _("%(who)s closed an account"),
    "person.activate": _("%(who)s opened a closed account again"),
    "person.erase": _("%(who)s erased a person"),
    "installation.setup": _("%(who)s became the first administrator"),
    "token.create": _("%(who)s made an API token"),
    "token.revoke": _("%(who)s revoked an API token"),
    "duty.acknowledge": _("%(who)s acknowledged the duty"),
    "duty.start": _("%(who)s began the duty"),
    "duty.submit": _("%(who)s submitted the duty as done"),
    "duty.accept": _("%(who)s accepted the duty as done"),
    "duty.return": _("%(who)s returned the duty: %(reason)s"),
    "duty.hand_over": _("%(who)s handed the duty over"),
    "duty.delegate": _("%(who)s delegated the duty or took the delegation back"),
    "duty.assign": _("%(who)s named who answers for the duty"),
    "duty.comment": _("%(who)s commented on the duty"),
    "duty.take_back": _("%(who)s took their last step back"),
    "duty.issue": _("%(who)s issued the duty"),
    "duty.change_due": _("%(who)s changed when the duty is due"),
    "duty.withdraw": _("%(who)s withdrew the duty"),
    "duty.issued": _("%(who)s issued the duty"),
    "duty.due_changed": _("%(who)s changed when the duty is due"),
    "duty.withdrawn": _("%(who)s withdrew the duty"),
    "duty.papers": _("%(who)s handed papers out with the duty"),
    "duty.reminded": _("The duty's holder was reminded"),
    "duty.escalated": _("The duty's time ran out: those above were told"),
    "event.import": _("%(who)s read the event from its folder"),
    "duty.escalate": _("The duty's time ran out: those above were told"),
    "notice.read": _("%(who)s read their notices"),
    "notice.prefer": _("%(who)s changed how they are notified"),
    "calendar.renew": _("%(who)s renewed their calendar's address"),
    "clock.shift": _("%(who)s shifted the event's clock"),
    "clock.reset": _("%(who)s set the event's clock back to real time"),
}


class _Values(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def sentence_of(code: str) -> Any | None:
    """The sentence of a code, or ``None`` where nobody has written one."""
    if code in SENTENCES:
        return SENTENCES[code]
    for config in apps.get_app_configs():
        if config.name.startswith("tminus.desks.") and find_spec(f"{config.name}.sentences"):
            SENTENCES.update(import_module(f"{config.name}.sentences").SENTENCES)
    return SENTENCES.get(code)


def sentence(line: RecordLine) -> str:
    """The line in the active language; a code without a sentence stands as it is."""
    template = sentence_of(line.code)
    who = line.actor.name if line.actor else str(_("The system"))
    if template is None:
        return f"{who}: {line.code}"
    return str(template) % _Values(_flat(line), who=who)


def _flat(line: RecordLine) -> dict[str, str]:
    values = {**(line.before or {}), **(line.after or {})}
    return {name: "–" if value is None else str(value) for name, value in values.items() if not isinstance(value, dict)}
