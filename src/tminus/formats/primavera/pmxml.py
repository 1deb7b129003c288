"""P6 XML (PMXML), read into the same tables as an XER file, so that both become a plan by the same code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from lxml import etree

from tminus.engines.schedule import DayHours, Plan, WorkCalendar
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.clndr_data import clndr_data, joined
from tminus.formats.primavera.project import plan_of
from tminus.formats.primavera.tables import Row, Table
from tminus.formats.problems import BadFile, read_bytes

Element = etree._Element
Change = Callable[[str], str]
ROOT = "APIBusinessObjects"


def read_pmxml(path: Path, content: bytes | None = None, *, project: str = "") -> Plan:
    """The plan of one project of the file; ``project``: its key or short name, where there are several.

    :raises BadFile: not such a file, no or several projects, or a value that cannot be taken.
    """
    root = _parsed(path, read_bytes(path) if content is None else content)
    if _local(root) != ROOT:
        raise BadFile(f"{path.name}: root element {_local(root)!r}; allowed: {ROOT}")
    try:
        tables = _tables(root)
    except ValueError as error:
        raise BadFile(f"{path.name}: {error}") from error
    return plan_of(path.name, tables, project, "pmxml")


def _parsed(path: Path, content: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadFile(f"{path.name}, line {error.lineno}: not well-formed XML ({error.msg})") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadFile(f"{path.name}: declares a document type; allowed: plain XML without one")
    return root


def _local(element: Element) -> str:
    return etree.QName(element).localname


# Fields of an XER table, the element each comes from, and how its text is changed ----------------------------------


def _as(table: Mapping[str, str]) -> Change:
    """By the word; an unknown one stays as it is, and is told by the checks of the table."""
    return lambda text: table.get(text, text)


def _at(text: str) -> str:
    return text.replace("T", " ")


def _flag(text: str) -> str:
    return "Y" if text in ("1", "true") else "N" if text else ""


def _percent(text: str) -> str:
    try:
        return str(float(text) * 100)
    except ValueError:
        return text


def _same(text: str) -> str:
    return text


Fields = Mapping[str, tuple[str, Change]]
PROJECT: Fields = {
    "proj_id": ("ObjectId", _same),
    "proj_short_name": ("Id", _same),
    "proj_name": ("Name", _same),
    "clndr_id": ("ActivityDefaultCalendarObjectId", _same),
    "last_recalc_date": ("DataDate", _at),
    "plan_start_date": ("PlannedStartDate", _at),
    "plan_end_date": ("MustFinishByDate", _at),
    "scd_end_date": ("ScheduledFinishDate", _at),
    "critical_drtn_hr_cnt": ("CriticalActivityFloatLimit", _same),
    "critical_path_type": ("CriticalActivityPathType", _as(words.CRITICAL_WORDS)),
}
OPTIONS: Fields = {
    "sched_float_type": ("ComputeTotalFloatType", lambda text: words.FLOAT_WORDS.get(text.split(" = ")[0], text)),
    "sched_calendar_on_relationship_lag": ("RelationshipLagCalendar", _as(words.LAG_WORDS)),
    "sched_open_critical_flag": ("MakeOpenEndedActivitiesCritical", _flag),
    "sched_lag_early_start_flag": ("StartToStartLagCalculationType", _flag),
    "sched_use_expect_end_flag": ("UseExpectedFinishDates", _flag),
    "sched_outer_depend_type": (
        "IgnoreOtherProjectRelationships",
        lambda t: "SD_None" if _flag(t) == "Y" else "SD_Both",
    ),
    "sched_retained_logic": ("OutOfSequenceScheduleType", lambda t: "N" if t in words.LOGIC_WORDS[1:] else "Y"),
    "sched_progress_override": ("OutOfSequenceScheduleType", lambda t: "Y" if t == words.LOGIC_WORDS[1] else "N"),
}
WBS: Fields = {
    "wbs_id": ("ObjectId", _same),
    "parent_wbs_id": ("ParentObjectId", _same),
    "wbs_short_name": ("Code", _same),
    "wbs_name": ("Name", _same),
    "seq_num": ("SequenceNumber", _same),
}
TASK: Fields = {
    "task_id": ("ObjectId", _same),
    "task_code": ("Id", _same),
    "task_name": ("Name", _same),
    "wbs_id": ("WBSObjectId", _same),
    "clndr_id": ("CalendarObjectId", _same),
    "task_type": ("Type", _as(words.ROLE_WORDS)),
    "status_code": ("Status", _as(words.STATUS_WORDS)),
    "cstr_type": ("PrimaryConstraintType", _as(words.CONSTRAINT_WORDS)),
    "cstr_date": ("PrimaryConstraintDate", _at),
    "cstr_type2": ("SecondaryConstraintType", _as(words.CONSTRAINT_WORDS)),
    "cstr_date2": ("SecondaryConstraintDate", _at),
    "rsrc_id": ("PrimaryResourceObjectId", _same),
    "complete_pct_type": ("PercentCompleteType", lambda text: "CP_Phys" if text == "Physical" else "CP_Drtn"),
    "phys_complete_pct": ("PhysicalPercentComplete", _percent),
    "target_drtn_hr_cnt": ("PlannedDuration", _same),
    "remain_drtn_hr_cnt": ("RemainingDuration", _same),
    "total_float_hr_cnt": ("TotalFloat", _same),
    "act_start_date": ("ActualStartDate", _at),
    "act_end_date": ("ActualFinishDate", _at),
    "early_start_date": ("RemainingEarlyStartDate", _at),
    "early_end_date": ("RemainingEarlyFinishDate", _at),
    "late_start_date": ("RemainingLateStartDate", _at),
    "late_end_date": ("RemainingLateFinishDate", _at),
    "target_start_date": ("PlannedStartDate", _at),
    "target_end_date": ("PlannedFinishDate", _at),
    "expect_end_date": ("ExpectedFinishDate", _at),
    "external_early_start_date": ("ExternalEarlyStartDate", _at),
    "external_late_end_date": ("ExternalLateFinishDate", _at),
    "suspend_date": ("SuspendDate", _at),
    "resume_date": ("ResumeDate", _at),
}
TASKPRED: Fields = {
    "task_id": ("SuccessorActivityObjectId", _same),
    "pred_task_id": ("PredecessorActivityObjectId", _same),
    "pred_type": ("Type", _as(words.LINK_WORDS)),
    "lag_hr_cnt": ("Lag", _same),
}
RSRC: Fields = {
    "rsrc_id": ("ObjectId", _same),
    "rsrc_short_name": ("Id", _same),
    "rsrc_name": ("Name", _same),
    "rsrc_type": ("ResourceType", _as(words.RESOURCE_WORDS)),
    "clndr_id": ("CalendarObjectId", _same),
    "email_addr": ("EmailAddress", _same),
}
TASKRSRC: Fields = {
    "task_id": ("ActivityObjectId", _same),
    "rsrc_id": ("ResourceObjectId", _same),
    "target_qty_per_hr": ("PlannedUnitsPerTime", _same),
    "target_qty": ("PlannedUnits", _same),
}
ACTVTYPE: Fields = {"actv_code_type_id": ("ObjectId", _same), "actv_code_type": ("Name", _same)}
ACTVCODE: Fields = {
    "actv_code_id": ("ObjectId", _same),
    "actv_code_name": ("Description", _same),
    "short_name": ("CodeValue", _same),
}
UDFTYPE: Fields = {
    "udf_type_id": ("ObjectId", _same),
    "table_name": ("SubjectArea", lambda text: "TASK" if text == "Activity" else text),
    "udf_type_label": ("Title", _same),
}
CALENDAR: Fields = {
    "clndr_id": ("ObjectId", _same),
    "clndr_name": ("Name", _same),
    "base_clndr_id": ("BaseCalendarObjectId", _same),
    "default_flag": ("IsDefault", _flag),
}


def _tables(root: Element) -> dict[str, Table]:
    projects = [element for element in root if _local(element) == "Project"]
    everywhere = [root, *projects]
    tables = {
        "PROJECT": _table("PROJECT", PROJECT, projects),
        "CALENDAR": _calendars(_named("Calendar", everywhere)),
        "RSRC": _table("RSRC", RSRC, _named("Resource", [root])),
        "ACTVTYPE": _table("ACTVTYPE", ACTVTYPE, _named("ActivityCodeType", everywhere)),
        "ACTVCODE": _table("ACTVCODE", ACTVCODE, _named("ActivityCode", everywhere)),
        "UDFTYPE": _table("UDFTYPE", UDFTYPE, _named("UDFType", [root])),
        "TASKACTV": Table("TASKACTV", ("task_id", "actv_code_type_id", "actv_code_id", "proj_id")),
        "UDFVALUE": Table("UDFVALUE", ("udf_type_id", "fk_id", "proj_id", "udf_text", "udf_number", "udf_date")),
    }
    for project in projects:
        _of_project(project, tables)
    return tables


def _of_project(project: Element, tables: dict[str, Table]) -> None:
    key = _text(project, "ObjectId")
    parts = (
        ("SCHEDOPTIONS", OPTIONS, "ScheduleOptions"),
        ("PROJWBS", WBS, "WBS"),
        ("TASK", TASK, "Activity"),
        ("TASKPRED", TASKPRED, "Relationship"),
        ("TASKRSRC", TASKRSRC, "ResourceAssignment"),
    )
    for name, fields, tag in parts:
        table = _table(name, fields, _named(tag, [project]), proj_id=key)
        if name in tables:
            tables[name].rows += table.rows
        else:
            tables[name] = table
    for activity in _named("Activity", [project]):
        _marks(activity, key, tables)


def _marks(activity: Element, project: str, tables: dict[str, Table]) -> None:
    task = _text(activity, "ObjectId")
    for code in _named("Code", [activity]):
        tables["TASKACTV"].rows.append([task, _text(code, "TypeObjectId"), _text(code, "ValueObjectId"), project, ""])
    for udf in _named("UDF", [activity]):
        text = _text(udf, "TextValue") or _text(udf, "IndicatorValue")
        number = _text(udf, "DoubleValue") or _text(udf, "IntegerValue") or _text(udf, "CostValue")
        at = _at(_text(udf, "StartDateValue") or _text(udf, "FinishDateValue"))
        tables["UDFVALUE"].rows.append([_text(udf, "TypeObjectId"), task, project, text, number, at, ""])


def _named(tag: str, within: Iterable[Element]) -> list[Element]:
    return [element for parent in within for element in parent.iterchildren() if _local(element) == tag]


def _text(element: Element, tag: str) -> str:
    for child in element.iterchildren():
        if _local(child) == tag:
            return (child.text or "").strip()
    return ""


def _table(name: str, fields: Fields, elements: Iterable[Element], **further: str) -> Table:
    table = Table(name, (*fields, *further))
    for element in elements:
        said = {_local(child): (child.text or "").strip() for child in element.iterchildren() if not len(child)}
        row: Row = [change(said.get(tag, "")) for tag, change in fields.values()]
        table.rows.append([*row, *further.values(), ""])
    return table


# Calendars ----------------------------------------


def _calendars(elements: list[Element]) -> Table:
    table = _table("CALENDAR", CALENDAR, elements)
    table.fields = (*table.fields, "clndr_data")
    for row, element in zip(table.rows, elements, strict=True):
        row.insert(-1, _hours_text(element, row[1]))
    return table


def _hours_text(element: Element, name: str) -> str:
    """As an XER file would write it; nothing where the calendar says nothing."""
    week = _named("StandardWorkWeek", [element])
    if not week:
        return ""
    days = {_text(day, "DayOfWeek"): _hours(day, name) for day in _named("StandardWorkHours", week)}
    dated = {}
    for exception in _named("HolidayOrException", _named("HolidayOrExceptions", [element])):
        text = _text(exception, "Date")
        try:
            dated[date.fromisoformat(text[:10])] = _hours(exception, name)
        except ValueError:
            raise ValueError(f"calendar {name!r}, Date: {text!r}; allowed: a date like 2026-10-01T00:00:00") from None
    hours = tuple(days.get(day, ()) for day in words.WEEKDAYS)
    return clndr_data(WorkCalendar(name, name, hours, dated))  # type: ignore[arg-type]  # seven days


def _hours(day: Element, calendar: str) -> DayHours:
    spans = []
    for work in _named("WorkTime", [day]):
        start, until = _text(work, "Start"), _text(work, "Finish")
        if start or until:
            spans.append((_minute(start, calendar), _until(until, calendar)))
    if any(start >= until for start, until in spans):
        raise ValueError(f"calendar {calendar!r}: hours {spans}; allowed: ends after starts, within one day")
    return joined(spans)


def _minute(text: str, calendar: str) -> int:
    parts = text.split(":")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
        raise ValueError(f"calendar {calendar!r}, WorkTime: {text!r}; allowed: a time like 08:00:00")
    return int(parts[0]) * 60 + int(parts[1])


def _until(text: str, calendar: str) -> int:
    """Files name the last working minute, 15:59, where they mean 16:00."""
    minute = _minute(text, calendar)
    return (minute + 1 if minute % 5 == 4 else minute) or 1440
