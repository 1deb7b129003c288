"""Who carries a measure out and answers for it: the head of its unit, or whoever headquarters names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tminus.platform import duties
from tminus.platform.duties.heads import Heads
from tminus.platform.models import Person, Unit
from tminus.platform.registry import BadInput, Context


@dataclass(frozen=True, slots=True)
class Carrier:
    """``stands_in``: the holder heads another unit, above; ``named``: headquarters chose the holder."""

    unit: Unit | None
    holder: Person
    stands_in: bool = False
    named: bool = False


class Carriers:
    """The units and heads of an event, read once; heads of today before those of the ``day`` it is about."""

    def __init__(self, ctx: Context, day: date, codes: Iterable[str], named: Mapping[int, str]) -> None:
        self._units = {one.code: one for one in Unit.objects.filter(event=ctx.event, code__in={*codes})}
        self._today = Heads(ctx.the_event, ctx.now.date())
        self._then = Heads(ctx.the_event, day)
        self._named = {place: _person(ctx, place, account) for place, account in named.items()}

    def of(self, place: int, code: str) -> Carrier:
        """Of the measure at ``place``, from 0, which names the unit ``code``.

        :raises BadInput: nobody heads the unit or anything above it, and nobody was named.
        """
        unit, head = self.proposed(code)
        if chosen := self._named.get(place):
            return Carrier(unit, chosen, named=True)
        if head:
            return Carrier(unit, head)
        above = next(self._today.upwards(unit), None)
        if above is None:
            raise BadInput(
                _("measure %(n)d: nobody heads %(unit)s nor anything above; name who answers for it")
                % {"n": place + 1, "unit": unit.name if unit else code or _("no unit")},
                field=f"holders.{place + 1}",
            )
        return Carrier(unit, above, stands_in=True)

    def answers(self, code: str) -> Person | None:
        """Whoever would answer for a measure of the unit: its head, else who heads what is above it."""
        unit, head = self.proposed(code)
        return head or (next(self._today.upwards(unit), None) if unit else None)

    def proposed(self, code: str) -> tuple[Unit | None, Person | None]:
        """The unit, and its head where it has one."""
        unit = self._units.get(code)
        return unit, self._today.of(unit) or self._then.of(unit)


def _person(ctx: Context, place: int, account: str) -> Person:
    found = duties.assignable(ctx).filter(username=account).first()
    if found is None:
        raise BadInput(
            _("measure %(n)d: nobody in this event has the account %(account)s") % {"n": place + 1, "account": account},
            field=f"holders.{place + 1}",
            value=account,
        )
    return found
