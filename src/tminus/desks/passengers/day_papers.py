"""The plan of a day as a printed paper: what befalls, what is done and by whom, what it brings, lanes and shuttles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tminus.desks.passengers.days.figure_words import FIGURES, minutes, written, written_difference
from tminus.desks.passengers.element_names import ElementNames
from tminus.desks.passengers.measure_words import (
    happening_words,
    measure_words,
    minute_words,
    seconds_words,
    when_words,
)
from tminus.desks.passengers.models import DayWalk
from tminus.formats.event_folder.day_scenarios import Does, Happening, Measure, scenario_of
from tminus.platform.languages import day_text, in_language
from tminus.platform.models import Event
from tminus.platform.papers.typeset import typeset

TEMPLATE = Path(__file__).parent / "day_plan.typ"
KEY_FIGURES = ("mean_wait_s", "person_minutes_e_f", "longest_queue")
"""What a plan is judged by first."""
TOLD = (
    *KEY_FIGURES,
    "longest_wait_s",
    "left_behind",
    "mean_lost_s",
    "p90_lost_s",
    "last_arrival_s",
    "not_home",
    "agents",
)
WORST = 12
"""Places told, the worst first."""
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class DayPaper:
    """What is set: the walk and its replay's document; who carries out its measures (``unit`` and ``holder`` by place);
    and other walks of the same happenings by what they are called (nothing done, by rule, as published)."""

    event: Event
    walk: DayWalk
    measures: Sequence[Measure]
    names: ElementNames
    document: Mapping[str, Any]
    carriers: Sequence[tuple[str, str]] = ()
    beside: Mapping[str, DayWalk] = field(default_factory=dict)
    numbers: Sequence[int] = ()

    def number(self, place: int) -> int:
        """What the measure at ``place`` is called: as published, else counted from 1."""
        return self.numbers[place] if self.numbers else place + 1


def day_pdf(paper: DayPaper, picture: bytes | None = None, picture_at: str = "") -> bytes:
    """The paper in the reader's language, A4.

    :param picture: SVG of the map at ``picture_at``, the worst quarter of an hour; none: the paper has no map.
    """
    data = {**plan_data(paper), "map": picture is not None, "map_title": _map_title(picture_at)}
    return typeset(TEMPLATE, data, pictures={"map.svg": picture} if picture else None)


def plan_data(paper: DayPaper) -> dict[str, Any]:
    """What the template is filled with, all of it text."""
    event, walk, scenario = paper.event, paper.walk, paper.walk.scenario
    befalls = [happening_words(one, paper.names) for one in _happenings(walk)]
    fictional = _("Fictional demonstration event") if event.fictional else ""
    return {
        "title": _("Plan of the day: %(name)s") % {"name": scenario.name},
        "subtitle": f"{event.name} · {day_text(scenario.day)} {scenario.day.year}",
        "header": event.name,
        "header_right": _("walked %(at)s") % {"at": f"{walk.at.astimezone(event.zone):%Y-%m-%d %H:%M}"},
        "footer": fictional,
        "about": scenario.about,
        "befalls": befalls or [_("A day as forecast: nothing out of the ordinary befalls.")],
        "key_figures": _key_figures(paper),
        "measures": measure_rows(paper),
        **_figures(paper),
        "worst": _worst(paper),
        **_lanes(paper),
        "shuttles": [_timetable(one, paper.names) for one in paper.measures if one.kind is Does.SHUTTLE],
        "carriers": _carriers(paper),
        "made": _made(walk),
        "words": _words(),
    }


def _happenings(walk: DayWalk) -> tuple[Happening, ...]:
    """As walked, whatever the scenario says by now."""
    day = walk.scenario.day
    return scenario_of({"id": "walked", "day": f"{day}", "happenings": walk.happenings}, f"{day}").happenings


def _words() -> dict[str, Any]:
    return {
        "done": _("What is done"),
        "done_head": [_("No."), _("When"), _("What"), _("Unit"), _("Answers for it")],
        "nothing_done": _("Nothing is done beyond what is planned for every day."),
        "figures": _("What it brings"),
        "worst": _("Worst places"),
        "worst_head": [_("Place"), _("Worst"), _("From–to"), _("Person-minutes")],
        "lanes": _("Lanes open at the gates"),
        "lanes_note": _("Where a gate changes within the hour: its four quarters of an hour."),
        "shuttle_head": [_("Hour"), _("Minutes")],
        "carriers": _("Who carries it out"),
        "carriers_head": [_("Unit"), _("Answers for it"), _("No.")],
    }


def _map_title(at: str) -> str:
    return _("The worst quarter of an hour: %(at)s") % {"at": at} if at else ""


def measure_rows(paper: DayPaper) -> list[list[str]]:
    """Number, when, what, unit and who answers for it."""
    whole = _("all day")
    return [
        [
            str(paper.number(place)), when_words(one.from_min, one.to_min) or whole,
            measure_words(one, paper.names, when=False), *_carrier(paper, place),
        ]
        for place, one in enumerate(paper.measures)
    ]  # fmt: skip


def _carrier(paper: DayPaper, place: int) -> tuple[str, str]:
    return paper.carriers[place] if place < len(paper.carriers) else ("–", "–")


def _carriers(paper: DayPaper) -> list[list[str]]:
    """Units, whoever answers in them, and the numbers of their measures."""
    rows = sorted((*_carrier(paper, place), paper.number(place)) for place in range(len(paper.measures)))
    grouped = groupby(rows, key=lambda row: row[:2])
    return [[unit, holder, ", ".join(str(row[2]) for row in some)] for (unit, holder), some in grouped]


def row_of_walk(walk: DayWalk) -> dict[str, Any]:
    """Figures of a walk, with how many were not home."""
    row = walk.figures["row"]
    return {**row, "not_home": row["en_route"] + row["stuck"]}


def _key_figures(paper: DayPaper) -> list[dict[str, str]]:
    own = row_of_walk(paper.walk)
    base, word = next(((row_of_walk(walk), word) for word, walk in paper.beside.items()), ({}, ""))
    return [
        {"word": str(FIGURES[name]), "text": written(name, own[name]), "against": _against(name, own, base, word)}
        for name in KEY_FIGURES
    ]


def _against(name: str, own: Mapping[str, Any], base: Mapping[str, Any], word: str) -> str:
    if base.get(name) is None or own[name] is None:
        return ""
    return f"{word}: {written(name, base[name])} ({written_difference(name, own[name] - base[name])})"


def _figures(paper: DayPaper) -> dict[str, Any]:
    """The figures of this plan and of those beside it, each with the difference this plan makes."""
    own, others = row_of_walk(paper.walk), {word: row_of_walk(walk) for word, walk in paper.beside.items()}
    rows = [
        [str(FIGURES[name]), written(name, own[name]), *(_cell(name, own, row) for row in others.values())]
        for name in TOLD
    ]
    note = _("In brackets: what this plan changes. One walk each, by the same people; chance moves single figures.")
    return {
        "figures_head": [_("Figure"), _("This plan"), *others],
        "figures": rows,
        "figures_note": note if others else "",
    }


def _cell(name: str, own: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if other[name] is None or own[name] is None:
        return written(name, other[name])
    if own[name] == other[name]:
        return written(name, other[name])
    return f"{written(name, other[name])} ({written_difference(name, own[name] - other[name])})"


def _worst(paper: DayPaper) -> list[list[str]]:
    return [
        [place_name(one, paper.names), _badness(one), f"{one['from']}–{one['to']}", f"{one['minutes']:,}"]
        for one in paper.walk.figures["worst"][:WORST]
    ]


def place_name(one: Mapping[str, Any], names: ElementNames) -> str:
    """Of a row of the worst places; the way out of a gate is called by the gate."""
    code = str(one["element"]).removesuffix("-out")
    return names.way(code) if one["kind"] == "way" else names.node(code)


def _badness(one: Mapping[str, Any]) -> str:
    if one["kind"] == "way":
        return _("level %(level)s, %(n).1f persons/m²") % {"level": one["level"], "n": one["value"]}
    if one["kind"] == "gate":
        return _("wait %(time)s") % {"time": minutes(one["value"])}
    return _("%(n)d left behind") % {"n": one["value"]}


def _lanes(paper: DayPaper) -> dict[str, Any]:
    """Lanes by the hour as they were walked, one column a gate that ever opens."""
    document = paper.document
    gates = [one for one in document["gates"] if any(one["lanes"])]
    if not gates or not paper.walk.figures["curves"]["times"]:
        return {"lanes_head": [], "lanes": []}
    called = [in_language(document["nodes"][one["node"]]["en"], document["nodes"][one["node"]]["zh"]) for one in gates]
    times = paper.walk.figures["curves"]["times"]
    each = max(round(3600 / document["slot_s"]), 1)
    rows = [
        [times[begin], *(_hour(one["lanes"][begin : begin + each]) for one in gates)]
        for begin in range(0, len(times), each)
        if any(any(one["lanes"][begin : begin + each]) for one in gates)
    ]
    return {"lanes_head": [_("From"), *called], "lanes": rows}


def _hour(lanes: Sequence[float]) -> str:
    told = [f"{value:g}" if value else "–" for value in lanes]
    return told[0] if len(set(told)) == 1 else " · ".join(told)


def departures(one: Measure) -> Iterable[float]:
    """Minutes after midnight at which a shuttle leaves either end; the last one before it ends."""
    step, at = one.value / 60.0, one.from_min
    while at < one.to_min - 1e-9:
        yield at
        at += step


def _timetable(one: Measure, names: ElementNames) -> dict[str, Any]:
    """Departures by the hour, the same at both ends."""
    hours = groupby(departures(one), key=lambda minute: int(minute) // 60)
    rows = [[minute_words(hour * 60), "  ".join(f"{int(minute) % 60:02}" for minute in some)] for hour, some in hours]
    ends = {"one": names.node(one.element), "other": names.node(one.other)}
    return {
        "title": _("Shuttle %(one)s – %(other)s") % ends,
        "note": _("From both ends at once, every %(time)s, %(n)d persons a bus") % {
            "time": seconds_words(one.value), "n": one.capacity_p
        },
        "rows": rows,
    }  # fmt: skip


def _made(walk: DayWalk) -> str:
    """What was simulated, so that it can be done again."""
    return _(
        "Simulated, not observed: %(model)s, as known at the end of %(as_of)s, seed %(seed)d, %(n)d visitors; "
        "files %(digest)s."
    ) % {
        "model": walk.model, "as_of": walk.as_of, "seed": walk.seed, "n": walk.figures["row"]["agents"],
        "digest": walk.network_digest[:12],
    }  # fmt: skip
