"""Notices by e-mail: at once, hourly, daily or never, outside the person's quiet hours."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import override

from tminus.platform import clock
from tminus.platform.models import Event, Notice, NoticePreference, Person
from tminus.platform.notices.sentences import sentence

LOG = logging.getLogger(__name__)
DAILY_AT = time(7)  # event-local
MOST_A_MAIL = 200


def send_due(event: Event, now: datetime) -> int:
    """Mail every person what their preference makes due at ``now`` (aware, the event's clock); how many mails.

    One conversation with the mail server a call: where it does not answer, it is asked once and not once a person.
    """
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return 0
    waiting = Notice.objects.filter(event=event, mailed_at=None, read_at=None).exclude(person__email="")
    people = Person.objects.filter(pk__in=waiting.values("person"), is_active=True, erased_at=None)
    preferences = {row.person_id: row for row in NoticePreference.objects.filter(person__in=people)}
    due = []
    for person in people:
        preference = preferences.get(person.pk) or NoticePreference(person=person)
        notices = list(waiting.filter(person=person).order_by("id")[:MOST_A_MAIL])
        if notices and is_due(preference, notices, now.astimezone(event.zone), last_mail(event, person)):
            due.append((person, notices))
    return _send_all(event, due, now) if due else 0


def _send_all(event: Event, due: list[tuple[Person, list[Notice]]], now: datetime) -> int:
    server: BaseEmailBackend = get_connection()
    sent = 0
    try:
        server.open()
        for person, notices in due:
            sent += _send(event, person, notices, now, server)
    except OSError as error:  # smtplib's own errors are of this kind too
        LOG.warning("the mail server does not answer (%s); what waits is tried again at the next tick", error)
    finally:
        _close(server)
    return sent


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except OSError:
        LOG.debug("the mail server had gone before it was told goodbye")


def last_mail(event: Event, person: Person) -> datetime | None:
    mailed = Notice.objects.filter(event=event, person=person, mailed_at__isnull=False)
    last = mailed.order_by("-mailed_at").values_list("mailed_at", flat=True).first()
    return last.astimezone(event.zone) if last else None


def is_due(preference: NoticePreference, notices: list[Notice], now: datetime, last: datetime | None) -> bool:
    """Whether a mail goes out now; ``now`` and ``last`` in the event's zone."""
    digest = NoticePreference.Digest(preference.digest)
    if digest == NoticePreference.Digest.OFF:
        return False
    urgent = any(notice.urgent for notice in notices)
    if in_quiet_hours(preference, now.time()) and not (urgent and preference.urgent_breaks_quiet):
        return False
    if urgent or digest == NoticePreference.Digest.AT_ONCE:
        return True
    if digest == NoticePreference.Digest.HOURLY:
        return last is None or now - last >= timedelta(hours=1)
    return now.time() >= DAILY_AT and (last is None or last.date() < now.date())


def in_quiet_hours(preference: NoticePreference, at: time) -> bool:
    start, end = preference.quiet_from, preference.quiet_until
    if start is None or end is None or start == end:
        return False
    return start <= at < end if start < end else at >= start or at < end


def _send(event: Event, person: Person, notices: list[Notice], now: datetime, server: BaseEmailBackend) -> int:
    """1 when handed over, 0 when this one mail was refused.

    :raises OSError, SMTPServerDisconnected: the server has gone; the notices wait.
    """
    keys = [notice.pk for notice in notices]
    # Claimed before it is sent: under two tickers one of them finds nothing left to claim.
    if Notice.objects.filter(pk__in=keys, mailed_at=None).update(mailed_at=now) < len(keys):
        return 0
    try:
        mail = message(event, person, notices)
        mail.connection = server
        mail.send()
    except Exception as error:
        Notice.objects.filter(pk__in=keys).update(mailed_at=None)
        if isinstance(error, SMTPServerDisconnected) or not isinstance(error, (SMTPException, ValueError)):
            raise
        # An address no server takes must not keep the mail of all others.
        LOG.warning("mail to %s was refused and is tried again (%s)", person.username, error)
        return 0
    return 1


def message(event: Event, person: Person, notices: list[Notice]) -> EmailMessage:
    """The mail itself, in the person's language."""
    with override(person.language):
        subject = f"{event.name} · {event.t(clock.now(event))}: "
        subject += sentence(notices[0]) if len(notices) == 1 else _("%(count)d notices") % {"count": len(notices)}
        shift = clock.shift_of(event)
        if shift is not None:
            subject = f"[{shift.get_reason_display()}] {subject}"
        lines = [_line(notice) for notice in notices]
        lines.append(_("When and whether you get these mails: your notification settings in the console."))
    return EmailMessage(subject=" ".join(subject.split())[:200], body="\n\n".join(lines), to=[person.email])


def _line(notice: Notice) -> str:
    address = f"\n  {settings.CONFIG.base_url.rstrip('/')}{notice.url}" if notice.url else ""
    return f"• {sentence(notice)}{address}"
