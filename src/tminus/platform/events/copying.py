"""What a new event takes over from a past one; desks add theirs with :func:`copier`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tminus.platform.models import Event, Post, Unit

Copier = Callable[[Event, Event, timedelta], int]
_COPIERS: dict[str, Copier] = {}


def copier(name: str) -> Callable[[Copier], Copier]:
    """Register what copies a desk's objects: called with source, target and the shift; returns how many.

    Copiers run in order of registration: the platform's units and posts first.
    """

    def keep(body: Copier) -> Copier:
        _COPIERS[name] = body
        return body

    return keep


def copy_into(source: Event, target: Event, shift: timedelta) -> dict[str, int]:
    return {name: body(source, target, shift) for name, body in _COPIERS.items()}


@copier("units")
def _units(source: Event, target: Event, shift: timedelta) -> int:
    new: dict[int, Unit] = {}
    for unit in Unit.objects.filter(event=source).order_by("path"):  # parents before their children
        new[unit.pk] = Unit.objects.create(
            event=target,
            code=unit.code,
            name_en=unit.name_en,
            name_zh=unit.name_zh,
            kind=unit.kind,
            parent=new.get(unit.parent_id) if unit.parent_id else None,
            path=unit.path,
            temporary=unit.temporary,
            from_date=_shifted(unit.from_date, shift),
            until_date=_shifted(unit.until_date, shift),
            order=unit.order,
        )
    return len(new)


@copier("posts")
def _posts(source: Event, target: Event, shift: timedelta) -> int:
    """Posts come vacant: who holds them is decided anew."""
    units = {unit.code: unit for unit in Unit.objects.filter(event=target)}
    posts = Post.objects.filter(event=source).select_related("unit")
    made = Post.objects.bulk_create(
        Post(
            event=target,
            code=post.code,
            unit=units[post.unit.code],
            title_en=post.title_en,
            title_zh=post.title_zh,
            rank=post.rank,
            reach=post.reach,
            place=post.place,
            order=post.order,
        )
        for post in posts
    )
    return len(made)


def _shifted(day: date | None, shift: timedelta) -> date | None:
    return day + shift if day else None
