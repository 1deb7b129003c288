"""Small XER files, made row by row."""

from __future__ import annotations

from tminus.engines.schedule import WorkCalendar, week_calendar
from tminus.formats.primavera.clndr_data import clndr_data

DAYS = week_calendar("days", hours=((8 * 60, 12 * 60), (13 * 60, 17 * 60)))
"""Monday to Friday, 08:00–12:00 and 13:00–17:00."""
SEVEN = week_calendar("seven", working_weekdays=range(7), hours=((8 * 60, 16 * 60),))
"""Every day, 08:00–16:00."""
CALENDAR = {"days": "1", "seven": "2"}


def table(name: str, *rows: dict[str, str]) -> str:
    fields = list(dict.fromkeys(field for row in rows for field in row))
    lines = [f"%T\t{name}", "\t".join(("%F", *fields))]
    return "\n".join(lines + ["\t".join(("%R", *(row.get(field, "") for field in fields))) for row in rows])


def calendars(*made: WorkCalendar) -> str:
    return table(
        "CALENDAR",
        *(
            {"clndr_id": str(number), "clndr_name": one.id, "clndr_data": clndr_data(one), "default_flag": "N"}
            for number, one in enumerate(made or (DAYS, SEVEN), start=1)
        ),
    )


def project(**changes: str) -> str:
    row = {
        "proj_id": "9", "proj_short_name": "EXPO", "clndr_id": "1", "last_recalc_date": "2026-06-01 08:00",
        "plan_start_date": "2026-06-01 08:00", "scd_end_date": "2026-10-30 17:00", "export_flag": "Y",
    }  # fmt: skip
    return table("PROJECT", row | changes)


def activity(code: str, hours: float = 8, **changes: str) -> dict[str, str]:
    """A task of the calendar ``days``; changes by field."""
    row = {
        "task_id": f"{int.from_bytes(code.encode(), 'big')}", "proj_id": "9", "clndr_id": "1", "task_code": code,
        "task_name": f"Task {code}", "task_type": "TT_Task", "status_code": "TK_NotStart",
        "target_drtn_hr_cnt": f"{hours:g}", "remain_drtn_hr_cnt": f"{hours:g}",
    }  # fmt: skip
    return row | changes


def key(code: str) -> str:
    return str(int.from_bytes(code.encode(), "big"))


def link(pred: str, succ: str, kind: str = "FS", hours: float = 0) -> dict[str, str]:
    return {
        "task_id": key(succ), "pred_task_id": key(pred), "proj_id": "9", "pred_proj_id": "9",
        "pred_type": f"PR_{kind}", "lag_hr_cnt": f"{hours:g}",
    }  # fmt: skip


def xer(activities: list[dict[str, str]], links: list[dict[str, str]] | None = None, *more: str) -> bytes:
    """A file of project EXPO; ``more``: further tables, in place of the usual ones of the same name."""
    parts = [project(), calendars(), table("TASK", *activities)]
    parts += [table("TASKPRED", *links)] if links else []
    named = {part.split("\n")[0]: part for part in (*parts, *more)}
    return "\n".join(["ERMHDR\t19.12\t2026-06-01\tProject\tadmin", *named.values(), "%E", ""]).encode()


def options(**changes: str) -> str:
    row = {"schedoptions_id": "1", "proj_id": "9", "sched_calendar_on_relationship_lag": "rcal_Predecessor"}
    return table("SCHEDOPTIONS", row | changes)
