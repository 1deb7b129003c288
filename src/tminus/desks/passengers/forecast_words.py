"""How forecasts are spoken of: levels, measures, what a chart says, and what a forecast rests on."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tminus.platform.languages import reads_chinese

LEVEL_WORDS: dict[str, Any] = {
    "site": gettext_lazy("Whole site"),
    "gate": gettext_lazy("Gates of the site"),
    "hall": gettext_lazy("Halls"),
    "station": gettext_lazy("Stations"),
    "terminal": gettext_lazy("Stops at the site"),
    "mode": gettext_lazy("Means of transport"),
    "audience": gettext_lazy("Audiences"),
}
MEASURE_WORDS: dict[str, Any] = {
    "arrivals": gettext_lazy("arriving"),
    "entries": gettext_lazy("coming in"),
    "on_site": gettext_lazy("there at a time"),
    "waiting": gettext_lazy("waiting at a time"),
    "departures": gettext_lazy("leaving"),
    "entering": gettext_lazy("boarding"),
    "leaving": gettext_lazy("alighting"),
    "passing": gettext_lazy("boarding and alighting"),
}
CHANNEL_OF_MAP: dict[str, Any] = {
    "both": gettext_lazy("boarding and alighting"),
    "entering": gettext_lazy("boarding"),
    "leaving": gettext_lazy("alighting"),
}
FILE_WORDS: dict[str, Any] = {
    "registrations": gettext_lazy("Registrations"),
    "analogues": gettext_lazy("Events like it"),
    "attendance": gettext_lazy("Visits counted by day"),
    "gates": gettext_lazy("Gates and their lanes"),
    "audiences": gettext_lazy("Audiences and how they come"),
    "programme": gettext_lazy("Programme with its visitors"),
    "history": gettext_lazy("Counts of earlier days"),
    "nodes": gettext_lazy("Places"),
    "links": gettext_lazy("Ways between places"),
    "origins": gettext_lazy("Where visitors start"),
    "calendar": gettext_lazy("Work calendar"),
    "gtfs": gettext_lazy("Transit timetable (GTFS)"),
    "services": gettext_lazy("Vehicles of lines, for days walked"),
    "counted_flows": gettext_lazy("Counts of the counters here"),
    "counted_visits": gettext_lazy("Visits by the counters here"),
}
HANDED_IN = tuple(name for name in FILE_WORDS if not name.startswith("counted_"))
"""What people hand in; the rest the console gathers by itself."""
FIGURE_WORDS: dict[str, Any] = {
    "level_ratio": gettext_lazy("visits over the organiser's expectation"),
    "daily_visits": gettext_lazy("visits of an average day, persons"),
    "weekend": gettext_lazy("a weekend day over a workday"),
    "holiday": gettext_lazy("a public holiday over a workday"),
    "make_up": gettext_lazy("a make-up workday over a workday"),
    "ramp": gettext_lazy("first days of a long event over its mean"),
    "rush": gettext_lazy("last days of a long event over its mean"),
    "opening_day": gettext_lazy("opening day over the days after it"),
    "last_day": gettext_lazy("last day over the days before it"),
    "show": gettext_lazy("visits a registration, walk-ins included"),
    "pickup_half_days": gettext_lazy("days before the visit at which half have registered"),
    "late_pickup": gettext_lazy("how much faster the last registrations came than the pace before"),
    "rain_mm": gettext_lazy("factor a millimetre of rain"),
}
"""Figures of earlier events (``formats/analogues.py``)."""
NAMES: dict[str, Any] = {
    "site": gettext_lazy("The whole site"),
    "elsewhere": gettext_lazy("Outside the halls"),
    "metro": gettext_lazy("Metro"),
    "shuttle": gettext_lazy("Shuttle bus"),
    "taxi": gettext_lazy("Taxi"),
    "car": gettext_lazy("Car"),
    "bus": gettext_lazy("Bus"),
    "ferry": gettext_lazy("Ferry"),
    "foot": gettext_lazy("On foot"),
    "exhibitor": gettext_lazy("Exhibitors"),
    "buyer": gettext_lazy("Buyers"),
    "visitor": gettext_lazy("Visitors"),
    "group": gettext_lazy("Groups"),
}
"""Nodes of a forecast that are no places."""


def title(name: str, measure: str, one: dict[str, Any]) -> str:
    """The message of a chart: the interval of the day, and when most of it is."""
    said = {
        "arrivals": _("%(name)s expects %(low)s–%(high)s arrivals, most %(from)s–%(until)s"),
        "entries": _("%(name)s expects %(low)s–%(high)s entries, most %(from)s–%(until)s"),
        "departures": _("%(name)s: %(low)s–%(high)s leave, most %(from)s–%(until)s"),
        "on_site": _("%(name)s holds at most %(low)s–%(high)s persons at a time, about %(from)s"),
        "waiting": _("%(name)s has at most %(low)s–%(high)s waiting, about %(from)s"),
        "entering": _("%(low)s–%(high)s board at %(name)s, most %(from)s–%(until)s"),
        "leaving": _("%(low)s–%(high)s alight at %(name)s, most %(from)s–%(until)s"),
    }[measure]
    return said % {
        "name": name, "low": f"{rounded(one['p10']):,}", "high": f"{rounded(one['p90']):,}", "from": one["from"],
        "until": one["until"],
    }  # fmt: skip


def rounded(value: float) -> int:
    """To three figures: no forecast knows more."""
    whole = round(value)
    step: int = 10 ** max(len(str(abs(whole))) - 3, 0)
    return round(whole / step) * step


N, K = r"(?P<n>[\d,.]+)", r"(?P<k>[\d,.]+)"
EARLIER = rf"{K} earlier events?"
RESTS: tuple[tuple[str, Any], ...] = (
    (
        rf"(?P<gate>.+): {N} counted (?:in|out) in {K} slots are not believed; "
        r"the other gates and what was expected stand in for them",
        gettext_lazy("%(gate)s: %(n)s persons counted in %(k)s slots are not believed; others stand in for them"),
    ),
    (
        rf"(?P<gate>.+): {N} times as many went in as its lanes were thought to allow",
        gettext_lazy("%(gate)s: %(n)s times as many went in as its lanes were thought to allow"),
    ),
    (
        r"no day of this event has been counted yet: nothing here has been checked against it",
        gettext_lazy("no day of this event has been counted yet: nothing here has been checked against it"),
    ),
    (
        rf"level: the organiser's expectation of {N} visits, corrected by {EARLIER}",
        gettext_lazy("level: the organiser's expectation of %(n)s visits, corrected by %(k)s earlier events"),
    ),
    (
        rf"level: the organiser's expectation of {N} visits, no earlier event tells how far such figures hold",
        gettext_lazy("level: the organiser's expectation of %(n)s visits; no earlier event tells how far it holds"),
    ),
    (
        rf"level: {N} visits on an average day of events like it",
        gettext_lazy("level: %(n)s visits on an average day of events like it"),
    ),
    (
        rf"level: nothing is stated of this event: the average day of {EARLIER}",
        gettext_lazy("level: nothing is stated of this event: the average day of %(k)s earlier events"),
    ),
    (
        r"level: nothing is stated: 60,000 visits a day within a factor of ten",
        gettext_lazy("level: nothing is stated: 60,000 visits a day within a factor of ten"),
    ),
    (r"differences between days: (?P<n>.*)", gettext_lazy("differences between days: %(n)s")),
    (
        rf"{N} persons registered as of (?P<k>[\d-]+), (?P<m>\d+) audiences",
        gettext_lazy("%(n)s persons registered as of %(k)s, %(m)s audiences"),
    ),
    (r"no registrations known as of (?P<n>[\d-]+)", gettext_lazy("no registrations known as of %(n)s")),
    (
        r"visits a registration: assumed, sharpened by what came in",
        gettext_lazy("visits a registration: assumed, sharpened by what came in"),
    ),
    (
        rf"visits a registration: from {EARLIER}, sharpened by what came in",
        gettext_lazy("visits a registration: from %(k)s earlier events, sharpened by what came in"),
    ),
    (
        r"pace of registration: assumed, sharpened by what came in",
        gettext_lazy("pace of registration: assumed, sharpened by what came in"),
    ),
    (
        rf"pace of registration: from {EARLIER}, sharpened by what came in",
        gettext_lazy("pace of registration: from %(k)s earlier events, sharpened by what came in"),
    ),
    (
        rf"{N} days? without visits taken as closed, telling nothing of others",
        gettext_lazy("%(n)s days without visits taken as closed, telling nothing of others"),
    ),
    (
        rf"{N} of {K} days counted; a day's noise (?P<m>.*)",
        gettext_lazy("%(n)s of %(k)s days counted; a day's noise %(m)s"),
    ),
    (r"visitors start where everyday passengers do", gettext_lazy("visitors start where everyday passengers do")),
    (
        r"visitors start from every station alike, fewer from far away: assumed",
        gettext_lazy("visitors start from every station alike, fewer from far away: assumed"),
    ),
    (
        r"no gate has been counted yet: times of arrival, ways and stays are assumptions, not observations",
        gettext_lazy("no gate has been counted yet: times of arrival, ways and stays are assumptions"),
    ),
    (
        rf"everyday traffic: {N} days of kind '(?P<k>\w+)' without the event",
        gettext_lazy("everyday traffic: %(n)s days of kind %(k)s without the event"),
    ),
    (
        rf"everyday traffic: all {N} days without the event, as only (?P<m>\d+) are of kind '(?P<k>\w+)'",
        gettext_lazy("everyday traffic: all %(n)s days without the event, as only %(m)s are of kind %(k)s"),
    ),
    (
        rf"{N} stations have no counts of other days: the event's visitors alone",
        gettext_lazy("%(n)s stations have no counts of other days: the event's visitors alone"),
    ),
    (
        rf"times of arrival at gates from {N} counted days? \(worth {K}\) beside a prior worth (?P<m>[\d.]+)",
        gettext_lazy("times of arrival at gates from %(n)s counted days (worth %(k)s) beside a prior worth %(m)s"),
    ),
    (
        r"times that registrations have booked: (?P<k>.+)",
        gettext_lazy("times that registrations have booked: %(k)s"),
    ),
    (r"visiting hours (?P<n>\S+) to (?P<k>\S+): assumed", gettext_lazy("visiting hours %(n)s to %(k)s: assumed")),
    (
        r"lanes of the gates are not known: nobody waits",
        gettext_lazy("lanes of the gates are not known: nobody waits"),
    ),
    (
        r"no stations, stops or car parks are known: all come on foot",
        gettext_lazy("no stations, stops or car parks are known: all come on foot"),
    ),
    (
        r"where no links lead to the gates, walks are straight lines a third longer",
        gettext_lazy("where no links lead to the gates, walks are straight lines a third longer"),
    ),
    (
        r"audiences are not known: all visitors alike, divided evenly on the modes there are",
        gettext_lazy("audiences are not known: all visitors alike, divided evenly on the modes there are"),
    ),
    (r"when (?P<n>.+) arrive: assumed", gettext_lazy("when %(n)s arrive: assumed")),
    (
        rf"no trains on line (?P<m>.+): stations left without any {N}, with other lines {K}",
        gettext_lazy("no trains on line %(m)s: stations left without any %(n)s, with other lines %(k)s"),
    ),
    (
        r"where other lines stop, the closed line's share of passengers is lost: all lines alike, assumed",
        gettext_lazy("where other lines stop, the closed line's share of passengers is lost: all lines alike, assumed"),
    ),
    (
        rf"stations out of service: {N}; the passengers of {K} of them walk to the nearest one served, at most "
        r"(?P<m>[\d.]+) min, the others travel otherwise: assumed",
        gettext_lazy(
            "stations out of service: %(n)s; the passengers of %(k)s of them walk to the nearest one served, at most "
            "%(m)s min, the others travel otherwise: assumed"
        ),
    ),
    (
        rf"visitors by metro: {N} % of them come by the other modes instead: assumed",
        gettext_lazy("visitors by metro: %(n)s %% of them come by the other modes instead: assumed"),
    ),
    (
        rf"meter reset: {N}(?: counts| slots| figures)? at (?P<m>.+): taken as missing",
        gettext_lazy("meter reset: %(n)s figures at %(m)s: taken as missing"),
    ),
    (
        rf"stuck counter: {N}(?: counts| slots| figures)? at (?P<m>.+): taken as missing",
        gettext_lazy("stuck counter: %(n)s figures at %(m)s: taken as missing"),
    ),
    (
        rf"a day delivered again: {N}(?: counts| slots| figures)? at (?P<m>.+): taken as missing",
        gettext_lazy("a day delivered again: %(n)s figures at %(m)s: taken as missing"),
    ),
    (
        rf"everybody counted twice: {N}(?: counts| slots| figures)? at (?P<m>.+): taken as missing",
        gettext_lazy("everybody counted twice: %(n)s figures at %(m)s: taken as missing"),
    ),
    (
        rf"far above anything usual: {N}(?: counts| slots| figures)? at (?P<m>.+): taken as missing",
        gettext_lazy("far above anything usual: %(n)s figures at %(m)s: taken as missing"),
    ),
    (
        rf"running totals: {N}(?: counts| slots| figures)? at (?P<m>.+): taken as missing",
        gettext_lazy("running totals: %(n)s figures at %(m)s: taken as missing"),
    ),
)
"""Sentences of the engine, which speaks English, and how they are said here."""
PARTS: dict[str, Any] = {
    "assumed": gettext_lazy("assumed"),
    "opening day": gettext_lazy("opening day"),
    "last day": gettext_lazy("last day"),
    "weekend": gettext_lazy("weekend"),
    "holiday": gettext_lazy("public holiday"),
    "workday": gettext_lazy("workday"),
    "ramp": gettext_lazy("slow beginning"),
    "rush": gettext_lazy("rush at the end"),
}
"""Words within them."""
_COMPILED = [(re.compile(pattern), words) for pattern, words in RESTS]


def resting_on(lines: list[str]) -> list[str]:
    """What the engine says a forecast rests on, in the reader's language; what is not known here stays English."""
    return [_told(line) for line in lines] if reads_chinese() else lines


