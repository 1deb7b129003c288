"""The checkpoint report, as a printed paper and as a workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tminus.formats.book_writer import Value, workbook
from tminus.platform.models import Event
from tminus.platform.papers.typeset import typeset

TEMPLATE = Path(__file__).parent / "checkpoint.typ"
MARKS = {"pass": "on_time", "at_risk": "at_risk", "failed": "late"}
OPEN_SHOWN = 120
COUNTED = ("due", "done", "at_risk", "failed")


def verdict_word(verdict: str) -> str:
    return {"pass": _("on time"), "at_risk": _("at risk"), "failed": _("failed")}[verdict]


def asked_word(asked: str) -> str:
    return {"finished": _("finished"), "started": _("started"), "progress": _("in progress")}[asked]


def decide_word(kind: str) -> str:
    return {
        "conflict": _("cannot be met: shorten or move?"),
        "hole": _("nobody holds it: who?"),
        "late": _("late: what is done about it?"),
    }[kind]


def report_pdf(event: Event, at: datetime, found: dict[str, Any], whole: dict[str, Any], seal: str = "") -> bytes:
    """The paper in the reader's language.

    :param at: the instant the figures are known as of.
    :param whole: readiness of the whole event then.
    :param seal: of a frozen checkpoint, its number and fingerprint.
    """
    summary = _(
        "%(done)d of %(due)d tasks due are done, %(failed)d failed, %(at_risk)d at risk. "
        "Ready %(ready).1f %%, target %(target).1f %%."
    )
    data = {
        "title": _("Checkpoint %(label)s") % {"label": found["label"]},
        "subtitle": f"{event.name} · {found['date']:%Y-%m-%d}",
        "header": event.name,
        "header_right": _("as known at %(at)s") % {"at": f"{at:%Y-%m-%d %H:%M}"},
        "footer": " · ".join(part for part in (_("Fictional demonstration event") * event.fictional, seal) if part),
        "label": found["label"],
        "mark": MARKS[found["verdict"]],
        "verdict": verdict_word(found["verdict"]),
        "summary": summary
        % {
            **{name: found[name] for name in ("done", "due", "failed", "at_risk")},
            "ready": whole["ready_percent"] or 0,
            "target": whole["target_percent"] or 0,
        },
        "likely": likely_line(found),
        "decide": [[str(cell) for cell in row] for row in decide_rows(found)],
        "units": [[str(cell) for cell in row] for row in unit_rows(found)],
        "open": [[str(cell) for cell in row] for row in open_rows(found)[:OPEN_SHOWN]],
        "words": _words(),
    }
    return typeset(TEMPLATE, data)


def likely_line(found: dict[str, Any]) -> str:
    """How likely the checkpoint was by the last simulation; empty before the first, and in frozen reports."""
    chance = found.get("likelihood")
    if not chance:
        return ""
    said = _("Likelihood %(percent).0f %%, simulated %(at)s.") % {
        "percent": chance["percent"],
        "at": f"{chance['at']:%Y-%m-%d %H:%M}",
    }
    return f"{said} {_('The plan has changed since.')}" if chance["stale"] else said


def _words() -> dict[str, Any]:
    return {
        "decide": _("To decide"),
        "decide_head": [_("ID"), _("Task"), _("Holder"), _("Question")],
        "units": _("By lead unit"),
        "units_head": unit_head(),
        "open": _("What is not there yet"),
        "open_head": open_head(),
        "nothing_open": _("Everything this checkpoint asks for is there."),
    }


def unit_head() -> list[str]:
    return [_("Unit"), _("Due"), _("Done"), _("At risk"), _("Failed")]


def open_head() -> list[str]:
    return [_("ID"), _("Task"), _("Holder"), _("Must be"), _("Planned finish")]


def holder_of(row: dict[str, Any]) -> str:
    return row["responsible_name"] or _("no holder")


def decide_rows(found: dict[str, Any]) -> list[list[Value]]:
    return [
        [one["row"]["key"], one["row"]["name"], holder_of(one["row"]), decide_word(one["kind"])]
        for one in found["decide"]
    ]


def unit_rows(found: dict[str, Any]) -> list[list[Value]]:
    rows = found["by"]["unit"]
    return [[one["name"] or _("no unit"), one["due"], one["done"], one["at_risk"], one["failed"]] for one in rows]


def open_rows(found: dict[str, Any]) -> list[list[Value]]:
    return [
        [
            one["row"]["key"],
            one["row"]["name"],
            holder_of(one["row"]),
            asked_word(one["asked"]) + (f" {one['percent']:.0f} %" if one["percent"] else ""),
            f"{one['row']['finish']:%Y-%m-%d}",
        ]
        for one in found["open"]
    ]


def report_xlsx(event: Event, at: datetime, found: dict[str, Any], whole: dict[str, Any], seal: str = "") -> bytes:
    """The same three tables as sheets, after one that says what, when and how it stands."""
    return workbook(
        [
            (_("Checkpoint"), [_("Figure"), _("Value")], head_rows(event, at, found, whole, seal), [34, 72]),
            (_("To decide"), [_("ID"), _("Task"), _("Holder"), _("Question")], decide_rows(found), [12, 48, 22, 34]),
            (_("By lead unit"), unit_head(), unit_rows(found), [34, 10, 10, 10, 10]),
            (_("Open"), open_head(), open_rows(found), [12, 48, 22, 18, 16]),
        ]
    )


def head_rows(event: Event, at: datetime, found: dict[str, Any], whole: dict[str, Any], seal: str) -> list[list[Value]]:
    rows: list[list[Value]] = [
        [_("Event"), event.name],
        [_("Checkpoint"), f"{found['label']} · {found['date']:%Y-%m-%d}"],
        [_("As known at"), f"{at:%Y-%m-%d %H:%M}"],
        [_("Verdict"), verdict_word(found["verdict"])],
        *(
            [word, found[name]]
            for word, name in zip(unit_head()[1:], ("due", "done", "at_risk", "failed"), strict=True)
        ),
        [_("Ready, % of weight"), whole["ready_percent"]],
        [_("Target, % of weight"), whole["target_percent"]],
    ]
    if line := likely_line(found):
        rows.append([_("Likelihood"), line])
    return [*rows, [_("Frozen"), seal]] if seal else rows
