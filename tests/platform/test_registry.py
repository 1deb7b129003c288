"""The one door to every write: all or nothing, recorded, checked object by object."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from tests.harbour import Harbour
from tminus.platform import registry
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.record import line_hash
from tminus.platform.registry import BadInput, Context, Grant, act, perform


class RenameArgs(BaseModel):
    unit: str
    name: str


@pytest.fixture
def rename() -> object:
    @act("test.unit.rename", grants=Grant.ACT)
    def body(ctx: Context, args: RenameArgs) -> str:
        from tminus.platform.models import Unit

        unit = ctx.find(Unit, code=args.unit)
        ctx.require(unit)
        before, unit.name_en = unit.name_en, args.name
        unit.save()
        ctx.record(unit, {"name_en": before}, {"name_en": unit.name_en}, unit=unit)
        return unit.name_en

    yield body
    del registry.ACTS["test.unit.rename"]


def test_an_act_changes_and_records_in_a_chain(harbour: Harbour, rename: object) -> None:
    for name in ("One", "Two"):
        perform("test.unit.rename", {"unit": "paving", "name": name}, event=harbour.event, person=harbour.roads_head)
    first, second = RecordLine.objects.filter(event=harbour.event)
    assert (second.before, second.after) == ({"name_en": "One"}, {"name_en": "Two"})
    assert second.previous_hash == first.hash
    assert [line_hash(line) for line in (first, second)] == [first.hash, second.hash]


@pytest.mark.parametrize("who", ["health_head", "leader", "observer", "stranger"])
def test_an_act_beyond_reach_changes_nothing(harbour: Harbour, rename: object, who: str) -> None:
    with pytest.raises(NotAllowed):
        perform("test.unit.rename", {"unit": "roads", "name": "x"}, event=harbour.event, person=harbour.people[who])
    harbour.units["roads"].refresh_from_db()
    assert harbour.units["roads"].name_en == "City Works"
    assert not RecordLine.objects.exists()


def test_bad_arguments_name_the_field(harbour: Harbour, rename: object) -> None:
    with pytest.raises(BadInput, match="name"):
        perform("test.unit.rename", {"unit": "roads"}, event=harbour.event, person=harbour.hq)
    with pytest.raises(BadInput, match="nowhere"):
        perform("test.unit.rename", {"unit": "nowhere", "name": "x"}, event=harbour.event, person=harbour.hq)
