"""The accounts of the installation, and one's own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.platform.models import ApiToken, Person
from tminus.platform.registry import BadInput, Context, Grant, NothingArgs, query


class ListArgs(BaseModel):
    text: str = ""


@query("person.list", grants=Grant.ADMINISTRATOR, event=False)
def people(ctx: Context, args: ListArgs) -> list[dict[str, Any]]:
    """Every account of the installation."""
    wanted = args.text.casefold()
    rows = [_row(person) for person in Person.objects.filter(erased_at=None)]
    return [row for row in rows if wanted in f"{row['username']} {row['name']} {row['email']}".casefold()]


@query("person.me", grants=Grant.SIGNED_IN, event=False)
def me(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Your own account and your tokens for programs."""
    if ctx.person is None:
        raise BadInput(_("needs a person"), field="person")
    tokens = ApiToken.objects.filter(person=ctx.person, revoked_at=None)
    return {
        **_row(ctx.person),
        "tokens": [{"id": t.pk, "name": t.name, "made_at": t.made_at, "used_at": t.used_at} for t in tokens],
    }


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.name,
        "name_en": person.name_en,
        "name_zh": person.name_zh,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "active": person.is_active,
        "administrator": person.is_administrator,
        "can_sign_in": person.is_active and person.has_usable_password(),
    }
