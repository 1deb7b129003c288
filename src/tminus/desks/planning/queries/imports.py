"""Imports handed in: the latest, and one with its dry run."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.acts.imports import shown
from tminus.desks.planning.models import PlanImport
from tminus.platform.registry import Context, Grant, query


class ImportsArgs(BaseModel):
    """No arguments."""


class ImportArgs(BaseModel):
    id: int


@query("planning.imports", grants=Grant.HEADQUARTERS)
def imports(ctx: Context, args: ImportsArgs) -> dict[str, Any]:
    """The twenty latest imports of the event."""
    rows = PlanImport.objects.filter(event=ctx.event).select_related("person")[:20]
    return {
        "imports": [
            {
                "id": row.pk,
                "file": row.file_name,
                "at": row.at,
                "person": row.person.name if row.person else "",
                "applied_at": row.applied_at,
                "problems": len(row.problems),
                "counts": (row.difference or {}).get("counts", {}),
            }
            for row in rows
        ]
    }


@query("planning.import", grants=Grant.HEADQUARTERS)
def one(ctx: Context, args: ImportArgs) -> dict[str, Any]:
    """One import: mapping, what it would change, what cannot be taken."""
    return shown(ctx.find(PlanImport, pk=args.id))
