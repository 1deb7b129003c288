"""What every page of the platform does with what was typed: perform, or show it again with the error at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from tminus.platform.access import NotAllowed
from tminus.platform.models import Event, Person
from tminus.platform.registry import BadInput, Missing, ask, perform

View = Callable[..., HttpResponse]


@dataclass(slots=True)
class Field:
    """One field of a form; ``kind``: text, textarea, password, email, date, number, checkbox, select, file."""

    name: str
    label: Any
    kind: str = "text"
    help: Any = ""
    choices: list[tuple[str, Any]] = field(default_factory=list)
    required: bool = False
    value: Any = ""
    error: str = ""
    autocomplete: str = ""


@dataclass(slots=True)
class Form:
    """Fields with what was typed in them; an error of no field stands above them."""

    fields: list[Field]
    error: str = ""

    def take(self, given: Mapping[str, str]) -> dict[str, Any]:
        """What was typed, as arguments of an act: an empty field is left to its default."""
        values: dict[str, Any] = {}
        for one in self.fields:
            if one.kind == "checkbox":
                one.value = one.name in given
                values[one.name] = one.value
            elif one.kind != "file":
                typed = given.get(one.name, "")
                one.value = "" if one.kind == "password" else typed
                if typed.strip() or one.kind in {"text", "textarea", "email"}:
                    values[one.name] = typed if one.kind == "password" else typed.strip()
        return values

    def blame(self, error: BadInput) -> None:
        target = next((one for one in self.fields if one.name == error.field.split(".")[0]), None)
        if target is None:
            self.error = str(error)
        else:
            target.error = str(error).removeprefix(f"{error.field}: ")

    def fill(self, values: Mapping[str, Any]) -> Form:
        for one in self.fields:
            value = values.get(one.name, one.value)
            one.value = "" if value is None else value
        return self


def submitted(
    request: HttpRequest, form: Form, code: str, *, event: Event | None = None, also: Mapping[str, Any] | None = None
) -> Any | None:
    """Perform the act with what the form holds; ``None`` when it was refused and the form says why."""
    try:
        return perform(code, {**form.take(request.POST), **(also or {})}, event=event, person=person_of(request))
    except BadInput as error:
        if isinstance(error, Missing) and not any(one.name == error.field for one in form.fields):
            raise
        form.blame(error)
        return None


def answer(request: HttpRequest, code: str, args: dict[str, Any] | None = None) -> Any:
    """Ask a query as whoever looks at the page."""
    return ask(code, args, event=getattr(request, "event", None), person=person_of(request))


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def page(view: View) -> View:
    """A page of the console: needs sign-in; what is beyond reach is a 403, what does not exist a 404."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kwargs.pop("event", None)  # the middleware has put it on the request
        if person_of(request) is None:
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, *args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied from error
        except BadInput as error:  # an address that asks for what cannot be
            raise Http404(str(error)) from error

    return shown


def see_other(address: str) -> HttpResponse:
    """After an act: look at the page anew, so that a reload does not repeat it."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def event_of(request: HttpRequest) -> Event:
    """The event of the address, set by the middleware."""
    event: Event = request.event  # type: ignore[attr-defined]
    return event


def carry_out(request: HttpRequest, code: str, args: Mapping[str, Any], said: str, back: str) -> HttpResponse:
    """Carry out the act of a button and go back, with one line saying what was done or what is wrong."""
    try:
        perform(code, dict(args), event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return see_other(back)
