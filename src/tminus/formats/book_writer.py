"""Write a plan as an assignment book: a workbook or CSV that reads back to the same plan, and the empty template.

No cell is ever a formula: what begins like one is written as text, and in CSV behind an apostrophe which our reader
takes off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import xlsxwriter

from tminus.engines.schedule import (
    Baseline,
    Constraint,
    Duration,
    Link,
    Plan,
    Progress,
    ScheduledTask,
    Task,
    TaskKind,
)
from tminus.formats.baselines import days_late
from tminus.formats.calendar_sheet import HEADINGS as CALENDAR_HEADINGS
from tminus.formats.calendar_sheet import SHEETS as CALENDARS
from tminus.formats.calendar_sheet import calendar_rows
from tminus.formats.columns import COLUMNS, GUIDE
from tminus.formats.estimates import ESTIMATED, estimate_cells
from tminus.formats.predecessors import predecessors_text
from tminus.formats.values import ENDS, duration_text

Language = Literal["en", "zh"]
Value = str | float | bool | datetime | None
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")

WRITTEN = (
    "id", "name", "name_zh", "duration", "predecessors", "start", "finish", "deadline", "unit", "responsible",
    "supporting", "parent", "progress", "constraint", "calendar", "place", "phase", "gate", "area", "dimension",
    "weight", "actual_start", "actual_finish", "remaining", "reported", "wbs", "notes",
)  # fmt: skip
RARE = ("manual", "active", "pause", "delay", *ESTIMATED)
"""Columns written only where a task needs them."""
BASELINE = ("baseline_start", "baseline_finish", "baseline_days")
"""Columns written only where the plan has a baseline: of its main one."""
WIDE = {"name": 44, "name_zh": 34, "predecessors": 22, "unit": 22, "responsible": 16, "notes": 40, "constraint": 22}
CALENDAR_WIDTHS = [20, 14, 32, 20]
COMPUTED = {
    "early_start": "Early start", "early_finish": "Early finish", "late_start": "Late start",
    "late_finish": "Late finish", "forecast_finish": "Forecast finish", "total_float_days": "Total float (days)",
    "free_float_days": "Free float (days)", "critical": "Critical", "status": "Status",
}  # fmt: skip


def headings(language: Language) -> list[str]:
    """What each written column is headed; ``name_zh`` needs a name of its own in either language."""
    return [_heading(code, language) for code in WRITTEN]


def _heading(code: str, language: Language) -> str:
    return COLUMNS[code][0 if language == "en" else 1]


def book_rows(
    plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None, language: Language = "en"
) -> tuple[list[str], list[list[Value]]]:
    """The headings of further columns, and a row of values for each task."""
    further = sorted({name for task in plan.tasks for name in task.extra})
    rare = [code for code in RARE if any(_rare(plan, task)[code] for task in plan.tasks)]
    baseline = plan.main_baseline()
    compared = BASELINE if baseline else ()
    into: dict[str, list[Link]] = {}
    for link in plan.links:
        into.setdefault(link.succ, []).append(link)
    rows = []
    for task in plan.tasks:
        row = (schedule or {}).get(task.id)
        values = _values(plan, task, into.get(task.id, []), row)
        uncommon = _rare(plan, task)
        then = _compared(baseline, task.id, row.finish if row else task.finish)
        rows.append([
            *(values[code] for code in WRITTEN),
            *(uncommon[code] for code in rare),
            *(then[code] for code in compared),
            *(task.extra.get(name) for name in further),
        ])  # fmt: skip
    return [*(_heading(code, language) for code in (*rare, *compared)), *further], rows


def _compared(baseline: Baseline | None, id: str, finish: datetime | None) -> dict[str, Value]:
    start, then = baseline.dates.get(id, (None, None)) if baseline else (None, None)
    days = days_late(finish, then)
    return {"baseline_start": _instant(start), "baseline_finish": _instant(then), "baseline_days": days}


def _rare(plan: Plan, task: Task) -> dict[str, Value]:
    calendar = plan.calendars.get(task.calendar or plan.default_calendar or "")
    pause = Duration(task.pause_minutes)
    estimate: dict[str, Value] = {**estimate_cells(task.estimate, calendar.day_minutes if calendar else 480)}
    return {
        "manual": "yes" if task.manual else None,
        "active": None if task.active else "no",
        "pause": duration_text(pause, calendar.day_minutes if calendar else 480) if task.pause_minutes else None,
        "delay": duration_text(task.delay) if task.delay.minutes else None,
    } | estimate


def _values(plan: Plan, task: Task, links: list[Link], row: ScheduledTask | None) -> dict[str, Value]:
    progress = plan.progress.get(task.id, Progress())
    calendar = plan.calendars.get(task.calendar or plan.default_calendar or "")
    day = calendar.day_minutes if calendar else 480
    default = plan.calendars.get(plan.default_calendar or "")
    plan_day = default.day_minutes if default else 480
    summary = task.kind is TaskKind.SUMMARY
    return {
        "id": task.id,
        "name": task.name,
        "name_zh": task.name_zh,
        "duration": None if summary else duration_text(task.duration, day),
        "predecessors": predecessors_text(links, plan_day),
        "start": _instant(row.start if row else task.start),
        "finish": _instant(row.finish if row else task.finish),
        "deadline": _last_day(task.deadline),
        "unit": task.unit,
        "responsible": task.responsible,
        "supporting": ", ".join(task.supporting),
        "parent": task.parent,
        "progress": f"{progress.percent:g} %" if progress.percent is not None else None,
        "constraint": "; ".join(_constraint(constraint) for constraint in task.constraints),
        "calendar": task.calendar,
        "place": task.place,
        "phase": task.phase,
        "gate": "yes" if task.gate else None,
        "area": task.area,
        "dimension": task.dimension,
        "weight": task.weight,
        "actual_start": _instant(progress.actual_start),
        "actual_finish": _instant(progress.actual_finish),
        "remaining": duration_text(progress.remaining, plan_day) if progress.remaining else None,
        "reported": progress.reported,
        "wbs": task.wbs,
        "notes": task.notes,
    }


def _instant(at: datetime | None) -> Value:
    """Midnight is written out: a date cell without a time would read back as the start of the working day."""
    return f"{at:%Y-%m-%d %H:%M}" if at is not None and at.hour == at.minute == 0 else at


def _last_day(at: datetime | None) -> Value:
    """A bound at midnight is written as the day it ends, which reads back to that midnight."""
    if at is not None and at.hour == at.minute == 0:
        return (at - timedelta(days=1)).date().isoformat()
    return at


def _constraint(constraint: Constraint) -> str:
    if constraint.at is None:
        return constraint.kind.value
    if constraint.kind in ENDS:
        shown = _last_day(constraint.at)
        return f"{constraint.kind.value} {shown if isinstance(shown, str) else f'{shown:%Y-%m-%d %H:%M}'}"
    form = "%Y-%m-%d" if constraint.at.hour == constraint.at.minute == 0 else "%Y-%m-%d %H:%M"
    return f"{constraint.kind.value} {constraint.at:{form}}"


def book_csv(plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None, language: Language = "en") -> bytes:
    """UTF-8 with mark, so that spreadsheets show Chinese right."""
    further, rows = book_rows(plan, schedule, language)
    return table_csv([*headings(language), *further], rows)


def table_csv(heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """Any table as CSV, formulas defused."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([defused(head) for head in heads])
    for row in rows:
        writer.writerow([_csv_text(value) for value in row])
    return target.getvalue().encode("utf-8-sig")


