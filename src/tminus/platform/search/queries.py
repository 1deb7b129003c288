"""The one query of search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field

from tminus.platform.registry import Context, Grant, query, reaches
from tminus.platform.search import organisation  # noqa: F401 - registers what it finds
from tminus.platform.search.finders import FINDERS, Finder, Hit


class SearchArgs(BaseModel):
    """``text``: words that all must occur in a name or code; empty: the pages and acts there are."""

    text: str = Field(default="", max_length=200)
    limit: int = Field(default=7, ge=1, le=100, description="hits of each kind")


@query("platform.search", grants=Grant.SIGNED_IN)  # each finder asks for its own; an administrator finds pages
def search(ctx: Context, args: SearchArgs) -> dict[str, Any]:
    """What fits a few words, within your reach: tasks, units, people, places, pages and acts."""
    words = tuple(args.text.casefold().split())
    groups = [(one, one.find(ctx, words, args.limit + 1)) for one in _asked(ctx, bool(words))]
    groups = sorted((pair for pair in groups if pair[1]), key=lambda pair: _place(*pair))
    return {"text": args.text.strip(), "groups": [_group(one, hits, args.limit) for one, hits in groups]}


def _asked(ctx: Context, typed: bool) -> list[Finder]:
    return [one for one in FINDERS.values() if (typed or one.always) and reaches(ctx.scope, one.grants)]


def _place(one: Finder, hits: list[Hit]) -> tuple[int, int]:
    """The kind with the best fitting name stands first."""
    return (min(hit.fit for hit in hits), one.order)


def _group(one: Finder, hits: list[Hit], limit: int) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "label": str(one.label),
        "hits": [asdict(hit) for hit in hits[:limit]],
        "more": len(hits) > limit,
    }
