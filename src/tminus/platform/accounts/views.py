"""Pages of signing in, of one's own account, and of the installation's accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tminus.platform.accounts import first
from tminus.platform.accounts.links import open_link
from tminus.platform.flash import say
from tminus.platform.models import Person
from tminus.platform.pages import Field, Form, answer, page, person_of, see_other, submitted
from tminus.platform.registry import BadInput, perform

BACKEND = "django.contrib.auth.backends.ModelBackend"
LANGUAGES = [("en", "English"), ("zh-hans", "中文")]
ADMINISTRATOR_SAID = {
    "person.deactivate": gettext_lazy("The account of %(name)s is closed."),
    "person.activate": gettext_lazy("The account of %(name)s is open again."),
    "person.erase": gettext_lazy("%(name)s is erased for good."),
}
ADMINISTRATOR_ACTS = {"person.invite", "person.reset_link", "person.deactivate", "person.activate", "person.erase"}


class SignIn(LoginView):
    """Signing in; demonstration accounts are offered where the installation is a demonstration."""

    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if first.needed() and not settings.CONFIG.demo:
            return see_other(reverse("setup"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "demo_accounts": demo_accounts()}


def demo_accounts() -> list[dict[str, Any]]:
    """Those the events name in their settings (``demo_accounts``), only in a demonstration."""
    if not settings.CONFIG.demo:
        return []
    from tminus.platform.models import Event

    named = [row for event in Event.objects.filter(archived=False) for row in event.settings.get("demo_accounts", [])]
    people = {one.username: one for one in Person.objects.filter(username__in=[row["person"] for row in named])}
    return [{"person": people[row["person"]], "role": row["role"]} for row in named if row["person"] in people]


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click signs in as a demonstration account; there is none outside a demonstration."""
    chosen = request.POST.get("username", "")
    person = next((row["person"] for row in demo_accounts() if row["person"].username == chosen), None)
    if person is None or not person.is_active:
        raise Http404
    login(request, person, backend=BACKEND)
    return see_other(reverse("home"))


@never_cache
@sensitive_post_parameters("password", "token")
def setup(request: HttpRequest) -> HttpResponse:
    """The first administrator, with the token ``tminus init`` printed."""
    if not first.needed():
        return see_other(reverse("sign-in"))
    form = Form(
        [
            Field(
                "token",
                gettext_lazy("Token printed by “tminus init”"),
                required=True,
                value=request.GET.get("token", ""),
            ),
            Field("username", gettext_lazy("Account"), required=True, autocomplete="username"),
            Field("name_en", gettext_lazy("Name (English)")),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field(
                "password",
                gettext_lazy("Password"),
                "password",
                required=True,
                autocomplete="new-password",
                help=gettext_lazy("At least 10 characters."),
            ),
        ]
    )
    if request.method == "POST":
        try:
            made = perform("installation.setup", form.take(request.POST), system=True)
        except BadInput as error:
            form.blame(error)
        else:
            login(request, Person.objects.get(pk=made["person"]), backend=BACKEND)
            return see_other(reverse("event-new"))
    words = (_("First administrator"), _("Who looks after this installation?"), _("Make the account"))
    return _form_page(request, form, *words)


@never_cache
@sensitive_post_parameters("password")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password by a one-time link."""
    found = open_link(token)
    if found is None:
        return render(request, "registration/link_spent.html", status=404)
    form = Form(
        [
            Field(
                "password",
                gettext_lazy("New password"),
                "password",
                required=True,
                autocomplete="new-password",
                help=gettext_lazy("At least 10 characters."),
            )
        ]
    )
    if request.method == "POST":
        try:
            perform("person.open", {**form.take(request.POST), "secret": token}, system=True)
        except BadInput as error:
            form.blame(error)
        else:
            messages.success(
                request, _("Your password is set. Sign in with the account %(name)s.") % {"name": found.person.username}
            )
            return see_other(reverse("sign-in"))
    question = _("Account %(name)s: this link works once.") % {"name": found.person.username}
    return _form_page(request, form, _("Choose a password"), question, _("Set the password"))


def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail; the answer is the same whether there is such an account or not."""
    if request.method == "POST":
        for person in Person.objects.filter(
            email__iexact=request.POST.get("email", "").strip(), is_active=True
        ).exclude(email="")[:5]:
            text = _("Choose a new password within a day: %(link)s") % {
                "link": perform("person.reset_link", {"person": person.pk}, system=True)["link"]
            }
            send_mail(_("Your account"), f"{person.username}\n\n{text}\n", None, [person.email], fail_silently=True)
        messages.success(request, _("If there is such an account, a link is on its way."))
        return see_other(reverse("sign-in"))
    form = Form([Field("email", gettext_lazy("E-mail"), "email", required=True, autocomplete="email")])
    question = (
        _("We send a link to the address of your account.")
        if settings.CONFIG.smtp_url
        else _("This installation sends no mail: ask its administrator for a one-time link.")
    )
    return _form_page(request, form, _("Forgotten password"), question, _("Send the link"))


