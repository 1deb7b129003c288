"""Who heads a unit on a day, and who stands above whom: the way up which duties fall and escalate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tminus.platform.access import appointments_on
from tminus.platform.models import Event, Person, Rank, Reach, Unit


class Heads:
    """The heads of every unit of an event on one day, read once."""

    def __init__(self, event: Event, day: date) -> None:
        self._by_path: dict[str, list[Person]] = {}
        self._headquarters: list[Person] = []
        held = appointments_on(event, day).filter(person__is_active=True, person__erased_at=None)
        for appointment in held.select_related("person", "post__unit").order_by("post__order", "id"):
            post = appointment.post
            if post.rank == Rank.HEAD:
                self._by_path.setdefault(post.unit.path, []).append(appointment.person)
            if post.reach == Reach.EVENT:
                first = 0 if post.rank == Rank.HEAD else len(self._headquarters)
                self._headquarters.insert(first, appointment.person)

    def of(self, unit: Unit | None) -> Person | None:
        return next(iter(self._by_path.get(unit.path, ())), None) if unit else None

    def upwards(self, unit: Unit | None) -> Iterator[Person]:
        """The head of the unit, of its parent …, at last headquarters; vacant posts are passed over."""
        path = unit.path if unit else "/"
        seen: set[int] = set()
        while len(path) > 1:
            for person in self._by_path.get(path, ())[:1]:
                if person.pk not in seen:
                    seen.add(person.pk)
                    yield person
            path = path[: path.rstrip("/").rfind("/") + 1]
        for person in self._headquarters[:1]:
            if person.pk not in seen:
                yield person
