"""Mail goes out when the person wants it, once, in their language, never into their quiet hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from tests.harbour import Harbour
from tminus.platform.models import Notice, NoticePreference
from tminus.platform.notices.mail import is_due, send_due
from tminus.platform.notices.sentences import sentence

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 8, 17, 12, 0, tzinfo=SHANGHAI)
VALUES = {"title_en": "Pave the quay", "title_zh": "铺设码头", "due": "2026-08-28T17:00+08:00", "reason": "kerb"}


def notice(harbour: Harbour, **given: Any) -> Notice:
    return Notice.objects.create(
        event=harbour.event, person=harbour.paver, at=NOON, code="duty.returned", values=VALUES, **given
    )


def prefer(harbour: Harbour, digest: str, **given: Any) -> None:
    NoticePreference.objects.update_or_create(person=harbour.paver, defaults={"digest": digest, **given})


def test_at_once_is_sent_once(harbour: Harbour) -> None:
    prefer(harbour, "at_once")
    notice(harbour, url="/e/harbour/duties/1/")
    assert send_due(harbour.event, NOON) == 1
    assert send_due(harbour.event, NOON) == 0
    (sent,) = mail.outbox
    assert sent.to == ["paver@example.org"]
    assert "Pave the quay" in sent.subject
    assert "http://127.0.0.1:8000/e/harbour/duties/1/" in sent.body


def test_mail_is_in_the_persons_language(harbour: Harbour) -> None:
    harbour.paver.language = "zh-hans"
    harbour.paver.save()
    prefer(harbour, "at_once")
    notice(harbour)
    send_due(harbour.event, NOON)
    assert "铺设码头" in mail.outbox[0].body
    assert "已退回给您" in mail.outbox[0].body


def test_a_digest_gathers_and_waits_for_its_hour(harbour: Harbour) -> None:
    prefer(harbour, "daily")
    notice(harbour)
    early = NOON.replace(hour=6)
    assert send_due(harbour.event, early) == 0
    notice(harbour)
    assert send_due(harbour.event, NOON) == 1
    assert mail.outbox[0].body.count("Pave the quay") == 2
    notice(harbour)
    assert send_due(harbour.event, NOON + timedelta(hours=5)) == 0, "one a day"
    assert send_due(harbour.event, NOON + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    ("digest", "urgent", "at", "last", "due"),
    [
        ("off", True, time(12), None, False),
        ("hourly", False, time(12), timedelta(minutes=59), False),
        ("hourly", False, time(12), timedelta(minutes=60), True),
        ("at_once", False, time(23), None, False),
        ("at_once", True, time(23), None, True),
        ("at_once", False, time(6, 59), None, False),
        ("at_once", False, time(7), None, True),
        ("daily", True, time(3), None, True),
    ],
)
def test_when_a_mail_is_due(digest: str, urgent: bool, at: time, last: timedelta | None, due: bool) -> None:
    preference = NoticePreference(digest=digest, quiet_from=time(22), quiet_until=time(7))
    now = datetime.combine(NOON.date(), at, tzinfo=SHANGHAI)
    assert is_due(preference, [Notice(urgent=urgent)], now, now - last if last else None) is due


def test_urgent_waits_too_where_the_person_says_so() -> None:
    preference = NoticePreference(digest="at_once", quiet_from=time(22), quiet_until=time(7), urgent_breaks_quiet=False)
    assert not is_due(preference, [Notice(urgent=True)], NOON.replace(hour=23), None)


def test_a_mail_that_fails_is_tried_again(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail import EmailMessage

    def refuse(message: EmailMessage, fail_silently: bool = False) -> int:
        raise OSError("no route")

    prefer(harbour, "at_once")
    notice(harbour)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert send_due(harbour.event, NOON) == 0
    assert send_due(harbour.event, NOON) == 1


def test_a_sentence_names_the_instant_in_words(harbour: Harbour) -> None:
    one = notice(harbour)
    assert sentence(one) == "Returned to you: Pave the quay. kerb"
