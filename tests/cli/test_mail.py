"""Mail of a real installation through a real server: who gets what, when, in which language; none lost, none twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.cli.server import Server, python, tminus
from tests.smtp import MailServer

pytestmark = pytest.mark.slow  # one server for the whole module

SETUP = """
from datetime import time
from tests.harbour import build_harbour
from tminus.platform.models import NoticePreference, Person
from tminus.platform.registry import load_registry, perform
load_registry()
harbour = build_harbour()
Person.objects.filter(username="hand").update(language="zh-hans")
for who, digest, quiet in (("paver", "at_once", None), ("hand", "at_once", None), ("observer", "at_once", None),
                           ("roads_head", "daily", None), ("health_head", "at_once", (time(22), time(6)))):
    NoticePreference.objects.create(person=harbour.people[who], digest=digest,
                                    quiet_from=quiet and quiet[0], quiet_until=quiet and quiet[1])
perform("clock.shift", {"at": "2026-08-17T05:00"}, event=harbour.event, person=harbour.hq)
"""
ASSIGN = """
import sys
from tests.harbour import Harbour
from tests.platform.duties.steps import new_duty
from tminus.platform.models import Event, Person, Post, Unit
event = Event.objects.get()
harbour = Harbour(event, {unit.code: unit for unit in event.units.all()},
                  {post.code: post for post in event.posts.all()},
                  {person.username: person for person in Person.objects.all()})
for who in sys.argv[1].split(","):
    number = Unit.objects.count()
    unit = Unit.objects.create(event=event, code=f"n{number}", name_en="x", path=f"/hq/n{number}/")
    new_duty(harbour, about=unit, holder=harbour.people[who])
"""
SHIFT = """
import sys
from tminus.platform.models import Event, Person
from tminus.platform.registry import load_registry, perform
load_registry()
at = {"at": sys.argv[1]}
perform("clock.shift", at, event=Event.objects.get(), person=Person.objects.get(username="hq"))
"""


@dataclass
class Post:
    """A served installation, and the port its mail goes to."""

    home: Path
    port: int
    server: Server

    def log(self) -> str:
        return self.server.log.read_text()


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    home = tmp_path_factory.mktemp("mail") / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    python(home, SETUP)
    with MailServer() as free:
        port = free.port
    settings = {
        "TMINUS_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "TMINUS_MAIL_FROM": "readiness@example.org",
        "TMINUS_BASE_URL": "https://readiness.example.org",
        "TMINUS_TICK_S": "0.2",
    }
    with Server(home, **settings) as server:
        yield Post(home, port, server)


def until(seen: Callable[[], bool], within: float = 30.0) -> None:
    end = time.monotonic() + within
    while not seen():
        assert time.monotonic() < end, "not seen in time"
        time.sleep(0.05)


def text(mail: EmailMessage) -> str:
    return str(mail.get_content())


def test_a_duty_is_told_by_mail_when_and_how_each_person_wants(post: Post) -> None:
    with MailServer(post.port) as mails:
        mails.refused.add("observer@example.org")
        python(post.home, ASSIGN, "observer,roads_head,roads_head,health_head,paver,hand")
        until(lambda: len(mails.mails) == 2 and "mail to observer was refused" in post.log())

        (english,), (chinese,) = mails.to("paver@example.org"), mails.to("hand@example.org")
        assert english["From"] == "readiness@example.org"
        assert english["To"] == "paver@example.org"
        assert english["Message-ID"]
        sent = parsedate_to_datetime(english["Date"]).replace(tzinfo=UTC)
        assert abs(sent - datetime.now(UTC)) < timedelta(minutes=5)
        assert (
            english["Subject"].strip().startswith("[demonstration] Harbour Expo · T\u221280: New duty: Pave the quay.")
        )
        assert "https://readiness.example.org/e/harbour/duties/" in text(english)
        assert "[演示]" in chinese["Subject"]
        assert "港湾博览会" in chinese["Subject"]
        assert "铺设码头" in text(chinese)
        assert "Pave" not in text(chinese)

        python(post.home, SHIFT, "2026-08-17T07:30")  # past the quiet hours and the hour of the daily digest
        until(lambda: len(mails.mails) == 4)
        (held,), (digest,) = mails.to("health_head@example.org"), mails.to("roads_head@example.org")
        assert text(held).count("Pave the quay") == 1
        assert text(digest).count("Pave the quay") == 2
        assert "2 notices" in digest["Subject"]

        mails.refused.clear()
        until(lambda: len(mails.to("observer@example.org")) == 1)
        time.sleep(1)  # five more ticks
        assert len(mails.mails) == 5, "a mail was sent twice"


def test_while_the_mail_server_is_away_nothing_is_lost_nor_sent_twice(post: Post) -> None:
    processes = children(post.server)
    before = post.log().count("does not answer")
    python(post.home, ASSIGN, "paver,hand")
    until(lambda: post.log().count("does not answer") >= before + 3)
    with MailServer(post.port) as mails:
        until(lambda: len(mails.mails) == 2)
        time.sleep(1)
        assert sorted(to for to, _mail in mails.mails) == [["hand@example.org"], ["paver@example.org"]]
    assert children(post.server) == processes, "a process died of it"
    assert "Traceback" not in post.log()


def children(server: Server) -> str:
    pid = server.process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()