def _told(line: str) -> str:
    for pattern, words in _COMPILED:
        if found := pattern.fullmatch(line):
            return str(words) % {name: _parts(value) for name, value in found.groupdict().items()}
    return line


def _parts(text: str) -> str:
    for english, words in PARTS.items():
        text = re.sub(rf"\b{english}\b", str(words), text)
    return text


COUNTED_WORDS: dict[str, Any] = {
    "doubt": gettext_lazy("counters: %(text)s"),
    "gate_not_counted": gettext_lazy("visits of %(day)s are not known: no counter at %(gates)s"),
    "doubted": gettext_lazy(
        "visits of %(day)s: at %(node)s %(instead)s taken instead of %(counted)s, as its counter seemed at fault"
    ),
    "day_left_out": gettext_lazy(
        "visits of %(day)s are not known: %(percent)s %% of what usually comes in was counted"
    ),
    "day_filled_up": gettext_lazy(
        "visits of %(day)s: %(percent)s %% of what usually comes in was counted, the rest taken as usual"
    ),
}


def counters_said(found: dict[str, Any] | None) -> list[str]:
    """What a forecast took from the console's own counters, and what of it was left out and why."""
    if not found:
        return []
    days = ngettext(
        "counted here: %(n)d day at %(places)d places until %(until)s, visits of %(visits)d of them",
        "counted here: %(n)d days at %(places)d places until %(until)s, visits of %(visits)d of them",
        found["days"],
    ) % {"n": found["days"], "places": found["nodes"], "until": found["until"], "visits": len(found["visits"])}
    return [days, *(_counted_word(one) for one in found["said"])]