def _csv_text(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return str(value)
    return defused(value or "")


def defused(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def book_xlsx(plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None, language: Language = "en") -> bytes:
    """A styled workbook: sheets *Tasks* and *Calendars* read back; with ``schedule`` one shows what was computed."""
    further, rows = book_rows(plan, schedule, language)
    widths = [WIDE.get(code, 12) for code in WRITTEN] + [14] * len(further)
    sheets = [("Tasks", [*headings(language), *further], rows, widths)]
    if schedule:
        sheets.append(_computed(plan, schedule))
    sheets.append(_calendars(plan, language))
    return workbook(sheets, bold=[task.kind is TaskKind.SUMMARY for task in plan.tasks])


def _calendars(plan: Plan, language: Language) -> tuple[str, list[str], list[list[Value]], list[int]]:
    rows: list[list[Value]] = [list(row) for row in calendar_rows(plan, language)]
    return CALENDARS[language == "zh"], list(CALENDAR_HEADINGS[language]), rows, CALENDAR_WIDTHS


def _computed(plan: Plan, schedule: Mapping[str, ScheduledTask]) -> tuple[str, list[str], list[list[Value]], list[int]]:
    rows: list[list[Value]] = []
    for task in plan.tasks:
        if task.id in schedule:
            row = schedule[task.id]
            rows.append([task.id, *(_shown(getattr(row, name)) for name in COMPUTED)])
    return "Schedule", ["Row of", *COMPUTED.values()], rows, [10] + [18] * len(COMPUTED)


def _shown(value: Any) -> Value:
    if isinstance(value, bool):
        return "yes" if value else None
    shown: Value = value
    return shown


def workbook(
    sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]], Sequence[int]]], *, bold: Sequence[bool] = ()
) -> bytes:
    """Any tables as a workbook: bold frozen headings, filters, dates as dates, text always as text."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E7EDF6", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "bold": book.add_format({"bold": True}),
    }
    for number, (name, heads, rows, widths) in enumerate(sheets):
        _sheet(book.add_worksheet(name), heads, rows, widths, formats, bold if number == 0 else ())
    book.close()
    return target.getvalue()


def _sheet(
    sheet: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[Value]],
    widths: Sequence[int],
    formats: Mapping[str, Any],
    bold: Sequence[bool],
) -> None:
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, column, head, formats["head"])
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 2)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    for number, row in enumerate(rows, start=1):
        heavy = formats["bold"] if number <= len(bold) and bold[number - 1] else None
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, formats["date"], heavy)


def _cell(sheet: Any, row: int, column: int, value: Value, date_format: Any, heavy: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, date_format)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value, heavy)
    else:
        sheet.write_string(row, column, str(value)[:32_000], heavy)


TEMPLATE_ROWS: dict[str, tuple[str, ...]] = {
    "id": ("A short name that stays the same from file to file", "固定不变的编号"),
    "name": ("What is to be done (the only column that must be there)", "任务内容（唯一必填列）"),
    "name_zh": ("Its name in Chinese", "中文名称"),
    "duration": ("5d working days, 5ed elapsed, 2w, 6h; 0 is a milestone", "5d 工作日，5ed 日历天，2w，6h；0 为里程碑"),
    "predecessors": ("T3, T3FS+2d, T4SS-1d", "T3、T3FS+2d、T4SS-1d"),
    "start": ("2026-08-17; what was published, kept to compare with", "2026-08-17；已公布的日期，用于比较"),
    "finish": ("2026-08-21; the last day is included", "2026-08-21；含当日"),
    "deadline": ("The day it must be finished by", "必须完成的日期"),
    "unit": ("The unit that leads (its code or name)", "牵头单位（代码或名称）"),
    "responsible": ("The one accountable person", "唯一责任人"),
    "supporting": ("Supporting units, separated by commas", "配合单位，用逗号分隔"),
    "parent": ("ID of the row it stands under", "上级任务的编号"),
    "progress": ("50 %", "50 %"),
    "constraint": ("SNET 2026-08-17, FNLT 2026-10-01, ALAP …", "SNET 2026-08-17、FNLT 2026-10-01、ALAP……"),
    "calendar": ("Its calendar, if not the event's", "专用日历"),
    "place": ("A place of the operations map", "作战图上的地点"),
    "phase": ("preparation, move_in, live, move_out, close_out", "preparation、move_in、live、move_out、close_out"),
    "gate": ("yes, if a checkpoint depends on it", "关键节点填“是”"),
    "area": ("Its area of work", "工作板块"),
    "dimension": ("safe, splendid or successful", "safe、splendid 或 successful"),
    "weight": ("What it counts in readiness (1)", "就绪度权重（默认 1）"),
    "actual_start": ("When it began", "实际开始"),
    "actual_finish": ("When it was finished", "实际完成"),
    "remaining": ("What is left to do", "剩余工期"),
    "reported": ("When this was reported", "报告时间"),
    "wbs": ("1.2.3, where parents are not named", "1.2.3，未填上级时使用"),
    "notes": ("Anything else", "备注"),
}  # fmt: skip


def template_xlsx(language: Language = "en") -> bytes:
    """An empty assignment book with what each column takes, in both languages, on a second sheet."""
    widths = [WIDE.get(code, 12) for code in WRITTEN]
    guide: list[list[Value]] = [[COLUMNS[code][0], COLUMNS[code][1], *TEMPLATE_ROWS[code]] for code in WRITTEN]
    return workbook(
        [
            ("Tasks", headings(language), [], widths),
            (GUIDE, ["Column", "列名", "What it takes", "填写说明"], guide, [20, 16, 60, 48]),
        ]
    )
