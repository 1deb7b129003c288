"""What the record's lines of the passengers desk say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "passengers.analogue.remove": _("%(who)s took a figure of %(event)s away"),
    "passengers.analogue.set": _("%(who)s set a figure of %(event)s: %(what)s %(value)s"),
    "passengers.analogue.undo": _("%(who)s took the last change of figures of earlier events back"),
    "passengers.counter.add": _("%(who)s added the counter %(code)s at %(node)s"),
    "passengers.counter.believe": _("%(who)s vouched for the figures of the counter %(code)s"),
    "passengers.counter.doubt": _("%(who)s no longer vouches for the figures of the counter %(code)s"),
    "passengers.counter.change": _("%(who)s changed the counter %(code)s"),
    "passengers.counter.halve": _(
        "%(who)s said that %(code)s saw everybody twice from %(from)s to %(until)s: it counts half"
    ),
    "passengers.counter.new_key": _("%(who)s gave the counter %(code)s another key"),
    "passengers.counter.restore": _("%(who)s brought the counter %(code)s back"),
    "passengers.counter.retire": _("%(who)s retired the counter %(code)s"),
    "passengers.counter.whole": _("%(who)s had %(code)s count whole again from %(from)s to %(until)s"),
    "passengers.counts.apply": _("%(who)s took readings from %(file)s: %(new)s new, %(corrected)s corrected"),
    "passengers.counts.read": _("%(who)s handed in a table of readings: %(file)s"),
    "passengers.counts.sum_up": _(
        "Counters sent %(new)s new readings, %(corrected)s corrections and %(refused)s that were refused"
    ),
    "passengers.day.copy": _("%(who)s began a scenario of a day as a copy of another one: %(key)s"),
    "passengers.day.keep_proposal": _("What to do about a day was proposed: %(key)s"),
    "passengers.day.keep_walk": _("A day was walked: %(key)s, %(agents)s visitors"),
    "passengers.day.propose": _("%(who)s asked what to do about a day"),
    "passengers.day.restore": _("%(who)s put a scenario of a day back: %(key)s"),
    "passengers.day.save": _("%(who)s kept a scenario of a day: %(key)s"),
    "passengers.day.walk": _("%(who)s had a day walked"),
    "passengers.day.withdraw": _("%(who)s withdrew a scenario of a day: %(key)s"),
    "passengers.day.publish": _("%(who)s published measures of %(day)s"),
    "passengers.day.undo_published": _("%(who)s took the last publication of %(day)s back"),
    "passengers.day.withdraw_published": _("%(who)s withdrew every measure published of %(day)s: %(reason)s"),
    "passengers.forecast.gather": _(
        "What the counters counted until %(until)s was taken up for forecasts: %(days)s days"
    ),
    "passengers.forecast.hour": _("The rest of the day was forecast anew for the hour"),
    "passengers.forecast.live.keep": _("The day was re-forecast from its counts: %(low)s to %(high)s visits"),
    "passengers.forecast.keep": _("The coming days were forecast: %(low)s to %(high)s visits, as known on %(as_of)s"),
    "passengers.forecast.night": _("The forecast of the coming days was started for the new day"),
    "passengers.forecast.read": _("%(who)s handed in a file for forecasts: %(file)s"),
    "passengers.forecast.start": _("%(who)s had the coming days forecast"),
    "passengers.forecast.take": _("%(who)s has forecasts made from %(file)s from now on (%(name)s)"),
    "passengers.outlook.change": _("%(who)s changed what is expected of the event"),
    "passengers.outlook.undo": _("%(who)s took the last change of what is expected back"),
    "passengers.counts.take": _("%(who)s took %(new)s new readings and %(corrected)s corrections"),
}
