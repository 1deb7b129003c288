"""What can be found, who finds it, and which of two findings stands first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.utils.functional import Promise

from tminus.platform.registry import Context, Grant

M = TypeVar("M", bound=Model)
EXACT, BEGINS, WORD, WITHIN = range(4)
"""How well a name fits what was typed, the best first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``url`` opens it; ``status`` is a mark's name or empty; ``fit`` is one of the four above."""

    title: str
    url: str
    detail: str = ""
    status: str = ""
    fit: int = WITHIN


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds one kind of thing: ``find(ctx, words, limit)`` returns at most ``limit`` hits, the best first."""

    kind: str
    label: Promise | str
    grants: Grant
    order: int  # among kinds that fit equally well
    find: Callable[[Context, tuple[str, ...], int], list[Hit]]
    always: bool = False  # answers also when nothing has been typed


FINDERS: dict[str, Finder] = {}


def finds(
    kind: str, label: Promise | str, *, grants: Grant, order: int, always: bool = False
) -> Callable[..., Callable[[Context, tuple[str, ...], int], list[Hit]]]:
    """Register the finder of a kind."""

    def keep(
        find: Callable[[Context, tuple[str, ...], int], list[Hit]],
    ) -> Callable[[Context, tuple[str, ...], int], list[Hit]]:
        FINDERS[kind] = Finder(kind, label, grants, order, find, always)
        return find

    return keep


def fit(words: tuple[str, ...], *names: str) -> int | None:
    """How well the best of ``names`` fits; ``None`` where a word is in none of them."""
    texts = [name.casefold() for name in names if name]
    if not all(any(word in text for text in texts) for word in words):
        return None
    whole = " ".join(words)
    if whole in texts:
        return EXACT
    if any(text.startswith(whole) for text in texts):
        return BEGINS
    return WORD if any(f" {whole}" in text for text in texts) else WITHIN


def best(
    found: QuerySet[M], words: tuple[str, ...], fields: tuple[str, ...], *, then: tuple[Any, ...], limit: int
) -> list[tuple[M, int]]:
    """Rows that have every word in one of ``fields``, each with how well it fits; the best first, ``then`` in order."""
    for word in words:
        found = found.filter(_any(fields, "icontains", word))
    ranked: Any = found.annotate(fit=_ranked(fields, " ".join(words)))
    return [(row, row.fit) for row in ranked.order_by("fit", *then)[:limit]]


def _ranked(fields: tuple[str, ...], whole: str) -> Case:
    return Case(
        When(_any(fields, "iexact", whole), then=Value(EXACT)),
        When(_any(fields, "istartswith", whole), then=Value(BEGINS)),
        When(_any(fields, "icontains", f" {whole}"), then=Value(WORD)),
        default=Value(WITHIN),
        output_field=IntegerField(),
    )


def _any(fields: Iterable[str], lookup: str, value: Any) -> Q:
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__{lookup}": value})
    return wanted
