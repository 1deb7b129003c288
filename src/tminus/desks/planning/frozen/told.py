"""A frozen document as pages and papers show it: the same shape as the living checkpoint, within a person's reach."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tminus.desks.planning.frozen.document import FORM, part_verdict
from tminus.platform.access import Scope
from tminus.platform.models import Person
from tminus.platform.registry import BadInput

Rows = list[dict[str, Any]]
ORDER = ("failed", "at_risk", "pass")
GROUPS = {"unit": "unit", "area": "area", "person": "holder"}


def told(document: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Verdict, counts, roll-ups, what was open and to be decided; totals of the head are of the whole event.

    :raises BadInput: a form of document this version does not know.
    """
    if document.get("form") != FORM:
        raise BadInput(
            _("form %(form)r of a frozen checkpoint; allowed: %(allowed)s")
            % {"form": document.get("form"), "allowed": FORM},
            field="number",
        )
    rows = rows_of(document, scope)
    demanded = [row for row in rows if "asked" in row]
    unmet = sorted(
        (row for row in demanded if not row["met"]),
        key=lambda row: (ORDER.index(row["verdict"]), row["total_float_days"]),
    )
    t = int(document["checkpoint"]["t"])
    decide = list(_to_decide(document, rows))
    return {
        "date": date.fromisoformat(document["checkpoint"]["date"]),
        "t": t,
        "verdict": document["verdict"],
        **document["counts"],
        "readiness": document["readiness"],
        "by": {name: _rolled(document, rows, field) for name, field in GROUPS.items()},
        "open": [
            {
                "row": row,
                "asked": row["asked"],
                "percent": row["asked_percent"] if row["asked"] == "progress" else None,
                "verdict": row["verdict"],
            }
            for row in unmet
        ],
        "open_total": len(unmet),
        "met": len(demanded) - len(unmet),
        "decide": decide,
        "decide_total": len(decide),
        "gates": [row for row in rows if row.get("gate") and row["state"] not in {"", "done"}],
    }


def rows_of(document: dict[str, Any], scope: Scope) -> Rows:
    """The document's tasks in reach, with the names of units, areas and people as they are called in this language."""
    shown = document["tasks"] if scope.reads_all or scope.acts_everywhere else list(_within(document, scope))
    people = names_of(row["holder"] for row in shown)
    return [_named(document, row, people) for row in shown]


def _within(document: dict[str, Any], scope: Scope) -> Iterable[dict[str, Any]]:
    reached = set(scope.units_readable().values_list("code", flat=True))
    me = scope.person.pk if scope.person else None
    for row in document["tasks"]:
        mine = me is not None and row["holder"] == me
        if mine or row["unit"] in reached or not reached.isdisjoint(row.get("supporting", ())):
            yield row


def names_of(numbers: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in numbers if number is not None}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}


def _named(document: dict[str, Any], row: dict[str, Any], people: dict[int, str]) -> dict[str, Any]:
    holder = row["holder"]
    return {
        **row,
        "name": spoken(row["name_en"], row["name_zh"]),
        "unit_name": called(document, "units", row["unit"]),
        "area_name": called(document, "areas", row["area"]),
        "responsible_name": people.get(holder, "") if holder else row.get("holder_text", ""),
        "finish": datetime.fromisoformat(row["finish"]),
        "forecast_finish": datetime.fromisoformat(row["forecast"]),
        "total_float_days": row["float_days"],
    }


def spoken(en: str, zh: str) -> str:
    chinese = (get_language() or "").startswith("zh")
    return (zh or en) if chinese else (en or zh)


def called(document: dict[str, Any], kind: str, code: str) -> str:
    """What a unit or area was called; a code of no unit is what was written in the plan."""
    names = document[kind].get(code)
    return spoken(*names) if names else code


def _rolled(document: dict[str, Any], rows: Rows, field: str) -> Rows:
    """Counts of what was due, by unit, area or person, worst first."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    names: dict[Any, str] = {}
    for row in rows:
        if row["state"]:
            counts[row[field]][row["state"]] += 1
            names[row[field]] = row["responsible_name"] if field == "holder" else row[f"{field}_name"]
    over = document["checkpoint"]["date"] < document["at"][:10]
    rolled = [_tally(key, names[key], count, over) for key, count in counts.items()]
    return sorted(rolled, key=lambda one: (-one["failed"], -one["at_risk"], str(one["name"])))


def _tally(key: Any, name: str, count: Counter[str], over: bool) -> dict[str, Any]:
    parts = {name: count[name] for name in ("done", "at_risk", "failed")}
    verdict = part_verdict(count["failed"], count["at_risk"], over=over)
    return {"code": key or "", "name": name, "due": sum(count.values()), **parts, "verdict": verdict}


def _to_decide(document: dict[str, Any], rows: Rows) -> Iterable[dict[str, Any]]:
    """Dates that cannot be met, work nobody holds, overdue work: as it was asked then."""
    by_key = {row["key"]: row for row in rows}
    for conflict in document["conflicts"]:
        if conflict["key"] in by_key:
            yield {"kind": "conflict", "row": by_key[conflict["key"]], "short_by_days": conflict["short_by_days"]}
    due = [row for row in rows if row["state"] not in {"", "done"}]
    yield from ({"kind": "hole", "row": row} for row in due if row["holder"] is None)
    yield from ({"kind": "late", "row": row} for row in due if row["state"] == "failed")
