"""The pages and acts a person can go to by name: the palette's and the search page's last two kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tminus.platform.registry import Context, Grant, reaches
from tminus.platform.search.finders import WITHIN, Hit, finds, fit
from tminus.site.navigation import RAIL


@dataclass(frozen=True, slots=True)
class Command:
    """Somewhere to go: a page or the place where an act is done. ``also``: other words for it."""

    url_name: str
    label: Promise | str
    grants: Grant = Grant.MEMBER
    query: str = ""
    also: Promise | str = ""
    of_event: bool = True


PAGES: tuple[Command, ...] = (
    *(Command(item.url_name, item.label, item.grants) for group in RAIL for item in group.items),
    Command("unit-duties", _("Duties of my units"), Grant.READ),
    Command("people", _("People"), Grant.READ),
    Command("outcome-weights", _("Safe, splendid, successful"), Grant.READ),
    Command("causes", _("Causes of risk"), Grant.READ, also=_("drivers, weather")),
    Command("scenarios", _("Scenarios"), Grant.READ, also=_("what if")),
    Command("proposals", _("Change proposals"), Grant.READ),
    Command("baselines", _("Baselines"), Grant.READ, also=_("published, difference")),
    Command("timetable-calendar", _("Calendar of the timetable"), Grant.READ, also=_("month")),
    Command("forecast-map", _("Forecast map"), Grant.READ, also=_("stations, lines")),
    Command("day-compare", _("Two days compared"), Grant.READ),
    Command("day-scenario-new", _("New scenario"), Grant.HEADQUARTERS, also=_("what if")),
    Command("areas", _("Areas of work"), Grant.READ),
    Command("places", _("Places"), Grant.READ),
    Command("calendars", _("Working calendars"), Grant.READ, also=_("holidays, make-up days")),
    Command("walls", _("Wall screens"), Grant.HEADQUARTERS),
    Command("event-settings", _("Event settings")),
    Command("clock", _("Clock"), Grant.STEERING, also=_("shift, exercise, demonstration")),
    Command("notice-settings", _("Mail and calendar")),
    Command("jobs", _("Jobs")),
    Command("next-steps", _("First steps")),
    Command("account", _("My account"), Grant.SIGNED_IN, of_event=False),
    Command("home", _("Events"), Grant.SIGNED_IN, of_event=False),
    Command("accounts", _("Accounts"), Grant.ADMINISTRATOR, of_event=False),
    Command("api:openapi-view", _("What the API can do"), Grant.SIGNED_IN, of_event=False),
)
ACTS: tuple[Command, ...] = (
    Command("book", _("See what is late"), Grant.READ, "status=late&leaves=1"),
    Command("book", _("See tasks without a holder"), Grant.READ, "holes=1"),
    Command("book", _("Add or assign tasks"), Grant.ACT, also=_("new task, hand over, holder")),
    Command("counters-import", _("Import counts"), Grant.HEADQUARTERS, also=_("passenger counts, CSV")),
    Command("plan-import", _("Import a plan"), Grant.HEADQUARTERS, also=_("upload, xlsx, MS Project")),
    Command("plan-template", _("Download the empty template"), also="xlsx"),
    Command("timetable", _("Back-schedule the draft"), Grant.HEADQUARTERS),
    Command("timetable-publish", _("Publish the draft"), Grant.HEADQUARTERS, also=_("baseline")),
    Command("organisation-import", _("Import units, posts and people"), Grant.HEADQUARTERS),
    Command("organisation-export", _("Export the organisation"), Grant.HEADQUARTERS, also="xlsx"),
    Command("record", _("Verify the record"), Grant.HEADQUARTERS, "verify=1"),
    Command("record", _("Export the record"), Grant.READ, also="csv, xlsx, JSON"),
    Command("password_change", _("Change password"), Grant.SIGNED_IN, of_event=False),
    Command("event-new", _("New event"), Grant.ADMINISTRATOR, of_event=False),
    Command("event-copy", _("New event from a past one"), Grant.ADMINISTRATOR, of_event=False),
)
"""What is not installed is left out; what is beyond reach is not offered."""


@finds("page", _("Pages"), grants=Grant.SIGNED_IN, order=1, always=True)
def pages(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """Pages by their names in either language."""
    return _fitting(ctx, PAGES, words, limit)


@finds("act", _("Acts"), grants=Grant.SIGNED_IN, order=6, always=True)
def acts(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """Acts by their names in either language."""
    return _fitting(ctx, ACTS, words, limit)


def _fitting(ctx: Context, among: tuple[Command, ...], words: tuple[str, ...], limit: int) -> list[Hit]:
    found = [hit for one in among if reaches(ctx.scope, one.grants) and (hit := _hit(ctx, one, words))]
    return sorted(found, key=lambda hit: hit.fit)[:limit]


def _hit(ctx: Context, one: Command, words: tuple[str, ...]) -> Hit | None:
    how = fit(words, *_names(one)) if words else WITHIN
    url = _url(ctx, one)
    return Hit(str(one.label), url, fit=how) if how is not None and url else None


def _url(ctx: Context, one: Command) -> str:
    try:
        url = reverse(one.url_name, kwargs={"event": ctx.the_event.slug} if one.of_event else None)
    except NoReverseMatch:
        return ""
    return f"{url}?{one.query}" if one.query else url


@cache
def _names(one: Command) -> tuple[str, ...]:
    return tuple(_said(one))


def _said(one: Command) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield str(one.label)
            yield str(one.also)