def _counted_word(one: dict[str, Any]) -> str:
    if one["what"] == "doubt":
        return str(COUNTED_WORDS["doubt"]) % {"text": resting_on([one["text"]])[0]}
    gates = ", ".join(one.get("gates", []))
    return str(COUNTED_WORDS[one["what"]]) % {**one, "gates": gates}


ALARM_WORDS: dict[str, Any] = {
    "too_many": gettext_lazy("more come than expected"),
    "too_few": gettext_lazy("fewer come than expected"),
    "gate_closed": gettext_lazy("the gate seems closed; its people come by other gates"),
    "silent": gettext_lazy("a counter is silent"),
    "stuck": gettext_lazy("a counter shows the same figures again and again"),
    "dead": gettext_lazy("a counter sees nobody"),
    "reset": gettext_lazy("a counter began anew"),
    "negative": gettext_lazy("a counter shows fewer than no persons"),
    "double_counting": gettext_lazy("a counter counts everybody twice"),
    "impossible": gettext_lazy("more counted than can pass"),
    "disagreement": gettext_lazy("counts do not fit together"),
    "running_total": gettext_lazy("a counter sends totals, not counts"),
}
ALARM_ADVICE: dict[str, Any] = {
    "too_many": gettext_lazy("Open more lanes, tell the stations, and hold people back outside if queues grow."),
    "too_few": gettext_lazy("Ask whether a line, a road or a gate is closed; those who are late come together."),
    "gate_closed": gettext_lazy("Ask the gate. If it is closed, send staff and signs to the others."),
    "silent": gettext_lazy("Have power and network looked at; until then the forecast stands in for it."),
    "stuck": gettext_lazy("Have it restarted; what it shows is left out."),
    "dead": gettext_lazy("Look whether something stands before it; what is usual there is taken instead."),
    "reset": gettext_lazy("Nothing, if it was restarted."),
    "negative": gettext_lazy("Have it looked at; what it shows is left out."),
    "double_counting": gettext_lazy("Have it looked at: two beams, or two devices? The other gates stand in for it."),
    "impossible": gettext_lazy("Are more lanes open than said? Say so under Gates and their lanes; else the counter."),
    "disagreement": gettext_lazy("Compare who goes out with who came in, gate by gate: a counter misses people."),
    "running_total": gettext_lazy("Say on the counter's page that a reading is a meter that runs on."),
}
"""What to do about each kind of alarm."""
CHANNEL_WORDS: dict[str, Any] = {"in": gettext_lazy("coming in"), "out": gettext_lazy("leaving")}