@page
def account(request: HttpRequest) -> HttpResponse:
    """Your own details and tokens."""
    person = person_of(request)
    form = Form(
        [
            Field("name_en", gettext_lazy("Name (English)")),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field("email", gettext_lazy("E-mail"), "email", autocomplete="email"),
            Field("phone", gettext_lazy("Phone"), autocomplete="tel"),
            Field("language", gettext_lazy("Language"), "select", choices=list(LANGUAGES)),
        ]
    ).fill(answer(request, "person.me"))
    secret = ""
    if request.method == "POST" and person is not None:
        if "token_name" in request.POST:
            secret = perform("token.create", {"name": request.POST["token_name"] or _("unnamed")}, person=person)[
                "secret"
            ]
        elif "revoke" in request.POST:
            perform("token.revoke", {"token": request.POST["revoke"]}, person=person)
            say(request, _("The token is revoked: programs that hold it are shut out."))
            return see_other(reverse("account"))
        elif submitted(request, form, "person.change", also={"person": person.pk}):
            messages.success(request, _("Saved."))
            return see_other(reverse("account"))
    return render(
        request, "platform/account.html", {"form": form, "me": answer(request, "person.me"), "secret": secret}
    )


@page
@sensitive_post_parameters("old", "new")
def password(request: HttpRequest) -> HttpResponse:
    """Change your own password."""
    form = Form(
        [
            Field("old", gettext_lazy("Present password"), "password", required=True, autocomplete="current-password"),
            Field(
                "new",
                gettext_lazy("New password"),
                "password",
                required=True,
                autocomplete="new-password",
                help=gettext_lazy("At least 10 characters."),
            ),
        ]
    )
    if request.method == "POST" and submitted(request, form, "person.password"):
        person = Person.objects.get(username=request.user.get_username())
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password is changed; other sessions of yours have ended."))
        return see_other(reverse("account"))
    return _form_page(request, form, _("Change password"), "", _("Change password"))


@page
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account: make one, invite, reset, close, erase; invitations of everybody to print."""
    form = Form(
        [
            Field("username", gettext_lazy("Account"), required=True),
            Field("name_en", gettext_lazy("Name (English)")),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field("email", gettext_lazy("E-mail"), "email"),
            Field("administrator", gettext_lazy("Administers the installation"), "checkbox"),
        ]
    )
    links: list[dict[str, str]] = []
    if request.method == "POST":
        links = _account_act(request, form) or []
    text = request.GET.get("text", "")
    rows = answer(request, "person.list", {"text": text})
    return render(request, "platform/accounts.html", {"rows": rows, "form": form, "links": links, "text": text})


def _account_act(request: HttpRequest, form: Form) -> list[dict[str, str]] | None:
    code, person = request.POST.get("act", "person.create"), person_of(request)
    if code == "person.create":
        made = submitted(request, form, code)
        return [perform("person.invite", made, person=person)] if made else None
    try:
        if code == "person.invite_all":
            rows: list[dict[str, str]] = perform(code, person=person)
            return rows
        if code not in ADMINISTRATOR_ACTS:
            raise Http404
        name = _account_name(request.POST.get("person", ""))
        result = perform(code, {"person": request.POST.get("person")}, person=person)
    except BadInput as error:
        messages.error(request, str(error))
        return None
    if "link" in result:
        return [result]
    say(request, ADMINISTRATOR_SAID[code] % {"name": name})
    return None


def _account_name(number: str) -> str:
    found = Person.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None
    return f"{found.name} ({found.username})" if found else number


def _form_page(request: HttpRequest, form: Form, heading: str, question: str, button: str) -> HttpResponse:
    return render(
        request, "platform/form_page.html", {"form": form, "heading": heading, "question": question, "button": button}
    )
