"""The API, generated from the registry: every query a GET, every act a POST with a typed body.

Errors are ``{"error": {"field", "value", "message"}}`` with 400 (cannot be taken), 401, 403 (beyond reach), 404,
409 (the idempotency key stands for another request).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Annotated, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Header, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer, SessionAuth
from pydantic import BaseModel

from tminus.platform import clock
from tminus.platform.access import NotAllowed, events_of, scope_of
from tminus.platform.models import ApiToken, Event, Person
from tminus.platform.models.account import hashed
from tminus.platform.once import LONGEST_KEY, KeyTaken, once
from tminus.platform.registry import ACTS, QUERIES, BadInput, Entry, Missing, ask, perform

REFUSALS = (400, 401, 403, 404)
KEY_HEADER = "Idempotency-Key"
KEY = Header(  # type: ignore[type-arg]
    None,
    alias=KEY_HEADER,
    min_length=1,
    max_length=LONGEST_KEY,
    pattern="^[!-~]+$",
    description="Asked again under the same key within 24 hours, the act is not carried out again.",
)


class ErrorBody(Schema):
    field: str
    value: Any = None
    message: str


class ErrorAnswer(Schema):
    error: ErrorBody


class TokenAuth(HttpBearer):
    """``Authorization: Bearer <personal API token>``."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        found = ApiToken.objects.select_related("person").filter(token_hash=hashed(token), revoked_at=None).first()
        if found is None or not found.person.is_active:
            return None
        ApiToken.objects.filter(pk=found.pk).update(used_at=timezone.now())
        return found.person


class ApiError(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, message: str, field: str = "", value: object = None) -> None:
        super().__init__(message)
        self.status, self.field, self.value = status, field, value


api = NinjaAPI(
    title="tminus",
    version="1",
    description="Every query and every act of this installation, each with its typed arguments.",
    auth=[TokenAuth(), SessionAuth()],
    docs_url="docs/",
    urls_namespace="api",
)


@api.exception_handler(ApiError)
def _api_error(request: HttpRequest, error: ApiError) -> HttpResponse:
    return _error(error.status, str(error), error.field, error.value)


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    return _error(403, str(error))


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    return _error(404 if isinstance(error, Missing) else 400, str(error), error.field, error.value)


@api.exception_handler(AuthenticationError)
def _signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _error(401, "sign in, or send a personal API token: Authorization: Bearer …")


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    where = first.get("loc", ())
    field = KEY_HEADER if where[:1] == ("header",) else ".".join(str(part) for part in where[2:])
    return _error(400, f"{field}: {first.get('msg', '')}", field, first.get("input"))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _error(error.status_code, str(error))


def _error(status: int, message: str, field: str = "", value: object = None) -> HttpResponse:
    return _json({"error": {"field": field, "value": value, "message": message}}, status)


def _json(content: object, status: int = 200) -> HttpResponse:
    return _answer(_text(content), status)


def _text(content: object) -> str:
    return json.dumps(content, cls=_Encoder, ensure_ascii=False)


def _answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


class _Encoder(DjangoJSONEncoder):
    """What is no JSON stands as its text: an error must not fail while naming the value it refuses."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _event(person: Person, slug: str) -> Event:
    """The event, as far as the person may enter it; beyond that it does not exist."""
    event = events_of(person).filter(slug=slug).first()
    scope = scope_of(person, event, clock.today(event)) if event else None
    if event is None or scope is None or not (scope.member or scope.administrator):
        raise ApiError(404, f"no event {slug!r}", "event", slug)
    return event


def _call(
    request: HttpRequest, entry: Entry, slug: str | None, args: BaseModel | None, key: str | None
) -> HttpResponse:
    person: Person = request.auth  # type: ignore[attr-defined]
    event = _event(person, slug) if slug is not None else None
    if entry.kind == "query":
        return _json(ask(entry.code, args or {}, event=event, person=person, channel="api"))
    return _perform(request, key, lambda: perform(entry.code, args or {}, event=event, person=person, channel="api"))


def _perform(request: HttpRequest, key: str | None, act: Callable[[], object]) -> HttpResponse:
    """Carry out the act, under its key once."""
    if key is None:
        return _json(act())
    asked = f"{request.get_full_path()}\n".encode() + request.body
    try:
        text, again = once(request.auth, key, asked, lambda: _text(act()))  # type: ignore[attr-defined]
    except KeyTaken:
        message = f"{KEY_HEADER}: this key stands for another request; allowed: a new key for a new request"
        raise ApiError(409, message, KEY_HEADER, key) from None
    response = _answer(text)
    if again:
        response["Idempotency-Replayed"] = "true"
    return response


def _view(entry: Entry) -> Callable[..., HttpResponse]:
    """The function ninja reads an operation's parameters from."""
    place = Query if entry.kind == "query" else Body
    annotations: dict[str, Any] = {"request": HttpRequest}
    if entry.event_wide:
        annotations["slug"] = str
    if entry.args.model_fields:
        annotations["args"] = Annotated[entry.args, place(...)]

    if entry.kind == "act":
        annotations["key"] = str | None

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        return _call(request, entry, given.get("slug"), given.get("args"), given.get("key"))

    kinds = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in annotations.items()]
    kinds = [one.replace(default=KEY) if one.name == "key" else one for one in kinds]
    view.__signature__ = Signature(kinds)  # type: ignore[attr-defined]
    view.__annotations__ = annotations
    view.__name__ = f"{entry.kind}_{entry.code.replace('.', '_')}"
    return view


def _publish(entry: Entry) -> None:
    word = "show" if entry.kind == "query" else "act"
    api.default_router.add_api_operation(
        f"/events/{{slug}}/{word}/{entry.code}" if entry.event_wide else f"/{word}/{entry.code}",
        ["GET" if entry.kind == "query" else "POST"],
        _view(entry),
        operation_id=f"{word}_{entry.code.replace('.', '_')}",
        summary=entry.summary,
        tags=[entry.code.split(".")[0]],
        response={200: Any, **dict.fromkeys(REFUSALS if entry.kind == "query" else (*REFUSALS, 409), ErrorAnswer)},
    )


for _entry in (*QUERIES.values(), *ACTS.values()):
    _publish(_entry)
