"""The published plan: dates, holders and the columns of plan.csv."""

import re
from datetime import date

from .days import at_or_before, on
from .pass_forward import Span, forward, in_link_order
from .people import BY_ENGLISH
from .posts import staff
from .worksheet import Work, per_item, read_book

HEADINGS = [
    "ID",
    "Task",
    "Task (zh)",
    "Duration",
    "Predecessors",
    "Start",
    "Finish",
    "Deadline",
    "Unit",
    "Responsible",
    "Supporting",
    "Parent",
    "Constraint",
    "Calendar",
    "Place",
    "Phase",
    "Gate",
    "Area",
    "Dimension",
    "Weight",
]
_PHASES = [(10, "close_out"), (6, "move_out"), (0, "live"), (-14, "move_in"), (-10_000, "preparation")]
_PHASE_START = {"live": 0, "move_out": 6, "close_out": 10}


def phase(work: Work) -> str:
    return next(name for first, name in _PHASES if work.start_t >= first)


def constraint(work: Work) -> tuple[str, date] | None:
    """What the sheet states; work after opening starts no earlier than its phase."""
    stated = re.fullmatch(r"([A-Z]{3,4})([+-]\d+)", work.options.get("c", ""))
    if stated:
        return stated[1], on(int(stated[2]))
    first = _PHASE_START.get(phase(work))
    return ("SNET", on(first)) if first is not None else None


def publish() -> tuple[list[Work], dict[str, Span]]:
    """All lines of the book and the published first and last day of every leaf."""
    works = read_book()
    order = in_link_order(works)
    return works, forward(order, _wanted_start, lambda work, start: work.days or 0)


def _wanted_start(work: Work) -> date:
    """The day the sheet names, or the constraint's where that is later."""
    limit = constraint(work)
    return max(on(work.start_t), limit[1]) if limit and limit[0] in ("SNET", "MSO") else on(work.start_t)


def responsible(work: Work) -> str:
    """The one person accountable, "" for a hole: the named one, else one of the unit's by package."""
    hole = per_item(work.options.get("hole"), work.item)
    if "nobody" in work.options or ("hole" in work.options and hole is not None):
        return ""
    name, _, item = work.options.get("who", "").partition(":")
    if name and item in ("", str(work.item)):
        return BY_ENGLISH[name.replace("_", " ")].id
    people = staff(work.unit)
    return people[sum(map(ord, work.parent)) % len(people)] if people else ""


def weight(work: Work) -> int:
    days = work.days or 0
    return int(work.options.get("w") or (1 + (days > 4) + (days > 12)))


def _links(work: Work) -> str:
    return ";".join(
        pred + ("" if (kind, lag) == ("FS", 0) else kind) + (f"{lag:+d}d" if lag else "")
        for pred, kind, lag in work.links
    )


def _leaf_row(work: Work, span: Span) -> list[str]:
    limit = constraint(work)
    deadline = work.options.get("dl")
    return [
        work.id,
        work.name_en,
        work.name_zh,
        f"{work.days}d",
        _links(work),
        span[0].isoformat(),
        span[1].isoformat(),
        at_or_before(on(int(deadline)), work.calendar).isoformat() if deadline else "",
        work.unit,
        responsible(work),
        ";".join(unit for unit in work.options.get("sup", "").split(",") if unit and unit != work.unit),
        work.parent,
        f"{limit[0]} {limit[1].isoformat()}" if limit else "",
        work.calendar,
        work.place,
        phase(work),
        "yes" if "gate" in work.options else "",
        work.area.id,
        work.area.dimension,
        str(weight(work)),
    ]


def _summary_row(work: Work) -> list[str]:
    blank = [""] * len(HEADINGS)
    row = dict(zip(HEADINGS, blank, strict=True)) | {
        "ID": work.id,
        "Task": work.name_en,
        "Task (zh)": work.name_zh,
        "Unit": work.unit,
        "Parent": work.parent,
        "Area": work.area.id,
        "Dimension": work.area.dimension,
    }
    return list(row.values())


def rows(works: list[Work], spans: dict[str, Span]) -> list[list[str]]:
    return [_summary_row(w) if w.days is None else _leaf_row(w, spans[w.id]) for w in works]
