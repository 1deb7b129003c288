"""Nothing typed is lost: not by a refused save, not by an expired session, not by a page left open since yesterday.

The browser (``console/typed.js``) keeps what somebody types until this side says that it has been taken.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

FIELD, COOKIE = "_typed", "tminus_taken"
"""The form's hidden field with the number of what was typed, and the cookie that says it has been taken."""
TOKEN_LONGEST = 40


class TypedMiddleware:
    """Tells the browser which form's content has been taken, and leads back to the form after signing in again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST":
            return response
        if _asks_to_sign_in(response):
            return _back_to_the_form(request, response)
        token = request.POST.get(FIELD, "")
        if token.isalnum() and len(token) <= TOKEN_LONGEST and _taken(request, response):
            response.set_cookie(COOKIE, token, max_age=600, samesite="Lax", secure=request.is_secure())
        return response


def _taken(request: HttpRequest, response: HttpResponse) -> bool:
    """An act that succeeded leads to another page and leaves no error to tell."""
    refused = any(
        one.level >= messages.ERROR for one in getattr(messages.get_messages(request), "_queued_messages", [])
    )
    return 300 <= response.status_code < 400 and not refused


def _asks_to_sign_in(response: HttpResponse) -> bool:
    there = urlsplit(response.get("Location", ""))
    return 300 <= response.status_code < 400 and there.path == resolve_url(settings.LOGIN_URL) and "next" in there.query


def _back_to_the_form(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """After signing in one stands before the form again, not at the address that takes it."""
    asked = parse_qs(urlsplit(response["Location"]).query)["next"][0]
    messages.info(request, _("Your session had ended and nothing was saved. Sign in: what you typed is kept."))
    return HttpResponseRedirect(
        f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _form_page(request) or asked})}"
    )


def _form_page(request: HttpRequest) -> str:
    """The page the form stood on, if it is one of ours."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return ""
    there = urlsplit(came_from)
    return f"{there.path}?{there.query}" if there.query else there.path


def out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in, or from elsewhere (Django's CSRF check): show the page anew, save none."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"field": "", "value": None, "message": f"refused: {reason}"}}, status=403)
    page = _form_page(request)
    if not page or not request.COOKIES.get(settings.CSRF_COOKIE_NAME):
        return render(request, "403.html", status=403)
    messages.error(
        request, _("This page was out of date and nothing was saved. Look at what you typed and send it again.")
    )
    return HttpResponseRedirect(page)
