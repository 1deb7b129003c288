"""The record shows an edit, a deletion, a change of order and a cut tail, each at its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from tests.harbour import Harbour
from tminus.platform.record import heads_file
from tminus.platform.recordbook.sentences import sentence_of
from tminus.platform.recordbook.verify import only_unconfirmed, verify
from tminus.platform.registry import ACTS, perform

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain(harbour: Harbour) -> str:
    heads_file().unlink(missing_ok=True)
    for n in range(4):
        args = {"parent": "roads", "code": f"team-{n}", "name_en": f"Team {n}"}
        perform("organisation.unit.create", args, event=harbour.event, person=harbour.hq)
    assert verify(harbour.event.slug) == []
    return harbour.event.slug


def sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def shift(kind: str) -> Callable[[], None]:
    return {
        "edited": lambda: sql("update platform_recordline set code = 'event.change' where seq = 2"),
        "missing": lambda: sql("delete from platform_recordline where seq = 2"),
        "cut": lambda: (
            sql("delete from platform_recordline where seq = 4"),
            sql("update platform_recordhead set seq = 3, hash = (select hash from platform_recordline where seq = 3)"),
        )[0],
        "head": lambda: sql("delete from platform_recordline where seq = 4"),
        "broken": lambda: (
            sql("update platform_recordline set seq = 99 where seq = 2"),
            sql("update platform_recordline set seq = 2 where seq = 3"),
            sql("update platform_recordline set seq = 3 where seq = 99"),
        )[0],
    }[kind]


@pytest.mark.parametrize(("kind", "line"), [("edited", 2), ("missing", 2), ("cut", 4), ("head", 3), ("broken", 2)])
def test_tampering_is_found_at_its_line(chain: str, kind: str, line: int) -> None:
    shift(kind)()
    assert (kind, line) in {(found.kind, found.seq) for found in verify(chain)}


def test_a_rewritten_chain_differs_from_the_heads_noted_outside(chain: str) -> None:
    from tminus.platform.models import RecordHead, RecordLine
    from tminus.platform.record import line_hash

    previous = "0" * 64
    for line in RecordLine.objects.filter(chain=chain).order_by("seq"):
        line.after, line.previous_hash = {"forged": line.seq}, previous
        line.hash = previous = line_hash(line)
        line.save()
    RecordHead.objects.filter(chain=chain).update(hash=previous)
    assert {found.kind for found in verify(chain)} == {"rewritten"}


def test_a_shorter_file_of_heads_is_reported_as_such(chain: str) -> None:
    text = heads_file().read_text().splitlines(keepends=True)
    heads_file().write_text("".join(text[:2]))
    findings = verify(chain)
    assert [(found.kind, found.seq) for found in findings] == [("heads_file", 3)]
    assert only_unconfirmed(findings)


def test_erasing_a_person_leaves_the_chain_valid(harbour: Harbour) -> None:
    heads_file().unlink(missing_ok=True)
    made = perform("person.create", {"username": "gone", "name_en": "Gone Soon"}, person=harbour.admin)
    perform("person.erase", made, person=harbour.admin)
    assert verify("installation") == []
    from tminus.platform.models import Person, RecordLine
    from tminus.platform.record import unsealed

    assert Person.objects.get(pk=made["person"]).name_en.startswith("Erased")
    assert unsealed(RecordLine.objects.get(code="person.create").after)["values"] is None


@pytest.mark.parametrize("code", sorted(ACTS))
def test_every_act_has_a_sentence(code: str) -> None:
    assert sentence_of(code) is not None, f"write a sentence for {code} in sentences.py of its desk"


def test_lines_are_limited_to_what_one_reads(harbour: Harbour) -> None:
    from tminus.platform.registry import ask

    args = {"post": "paving-member", "person": harbour.stranger.pk, "from_date": date(2026, 1, 1)}
    perform("organisation.appointment.make", args, event=harbour.event, person=harbour.hq)
    seen = {
        who: len(ask("record.lines", event=harbour.event, person=harbour.people[who])["lines"])
        for who in ("hq", "leader", "roads_head", "paver", "health_head")
    }
    assert seen == {"hq": 1, "leader": 1, "roads_head": 1, "paver": 1, "health_head": 0}
