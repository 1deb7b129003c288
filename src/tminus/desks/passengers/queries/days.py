"""Scenarios of the event's days: the list with latest figures, one whole, what it may name, two compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.passengers.days.binding_words import binding_words
from tminus.desks.passengers.days.kept_scenarios import rows_of, standing
from tminus.desks.passengers.days.walking_jobs import failed_last, under_way
from tminus.desks.passengers.days.what_may_be_named import Named, may_be_named, planned_lanes
from tminus.desks.passengers.element_names import ElementNames, kept_names
from tminus.desks.passengers.forecasting.kept_folder import current, inputs_of
from tminus.desks.passengers.measure_words import happening_words, measure_words
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.platform.jobs.queries import described
from tminus.platform.registry import BadInput, Context, Grant, query

COMPARED = {
    "mean_wait_s": -1, "longest_wait_s": -1, "longest_queue": -1, "person_minutes_e_f": -1, "left_behind": -1,
    "mean_lost_s": -1, "p90_lost_s": -1, "last_arrival_s": -1, "not_home": -1, "incidents": -1, "agents": 0,
}  # fmt: skip
"""Figures of two walks beside one another, and which of two is better: the lesser (−1), or neither (0)."""
PAST_WALKS = 20


class DaysArgs(BaseModel):
    """``day``: scenarios of this day alone."""

    day: date | None = None


class ShowArgs(BaseModel):
    """``key`` of a scenario; ``walk``: an earlier one, by default the latest."""

    key: str
    walk: int | None = None


class ElementsArgs(BaseModel):
    """``day``: whose lanes as planned are told."""

    day: date


class CompareArgs(BaseModel):
    """Keys of two scenarios."""

    a: str
    b: str


@query("passengers.days", grants=Grant.READ)
def days(ctx: Context, args: DaysArgs) -> dict[str, Any]:
    """Scenarios of the event's days in words, each with the figures of its latest walk and the job under way."""
    names, jobs = kept_names(ctx.the_event), {row.args.get("key"): row for row in reversed(under_way(ctx.event))}
    inputs, failed = inputs_of(ctx.the_event), failed_last(ctx.event)
    rows = [row for row in standing(ctx.the_event) if args.day in (None, row.day)]
    latest = _latest(rows)
    return {
        "scenarios": [
            {**_said(row, names), "walk": _walk_said(latest.get(row.pk), row, inputs),
             "job": described(jobs[row.key]) if row.key in jobs else None,
             "failed": described(failed[row.key]) if row.key in failed else None}
            for row in rows
        ],
        "files": bool(current(ctx.the_event)),
    }  # fmt: skip


def _latest(rows: list[DayScenarioKept]) -> dict[int, DayWalk]:
    """The latest walk of each, without its curves."""
    walks = DayWalk.objects.filter(scenario__in=rows).order_by("id").select_related("person")
    return {walk.scenario_id: walk for walk in walks}


def _said(row: DayScenarioKept, names: ElementNames) -> dict[str, Any]:
    happenings, measures = rows_of(row)
    return {
        "key": row.key, "name": row.name, "about": row.about, "day": row.day, "origin": str(row.origin),
        "origin_word": row.get_origin_display(), "at": row.at, "by": row.person.name if row.person else None,
        "parent": row.parent.key if row.parent else None, "parent_name": row.parent.name if row.parent else None,
        "befalls": [happening_words(one, names) for one in happenings],
        "does": [measure_words(one, names) for one in measures],
    }  # fmt: skip


def _walk_said(walk: DayWalk | None, row: DayScenarioKept, inputs: dict[str, str]) -> dict[str, Any] | None:
    if walk is None:
        return None
    return {
        "id": walk.pk, "at": walk.at, "by": walk.person.name if walk.person else None, "as_of": walk.as_of,
        "seed": walk.seed, "sample": walk.sample, "model": walk.model, "elapsed_s": walk.elapsed_s,
        "row": _row(walk),
        "edited_since": walk.happenings != row.happenings or walk.measures != row.measures,
        "stale": walk.inputs != inputs,
    }  # fmt: skip


def _row(walk: DayWalk) -> dict[str, Any]:
    row: dict[str, Any] = walk.figures["row"]
    return {**row, "not_home": row["en_route"] + row["stuck"]}


@query("passengers.day.show", grants=Grant.READ)
def show(ctx: Context, args: ShowArgs) -> dict[str, Any]:
    """One scenario as it stands, and what came of a walk of it: figures, gates, curves, worst places, plan parts."""
    row = ctx.find(DayScenarioKept, key=args.key)
    names = kept_names(ctx.the_event)
    walks = list(row.walks.select_related("person")[:PAST_WALKS])
    walk = _chosen(row, walks, args.walk)
    inputs = inputs_of(ctx.the_event)
    running = next(iter(under_way(ctx.event, key=row.key)), None)
    failed = failed_last(ctx.event).get(row.key)
    return {
        **_said(row, names),
        **{name: getattr(row, name) for name in ("name_en", "name_zh", "about_en", "about_zh")},
        "happenings": row.happenings, "measures": row.measures, "withdrawn": row.withdrawn_at is not None,
        "walk": _walk_said(walk, row, inputs),
        "figures": _figures(walk, names) if walk else None,
        "inputs": walk.inputs if walk else {},
        "walks": [{"id": one.pk, "at": one.at, "by": one.person.name if one.person else None} for one in walks],
        "job": described(running) if running else None,
        "failed": described(failed) if failed else None,
    }  # fmt: skip


