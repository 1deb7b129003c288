"""Steps tests of duties share: issue one, take a step as somebody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from tests.harbour import Harbour
from tminus.platform import duties
from tminus.platform.models import Duty, Person, Unit
from tminus.platform.registry import ACTS, Context, Grant, act, acting, perform

NOW = datetime(2026, 8, 17, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
DUE = datetime(2026, 8, 28, 9, 0, tzinfo=UTC)


class NoArgs(BaseModel):
    pass


def desk() -> None:
    """An act of a desk that issues duties."""
    if "test.desk" not in ACTS:

        @act("test.desk", grants=Grant.HEADQUARTERS)
        def body(ctx: Context, args: NoArgs) -> None: ...


def new_duty(harbour: Harbour, about: Unit | None = None, holder: Person | None = None, **given: Any) -> Duty:
    desk()
    try:
        with acting("test.desk", event=harbour.event, person=harbour.hq) as ctx:
            return duties.issue(
                ctx,
                about or harbour.units["paving"],
                ("Pave the quay", "铺设码头"),
                holder=holder or harbour.paver,
                unit=harbour.units["paving"],
                due_at=given.pop("due_at", DUE),
                issuing_post=given.pop("issuing_post", harbour.posts["roads-head"]),
                **given,
            )
    finally:
        ACTS.pop("test.desk", None)


def step(harbour: Harbour, duty: Duty, name: str, who: str, **args: Any) -> Duty:
    perform(f"duty.{name}", {"duty": duty.pk, **args}, event=harbour.event, person=harbour.people[who])
    duty.refresh_from_db()
    return duty
