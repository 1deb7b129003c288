"""Acts and queries by dotted code: the one door to every write and every read.

Views, API, command line and importers call :func:`perform` and :func:`ask`; permission, transaction and record
happen here, so that no desk can forget one; live pages follow the record.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from pydantic import BaseModel, ValidationError

from tminus.platform import clock, record
from tminus.platform.access import NotAllowed, Scope, scope_of, system_scope
from tminus.platform.models import Event, Person, RecordLine, Unit

M = TypeVar("M", bound=models.Model)


class Grant(StrEnum):
    """The least a person must have to call at all; the body then checks object by object."""

    SIGNED_IN = "signed_in"  # anyone with an account (installation-wide queries, own settings)
    MEMBER = "member"  # any post in the event, observers too
    READ = "read"  # any post but observer's; rows are limited to what the scope reads
    ACT = "act"  # own unit or further; the body must call ctx.require(unit) or ctx.require_self(person)
    HEADQUARTERS = "headquarters"
    STEERING = "steering"  # headquarters, or an administrator who may hold no post in the event
    ADMINISTRATOR = "administrator"


class NothingArgs(BaseModel):
    """No arguments."""


class BadInput(Exception):
    """What was given cannot be taken: which field, which value, what is allowed."""

    def __init__(self, message: str, *, field: str = "", value: object = None) -> None:
        super().__init__(message)
        self.field, self.value = field, value


class Missing(BadInput):
    """There is no such object, or it is beyond the person's reach: the two look the same from outside."""


@dataclass(slots=True)
class Context:
    """Who acts or asks, in which event, at which instant of its clock."""

    event: Event | None
    person: Person | None
    scope: Scope
    now: datetime
    channel: str = "web"
    lines: list[RecordLine] = field(default_factory=list)
    checked: bool = False
    code: str = ""

    @property
    def the_event(self) -> Event:
        assert self.event is not None, "an installation-wide act has no event"  # noqa: S101 - a programming error
        return self.event

    @property
    def the_person(self) -> Person:
        """:raises NotAllowed: nobody in particular acts (the clock, the command line's owner)."""
        if self.person is None:
            raise NotAllowed(f"{self.code}: needs a person; name one")
        return self.person

    def require(self, unit: Unit | None) -> None:
        """:raises NotAllowed: the person's posts do not reach ``unit``."""
        self.checked = True
        if not self.scope.can_act(unit):
            raise NotAllowed(f"{self.code}: your posts do not reach {unit.code if unit else 'the whole event'}")

    def require_self(self, *persons: Person | None) -> None:
        """Allowed to any of ``persons`` themselves."""
        self.checked = True
        if self.scope.system:
            return
        if self.person is None or self.person not in [person for person in persons if person is not None]:
            raise NotAllowed(f"{self.code}: this is not yours to do")

    def require_any(self, unit: Unit | None, *persons: Person | None) -> None:
        """Allowed to any of ``persons`` themselves and to whoever's posts reach ``unit``."""
        self.checked = True
        if self.person is not None and self.person in [person for person in persons if person is not None]:
            return
        self.require(unit)

    def record(
        self,
        subject: models.Model,
        before: record.Values,
        after: record.Values,
        *,
        unit: Unit | None = None,
        code: str = "",
    ) -> RecordLine:
        """One line in the record: what it was, what it is now."""
        line = record.append(
            event=self.event,
            at=self.now,
            actor=self.person,
            channel=self.channel,
            code=code or self.code,
            subject=subject,
            before=before,
            after=after,
            unit_path=unit.path if unit else "",
            act_seq=self.lines[0].act_seq if self.lines else None,
        )
        self.lines.append(line)
        return line

    def find(self, model: type[M], **lookup: Any) -> M:
        """The object of this event, or :class:`Missing`, naming the look-up."""
        if "event" not in lookup and any(f.name == "event" for f in model._meta.get_fields()):
            lookup["event"] = self.event
        found = model._default_manager.filter(**lookup).first()
        if found is None:
            name, value = next((item for item in lookup.items() if item[0] != "event"), ("", None))
            raise Missing(f"no {model._meta.verbose_name} with {name} {value!r}", field=name, value=value)
        return found