def _chosen(row: DayScenarioKept, walks: list[DayWalk], asked: int | None) -> DayWalk | None:
    if asked is None:
        return walks[0] if walks else None
    found = row.walks.filter(pk=asked).first()
    if found is None:
        raise BadInput(_("no walk with number %(walk)s") % {"walk": asked}, field="walk", value=asked)
    return found


def _figures(walk: DayWalk, names: ElementNames) -> dict[str, Any]:
    """As kept, with the names of places, and in words what binds each part of a recommendation."""
    kept = walk.figures
    parts = kept.get("parts")
    return {
        **kept,
        **({"parts": [{**one, "binds": binding_words(one["binds"], names)} for one in parts]} if parts else {}),
        "row": _row(walk),
        "gates": [{**one, "name": names.node(one["gate"])} for one in kept["gates"]],
        "worst": [{**one, "name": _place(one, names)} for one in kept["worst"]],
        # walks kept by an earlier version tell neither
        "without_way": [{**one, "name": names.node(_outside(one["node"]))} for one in kept.get("without_way", ())],
        "near_tip": [{"way": way, "name": names.way(way)} for way in kept.get("near_tip", ())],
    }


def _place(one: dict[str, Any], names: ElementNames) -> str:
    code = _outside(one["element"])
    return names.way(code) if one["kind"] == "way" else names.node(code)


def _outside(element: str) -> str:
    """What the tables of the event call an element a walk has twice, in and out (:mod:`tminus.studies`)."""
    return element.removesuffix("-out")


@query("passengers.day.elements", grants=Grant.READ)
def elements(ctx: Context, args: ElementsArgs) -> dict[str, Any]:
    """What happenings and measures of a day may name, with names: lines, gates with lanes, ways, places, units."""
    known = may_be_named(ctx.the_event)
    lanes = planned_lanes(ctx.the_event, args.day)
    return {
        "lines": [{"id": code, "name": known.names.line(code)} for code in known.elements.lines],
        "gates": [
            {**_node(code, known), "lanes": [{"from": a, "to": b, "lanes": n} for a, b, n in lanes.get(code, [])]}
            for code in known.elements.gates
        ],
        "ways": [
            {"id": code, "name": known.names.way(code), "ends": list(known.names.ways[code])}
            for code in known.elements.ways
        ],
        "nodes": [_node(code, known) for code in known.elements.nodes],
        "stations": [_node(code, known) for code in known.stations],
        "units": [{"id": unit.code, "name": unit.name} for unit in known.units.values()],
    }


def _node(code: str, known: Named) -> dict[str, Any]:
    en, zh = known.names.nodes.get(code, ("", ""))
    return {"id": code, "name": known.names.node(code), "name_en": en, "name_zh": zh}


@query("passengers.day.compare", grants=Grant.READ)
def compare(ctx: Context, args: CompareArgs) -> dict[str, Any]:
    """Two walked scenarios side by side: each figure with its difference and which of the two is better."""
    names, inputs = kept_names(ctx.the_event), inputs_of(ctx.the_event)
    sides = []
    for field, key in (("a", args.a), ("b", args.b)):
        row = ctx.find(DayScenarioKept, key=key)
        walk = row.walks.first()
        if walk is None:
            raise BadInput(_("%(name)s has not been walked yet") % {"name": row.name}, field=field, value=key)
        sides.append({
            **_said(row, names), "walk": _walk_said(walk, row, inputs), "figures": _figures(walk, names),
        })  # fmt: skip
    a, b = sides
    return {"a": a, "b": b, "rows": _compared(a["figures"]["row"], b["figures"]["row"]), "gates": _gates(a, b)}


def _compared(a: dict[str, Any], b: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, sign in COMPARED.items():
        one, other = a[name], b[name]
        off = None if one is None or other is None else round(other - one, 3)
        better = "" if not off or not sign else "b" if off * sign > 0 else "a"
        found.append({"figure": name, "a": one, "b": other, "difference": off, "better": better})
    return found


def _gates(a: dict[str, Any], b: dict[str, Any]) -> list[dict[str, Any]]:
    """Queue and wait of each gate in both."""
    sides = [{one["gate"]: one for one in side["figures"]["gates"]} for side in (a, b)]
    return [
        {"gate": code, "name": (sides[0].get(code) or sides[1][code])["name"], "a": sides[0].get(code),
         "b": sides[1].get(code)}
        for code in dict.fromkeys((*sides[0], *sides[1]))
    ]  # fmt: skip
