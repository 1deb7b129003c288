"""The first administrator of an installation, made once with the token ``tminus init`` printed."""

from __future__ import annotations

import hmac
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, SecretStr

from tminus.platform.models import Person
from tminus.platform.registry import BadInput, Context, Grant, act


class SetupArgs(BaseModel):
    token: SecretStr
    username: str = Field(pattern=r"^[\w.@+-]{1,150}$")
    name_en: str = Field("", max_length=150)
    name_zh: str = Field("", max_length=150)
    password: SecretStr


def token_file() -> Path:
    home: Path = settings.CONFIG.home
    return home / "setup.token"


def needed() -> bool:
    return not Person.objects.filter(is_administrator=True).exists()


@act("installation.setup", grants=Grant.ADMINISTRATOR, event=False)
def setup(ctx: Context, args: SetupArgs) -> dict[str, int]:
    """Make the first administrator."""
    if not needed():
        raise BadInput(_("This installation has an administrator already."), field="token")
    given, path = args.token.get_secret_value().strip(), token_file()
    if not path.exists() or not hmac.compare_digest(given.encode(), path.read_text().strip().encode()):
        raise BadInput(_("This is not the token printed by “tminus init”."), field="token")
    if Person.objects.filter(username=args.username).exists():
        raise BadInput(_("The account %(name)s exists.") % {"name": args.username}, field="username")
    person = Person(username=args.username, name_en=args.name_en, name_zh=args.name_zh, is_administrator=True)
    try:
        validate_password(args.password.get_secret_value(), person)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error
    person.set_password(args.password.get_secret_value())
    person.save()
    transaction.on_commit(path.unlink)  # a disk that fills must not leave neither administrator nor token
    ctx.record(person, None, {"first": True})
    return {"person": person.pk}
