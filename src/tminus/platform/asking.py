"""How a page asks and acts: what is not allowed is 403, what is not there 404, a mistake goes back to its field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from pydantic import BaseModel

from tminus.platform.access import NotAllowed
from tminus.platform.models import Event, Person
from tminus.platform.registry import Missing, ask, perform

Args = BaseModel | dict[str, Any] | None


def asked(request: HttpRequest, code: str, args: Args = None) -> Any:
    """The answer to a query for the person signed in."""
    try:
        return ask(code, args, event=_event(request), person=_person(request))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Missing as error:
        raise Http404(str(error)) from error


def performed(request: HttpRequest, code: str, args: Args = None) -> Any:
    """Carry out an act as the person signed in; :class:`BadInput` is the caller's to show."""
    try:
        return perform(code, args, event=_event(request), person=_person(request))
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except Missing as error:
        raise Http404(str(error)) from error


def _event(request: HttpRequest) -> Event | None:
    event: Event | None = getattr(request, "event", None)
    return event


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None
