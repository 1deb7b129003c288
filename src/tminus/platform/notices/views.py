"""Pages of notices, and the calendar feed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tminus.platform.asking import asked, performed
from tminus.platform.models import CalendarToken, NoticePreference
from tminus.platform.notices.feed import feed
from tminus.platform.registry import BadInput


@login_required
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest, event: str) -> HttpResponse:
    """The list; a post marks all, or the ones named, as read."""
    if request.method == "POST":
        chosen = request.POST.getlist("notice")
        performed(request, "notice.read", {"notices": chosen or None})
        messages.success(request, _("Marked as read."))
        return redirect("notices", event)
    return render(request, "notices/list.html", asked(request, "notice.mine"))


@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest, event: str) -> HttpResponse:
    """How often, when not, and the calendar's address."""
    error = None
    if request.method == "POST":
        try:
            performed(request, "notice.prefer", _typed(request))
        except BadInput as mistake:
            error = mistake
        else:
            messages.success(request, _("Your notification settings are kept."))
            return redirect("notice-settings", event)
    context: dict[str, Any] = {**asked(request, "notice.preference"), "error": error}
    context["digests"] = NoticePreference.Digest.values
    context["feed"] = f"{settings.CONFIG.base_url.rstrip('/')}/calendar/{context['token']}.ics"
    return render(request, "notices/settings.html", context, status=400 if error else 200)


@login_required
@require_POST
def renew(request: HttpRequest, event: str) -> HttpResponse:
    performed(request, "calendar.renew")
    messages.success(request, _("Your calendar has a new address; the old one no longer works."))
    return redirect("notice-settings", event)


@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The feed itself: whoever knows the address may read it, so it shows only what the person would."""
    row = CalendarToken.objects.filter(token=token).select_related("event", "person").first()
    if row is None or not row.person.is_active or row.person.erased_at is not None:
        raise Http404
    answer = HttpResponse(feed(row, settings.CONFIG.base_url), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _typed(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    return {
        "digest": post.get("digest", "daily"),
        "quiet_from": post.get("quiet_from") or None,
        "quiet_until": post.get("quiet_until") or None,
        "urgent_breaks_quiet": post.get("urgent_breaks_quiet") == "on",
    }