Body = Callable[[Context, Any], Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act or query."""

    code: str
    kind: str  # "act" | "query"
    body: Body
    args: type[BaseModel]
    grants: Grant
    event_wide: bool  # False: of the installation, called without an event

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.body) or self.code).splitlines()[0]


ACTS: dict[str, Entry] = {}
QUERIES: dict[str, Entry] = {}


def act(code: str, *, grants: Grant, event: bool = True) -> Callable[[Body], Body]:
    """Register a write. ``event=False`` for acts on the installation itself."""
    return _register(ACTS, "act", code, grants, event)


def query(code: str, *, grants: Grant, event: bool = True) -> Callable[[Body], Body]:
    """Register a read."""
    return _register(QUERIES, "query", code, grants, event)


def _register(table: dict[str, Entry], kind: str, code: str, grants: Grant, event: bool) -> Callable[[Body], Body]:
    def keep(body: Body) -> Body:
        if code in table:
            raise ValueError(f"{kind} {code} is registered twice")
        args = inspect.get_annotations(body, eval_str=True)["args"]
        table[code] = Entry(code, kind, body, args, grants, event)
        return body

    return keep


def perform(
    code: str,
    args: BaseModel | dict[str, Any] | None = None,
    *,
    event: Event | None = None,
    person: Person | None = None,
    channel: str = "web",
    system: bool = False,
) -> Any:
    """Carry out an act: access, transaction, change, record, all or nothing.

    :raises BadInput: unknown code, or arguments that cannot be taken.
    :raises NotAllowed: the person's posts do not reach this far; nothing was changed.
    """
    entry = _entry(ACTS, "act", code)
    given = _arguments(entry, args)
    ctx = _context(entry, event, person, channel, system)
    _check(entry, ctx)
    with transaction.atomic():
        result = entry.body(ctx, given)
        if not ctx.lines:
            raise AssertionError(f"act {code} left no line in the record")
        if entry.grants in {Grant.ACT, Grant.READ, Grant.MEMBER} and not ctx.checked:
            raise AssertionError(f"act {code} checked no object")
    return result


def ask(
    code: str,
    args: BaseModel | dict[str, Any] | None = None,
    *,
    event: Event | None = None,
    person: Person | None = None,
    channel: str = "web",
    system: bool = False,
) -> Any:
    """Answer a query within the person's scope.

    :raises BadInput: unknown code, or arguments that cannot be taken.
    :raises NotAllowed: not theirs to read.
    """
    entry = _entry(QUERIES, "query", code)
    given = _arguments(entry, args)
    ctx = _context(entry, event, person, channel, system)
    _check(entry, ctx)
    return entry.body(ctx, given)


@contextmanager
def acting(
    code: str, *, event: Event | None, person: Person | None, channel: str = "web", system: bool = False
) -> Iterator[Context]:
    """The context of an act for code that composes several inside one transaction (importers, the clock)."""
    entry = _entry(ACTS, "act", code)
    ctx = _context(entry, event, person, channel, system)
    _check(entry, ctx)
    with transaction.atomic():
        yield ctx


def _entry(table: dict[str, Entry], kind: str, code: str) -> Entry:
    if code not in table:
        known = ", ".join(sorted(name for name in table if name.split(".")[0] == code.split(".")[0])) or "see the list"
        raise BadInput(f"no {kind} {code!r}; allowed: {known}", field="code", value=code)
    return table[code]


def _arguments(entry: Entry, args: BaseModel | dict[str, Any] | None) -> BaseModel:
    if isinstance(args, BaseModel):
        return args
    try:
        return entry.args.model_validate(args or {})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{where}: {first['msg']} (given: {first['input']!r})", field=where, value=first["input"]
        ) from error


def _context(entry: Entry, event: Event | None, person: Person | None, channel: str, system: bool) -> Context:
    if entry.event_wide and event is None:
        raise BadInput(f"{entry.code} needs an event", field="event")
    now = clock.now(event)
    scope = system_scope(event) if system else scope_of(person, event, now.date())
    return Context(event=event, person=person, scope=scope, now=now, channel=channel, code=entry.code)


def _check(entry: Entry, ctx: Context) -> None:
    if not granted(entry, ctx.scope):
        raise NotAllowed(f"{entry.code}: needs {entry.grants.value} access")


def granted(entry: Entry, scope: Scope) -> bool:
    """Whether a scope may call an entry at all."""
    return reaches(scope, entry.grants)


def reaches(scope: Scope, grants: Grant) -> bool:
    """Whether a scope has at least what ``grants`` asks for."""
    if scope.system:
        return True
    if scope.person is None or not scope.person.is_active:
        return False
    match grants:
        case Grant.SIGNED_IN:
            return True
        case Grant.MEMBER:
            return scope.member
        case Grant.READ | Grant.ACT:
            return scope.member and not scope.observer
        case Grant.HEADQUARTERS:
            return scope.headquarters
        case Grant.STEERING:
            return scope.headquarters or scope.administrator
        case Grant.ADMINISTRATOR:
            return scope.administrator


def load_registry() -> None:
    """Import every ``acts`` and ``queries`` module of the platform and of each desk."""
    for config in apps.get_app_configs():
        if not config.name.startswith("tminus."):
            continue
        package = import_module(config.name)
        for module in iter_modules(package.__path__):
            if module.name in {"acts", "queries"} or (module.ispkg and config.name == "tminus.platform"):
                _load(f"{config.name}.{module.name}")


def _load(name: str) -> None:
    module = import_module(name)
    for inner in iter_modules(getattr(module, "__path__", [])):
        if inner.name in {"acts", "queries"} or name.rsplit(".", 1)[-1] in {"acts", "queries"}:
            import_module(f"{name}.{inner.name}")
