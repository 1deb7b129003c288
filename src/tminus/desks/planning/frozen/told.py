"""A frozen document as pages and papers show it: the same shape as the living checkpoint, within a person's reach."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from tminus.desks.planning.frozen.document import FORM, part_verdict
from tminus.platform.access import Scope
from tminus.platform.languages import reads_chinese
from tminus.platform.models import Person
from tminus.platform.registry import BadInput

Rows = list[dict[str, Any]]
ORDER = ("failed", "at_risk", "pass")
GROUPS = {"unit": "unit", "area": "area", "person": "holder"}


class Names:
    """What units, areas and tasks of a document are called in the reader's language; people by who they are now."""

    def __init__(self, document: dict[str, Any], rows: Iterable[dict[str, Any]]) -> None:
        self.document, self.chinese = document, reads_chinese()
        numbers = {row["holder"] for row in rows if row["holder"] is not None}
        self.people = {person.pk: person.name for person in Person.objects.filter(pk__in=numbers)}

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            **row,
            "name": self._spoken(row["name_en"], row["name_zh"]),
            "unit_name": self.called("units", row["unit"]),
            "area_name": self.called("areas", row["area"]),
            "responsible_name": self.holder(row),
            "finish": datetime.fromisoformat(row["finish"]),
            "forecast_finish": datetime.fromisoformat(row["forecast"]),
            "total_float_days": row["float_days"],
        }

    def holder(self, row: dict[str, Any]) -> str:
        holder = row["holder"]
        return self.people.get(holder, "") if holder else str(row.get("holder_text", ""))

    def called(self, kind: str, code: str) -> str:
        """A code of no unit or area is what was written in the plan."""
        names = self.document[kind].get(code)
        return self._spoken(*names) if names else code

    def _spoken(self, en: str, zh: str) -> str:
        return (zh or en) if self.chinese else (en or zh)


def told(document: dict[str, Any], scope: Scope, limit: int) -> dict[str, Any]:
    """Verdict, counts, roll-ups, what was open and to be decided; totals of the head are of the whole event.

    :param limit: rows of each list, the worst first; the totals count all.
    :raises BadInput: a form of document this version does not know.
    """
    if document.get("form") != FORM:
        raise BadInput(f"form {document.get('form')!r} of a frozen checkpoint; allowed: {FORM}", field="number")
    rows = within(document, scope)
    names = Names(document, rows)
    demanded = [row for row in rows if "asked" in row]
    unmet = sorted(
        (row for row in demanded if not row["met"]), key=lambda row: (ORDER.index(row["verdict"]), row["float_days"])
    )
    decide = list(_to_decide(document, rows))
    gates = [row for row in rows if row.get("gate") and row["state"] not in {"", "done"}]
    return {
        "date": date.fromisoformat(document["checkpoint"]["date"]),
        "t": int(document["checkpoint"]["t"]),
        "verdict": document["verdict"],
        **document["counts"],
        "readiness": document["readiness"],
        "by": {name: _rolled(document, rows, field, names) for name, field in GROUPS.items()},
        "open": [_demanded(row, names) for row in unmet[:limit]],
        "open_total": len(unmet),
        "met": len(demanded) - len(unmet),
        "decide": [{**one, "row": names.row(one["row"])} for one in decide[:limit]],
        "decide_total": len(decide),
        "gates": [names.row(row) for row in gates[:limit]],
    }


def within(document: dict[str, Any], scope: Scope) -> Rows:
    """The document's tasks in reach, as they stand in it."""
    if scope.reads_all or scope.acts_everywhere:
        return list(document["tasks"])
    return list(_reached(document, scope))


def _reached(document: dict[str, Any], scope: Scope) -> Iterator[dict[str, Any]]:
    reached = set(scope.units_readable().values_list("code", flat=True))
    me = scope.person.pk if scope.person else None
    for row in document["tasks"]:
        mine = me is not None and row["holder"] == me
        if mine or row["unit"] in reached or not reached.isdisjoint(row.get("supporting", ())):
            yield row


def _demanded(row: dict[str, Any], names: Names) -> dict[str, Any]:
    return {
        "row": names.row(row),
        "asked": row["asked"],
        "percent": row["asked_percent"] if row["asked"] == "progress" else None,
        "verdict": row["verdict"],
    }


def _rolled(document: dict[str, Any], rows: Rows, field: str, names: Names) -> Rows:
    """Counts of what was due, by unit, area or person, worst first."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["state"]:
            key = row[field]
            counts[row.get("holder_text", "") if key is None else key][row["state"]] += 1
    over = document["checkpoint"]["date"] < document["at"][:10]
    rolled = [_tally(key, _group(key, field, names), count, over) for key, count in counts.items()]
    return sorted(rolled, key=lambda one: (-one["failed"], -one["at_risk"], str(one["name"])))


def _group(key: Any, field: str, names: Names) -> str:
    if field == "holder":
        return names.people.get(key, "") if isinstance(key, int) else str(key or "")
    return names.called(f"{field}s", key)


def _tally(key: Any, name: str, count: Counter[str], over: bool) -> dict[str, Any]:
    parts = {name: count[name] for name in ("done", "at_risk", "failed")}
    verdict = part_verdict(count["failed"], count["at_risk"], over=over)
    return {"code": key or "", "name": name, "due": sum(count.values()), **parts, "verdict": verdict}


def _to_decide(document: dict[str, Any], rows: Rows) -> Iterator[dict[str, Any]]:
    """Dates that cannot be met, work nobody holds, overdue work: as it was asked then."""
    by_key = {row["key"]: row for row in rows}
    for conflict in document["conflicts"]:
        if conflict["key"] in by_key:
            yield {"kind": "conflict", "row": by_key[conflict["key"]], "short_by_days": conflict["short_by_days"]}
    due = [row for row in rows if row["state"] not in {"", "done"}]
    yield from ({"kind": "hole", "row": row} for row in due if row["holder"] is None)
    yield from ({"kind": "late", "row": row} for row in due if row["state"] == "failed")
