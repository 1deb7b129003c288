"""P6 XML (PMXML), read into the same tables as an XER file, so that both become a plan by the same code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from lxml import etree

from tminus.engines.schedule import DayHours, Plan, WorkCalendar
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.clndr_data import clndr_data, joined
from tminus.formats.primavera.pmxml_fields import (
    ACTVCODE,
    ACTVTYPE,
    AT,
    CALENDAR,
    OPTIONS,
    PROJECT,
    RSRC,
    TASK,
    TASKPRED,
    TASKRSRC,
    UDFTYPE,
    WBS,
    Fields,
)  # fmt: skip
from tminus.formats.primavera.project import plan_of
from tminus.formats.primavera.tables import Row, Table
from tminus.formats.problems import BadFile, read_bytes

Element = etree._Element
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


def _tables(root: Element) -> dict[str, Table]:
    projects, baselines = _named("Project", [root]), _named("BaselineProject", [root])
    everywhere = [root, *projects]
    tables = {
        "PROJECT": _table("PROJECT", PROJECT, [*projects, *baselines]),
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
    for project in baselines:  # of a baseline only the dates of its activities count
        _add(_table("TASK", TASK, _named("Activity", [project]), proj_id=_text(project, "ObjectId")), tables)
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
        _add(_table(name, fields, _named(tag, [project]), proj_id=key), tables)
    for marked in (*_named("Activity", [project]), *_named("WBS", [project])):
        _marks(marked, key, tables)


def _add(table: Table, tables: dict[str, Table]) -> None:
    if table.name in tables:
        tables[table.name].rows += table.rows
    else:
        tables[table.name] = table


def _marks(activity: Element, project: str, tables: dict[str, Table]) -> None:
    task = _text(activity, "ObjectId")
    for code in _named("Code", [activity]):
        tables["TASKACTV"].rows.append([task, _text(code, "TypeObjectId"), _text(code, "ValueObjectId"), project, ""])
    for udf in _named("UDF", [activity]):
        text = _text(udf, "TextValue") or _text(udf, "IndicatorValue")
        number = _text(udf, "DoubleValue") or _text(udf, "IntegerValue") or _text(udf, "CostValue")
        at = AT.read(_text(udf, "StartDateValue") or _text(udf, "FinishDateValue"))
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
        row: Row = [way.read(said.get(tag, "")) for tag, way in fields.values()]
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
