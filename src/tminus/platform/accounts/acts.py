"""Accounts of people: made, invited, closed, erased; their own password and tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, SecretStr

from tminus.platform.accounts import first  # noqa: F401 - registers the act of the first administrator
from tminus.platform.accounts.links import make_link, use_link
from tminus.platform.models import ApiToken, OneTimeLink, Person, PersonKey
from tminus.platform.models.account import hashed, new_secret
from tminus.platform.record import personal
from tminus.platform.registry import BadInput, Context, Grant, Missing, act

Username = Annotated[str, Field(pattern=r"^[\w.@+-]{1,150}$")]
Mail = Annotated[str, Field(max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Language = Literal["en", "zh-hans"]


class PersonFields(BaseModel):
    name_en: str = Field("", max_length=150)
    name_zh: str = Field("", max_length=150)
    email: Mail = ""
    phone: str = Field("", max_length=40)
    language: Language = "en"


class CreateArgs(PersonFields):
    username: Username
    administrator: bool = False


class ChangeArgs(PersonFields):
    person: int


class PersonArgs(BaseModel):
    person: int


class InviteAllArgs(BaseModel):
    people: list[int] | None = Field(None, max_length=5000)  # null: everyone who cannot sign in yet


class OpenArgs(BaseModel):
    secret: SecretStr
    password: SecretStr


class PasswordArgs(BaseModel):
    old: SecretStr
    new: SecretStr


class TokenArgs(BaseModel):
    name: str = Field(min_length=1, max_length=100)


class RevokeArgs(BaseModel):
    token: int


@act("person.create", grants=Grant.ADMINISTRATOR, event=False)
def create(ctx: Context, args: CreateArgs) -> dict[str, int]:
    """Make an account; nobody can sign in with it until its person has chosen a password."""
    if Person.objects.filter(username=args.username).exists():
        raise BadInput(
            _("The account %(name)s exists.") % {"name": args.username}, field="username", value=args.username
        )
    person = Person(**args.model_dump(exclude={"administrator"}), is_administrator=args.administrator)
    person.set_unusable_password()
    person.save()
    ctx.record(person, None, {"administrator": args.administrator, "values": _sealed(person)})
    return {"person": person.pk}


@act("person.change", grants=Grant.SIGNED_IN, event=False)
def change(ctx: Context, args: ChangeArgs) -> dict[str, int]:
    """Change a person's names, addresses and language: your own, or anybody's as administrator."""
    person = _self_or_any(ctx, args.person)
    before = _sealed(person)
    for name, value in args.model_dump(exclude={"person"}).items():
        setattr(person, name, value)
    person.save()
    ctx.record(person, {"values": before}, {"values": _sealed(person)})
    return {"person": person.pk}


@act("person.invite", grants=Grant.ADMINISTRATOR, event=False)
def invite(ctx: Context, args: PersonArgs) -> dict[str, str]:
    """Make a one-time link with which a person chooses the first password."""
    return _link(ctx, _living(args.person), OneTimeLink.Purpose.INVITATION)


@act("person.invite_all", grants=Grant.ADMINISTRATOR, event=False)
def invite_all(ctx: Context, args: InviteAllArgs) -> list[dict[str, str]]:
    """Make a one-time link for each of many people, to be printed or sent."""
    people = Person.objects.filter(is_active=True, erased_at=None).order_by("username")
    chosen = people.filter(pk__in=args.people) if args.people is not None else people
    rows = [
        {"name": person.name, **_link(ctx, person, OneTimeLink.Purpose.INVITATION)}
        for person in chosen
        if args.people is not None or not person.has_usable_password()
    ]
    if not rows:
        raise BadInput(_("Everybody has a password already."), field="people")
    return rows


@act("person.reset_link", grants=Grant.ADMINISTRATOR, event=False)
def reset_link(ctx: Context, args: PersonArgs) -> dict[str, str]:
    """Make a one-time link with which a person chooses a new password."""
    return _link(ctx, _living(args.person), OneTimeLink.Purpose.RESET)


@act("person.open", grants=Grant.SIGNED_IN, event=False)
def open_account(ctx: Context, args: OpenArgs) -> dict[str, int]:
    """Choose a password by a one-time link; its page calls this for whoever holds the link."""
    person = use_link(args.secret.get_secret_value())
    if person is None:
        raise Missing(_("This link has been used or has expired. Ask for a new one."), field="secret")
    _set_password(person, args.password.get_secret_value(), "password")
    _end_sessions(person)
    ctx.record(person, None, {"by_link": True})
    return {"person": person.pk}


@act("person.password", grants=Grant.SIGNED_IN, event=False)
def password(ctx: Context, args: PasswordArgs) -> dict[str, bool]:
    """Change your own password; every other session of yours ends."""
    person = _self(ctx)
    if not person.check_password(args.old.get_secret_value()):
        raise BadInput(_("This is not your present password."), field="old")
    _set_password(person, args.new.get_secret_value(), "new")
    ctx.record(person, None, {"changed": True})
    return {"changed": True}


@act("person.deactivate", grants=Grant.ADMINISTRATOR, event=False)
def deactivate(ctx: Context, args: PersonArgs) -> dict[str, bool]:
    """Close an account at once: no sign-in, no token, no session works any more."""
    return _activate(ctx, args.person, active=False)


@act("person.activate", grants=Grant.ADMINISTRATOR, event=False)
def activate(ctx: Context, args: PersonArgs) -> dict[str, bool]:
    """Open a closed account again."""
    return _activate(ctx, args.person, active=True)


@act("person.erase", grants=Grant.ADMINISTRATOR, event=False)
def erase(ctx: Context, args: PersonArgs) -> dict[str, int]:
    """Erase a person: names, addresses and the key of their values in the record; the chain stays valid."""
    person = _living(args.person)
    _keep_administrator(person)
    PersonKey.objects.filter(person=person).delete()
    OneTimeLink.objects.filter(person=person).delete()
    ApiToken.objects.filter(person=person).delete()
    _end_sessions(person)
    person.username = f"erased-{person.pk}"
    person.name_en, person.name_zh = f"Erased person {person.pk}", f"已删除人员{person.pk}"
    person.email = person.phone = ""
    person.is_active = person.is_administrator = False
    person.erased_at = timezone.now()
    person.set_unusable_password()
    person.save()
    ctx.record(person, None, {"erased": True})
    return {"person": person.pk}


@act("token.create", grants=Grant.SIGNED_IN, event=False)
def make_token(ctx: Context, args: TokenArgs) -> dict[str, object]:
    """Make a secret by which a program acts as you; it is shown this once."""
    secret = new_secret()
    token = ApiToken.objects.create(
        person=_self(ctx), name=args.name, token_hash=hashed(secret), made_at=timezone.now()
    )
    ctx.record(token, None, {"name": token.name})
    return {"token": token.pk, "secret": secret}


@act("token.revoke", grants=Grant.SIGNED_IN, event=False)
def revoke_token(ctx: Context, args: RevokeArgs) -> dict[str, int]:
    """Revoke one of your tokens; programs using it are refused from now on."""
    token = ApiToken.objects.filter(pk=args.token, person=_self(ctx), revoked_at=None).first()
    if token is None:
        raise Missing(_("You have no such token."), field="token", value=args.token)
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    ctx.record(token, {"revoked": False}, {"revoked": True})
    return {"token": token.pk}


def _link(ctx: Context, person: Person, purpose: OneTimeLink.Purpose) -> dict[str, str]:
    if not person.is_active:
        raise BadInput(
            _("The account %(name)s is closed.") % {"name": person.username}, field="person", value=person.pk
        )
    link = make_link(person, purpose, ctx.person)
    ctx.record(person, None, {"link": str(purpose)})
    return {"username": person.username, "link": link}


def _activate(ctx: Context, number: int, *, active: bool) -> dict[str, bool]:
    person = _living(number)
    if not active:
        _keep_administrator(person)
        _end_sessions(person)
    before, person.is_active = person.is_active, active
    person.save(update_fields=["is_active"])
    ctx.record(person, {"active": before}, {"active": active})
    return {"active": active}


def _set_password(person: Person, password: str, field: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field=field) from error
    person.set_password(password)
    person.save(update_fields=["password"])


def _end_sessions(person: Person) -> None:
    for session in Session.objects.filter(expire_date__gte=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()


def _keep_administrator(person: Person) -> None:
    others = Person.objects.filter(is_administrator=True, is_active=True).exclude(pk=person.pk)
    if person.is_administrator and not others.exists():
        raise BadInput(_("This is the last administrator."), field="person", value=person.pk)


def _living(number: int) -> Person:
    person = Person.objects.filter(pk=number, erased_at=None).first()
    if person is None:
        raise Missing(
            _("There is no person with number %(number)s.") % {"number": number}, field="person", value=number
        )
    return person


def _self(ctx: Context) -> Person:
    if ctx.person is None:
        raise BadInput(_("This act needs a person."), field="person")
    return ctx.person


def _self_or_any(ctx: Context, number: int) -> Person:
    if ctx.scope.administrator or (ctx.person and ctx.person.pk == number):
        return _living(number)
    raise Missing(_("There is no person with number %(number)s.") % {"number": number}, field="person", value=number)


def _sealed(person: Person) -> dict[str, object]:
    names = ("username", "name_en", "name_zh", "email", "phone", "language")
    return personal(person, {name: getattr(person, name) for name in names})
