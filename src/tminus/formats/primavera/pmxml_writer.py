"""A plan written as P6 XML: the tables of an XER file, element by element."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from tminus.engines.schedule import DayHours, Plan, ScheduledTask, WorkCalendar
from tminus.formats.primavera import pmxml_fields as fields
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.clndr_data import clock
from tminus.formats.primavera.export import PROJECT_KEY, Export, Said
from tminus.formats.primavera.pmxml import ROOT
from tminus.formats.primavera.pmxml_fields import Fields

NAMESPACE = "http://xmlns.oracle.com/Primavera/P6/V19.12/API/BusinessObjects"
Element = etree._Element


def pmxml_bytes(plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None) -> bytes:
    """Dates from ``schedule`` where given, else as the plan stores them."""
    export = Export(plan, schedule)
    tables = export.tables()
    names: dict[str | None, str] = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}{ROOT}", nsmap=names)  # type: ignore[arg-type]  # None is the default
    for row in tables["CALENDAR"]:
        _calendar(_object(root, "Calendar", fields.CALENDAR, row), export.calendars[row["clndr_name"]])
    for tag, way, name in (("Resource", fields.RSRC, "RSRC"), ("UDFType", fields.UDFTYPE, "UDFTYPE")):
        for row in tables[name]:
            _object(root, tag, way, row)
    _project(root, plan, tables)
    _baselines(root, tables)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _project(root: Element, plan: Plan, tables: Mapping[str, list[Said]]) -> None:
    project = _object(root, "Project", fields.PROJECT, {**tables["PROJECT"][0], "proj_name": plan.name})
    options = tables["SCHEDOPTIONS"][0]
    logic = words.LOGIC_WORDS[0 if options["sched_retained_logic"] == "Y" else 2]
    logic = words.LOGIC_WORDS[1] if options["sched_progress_override"] == "Y" else logic
    settled = {**options, "sched_retained_logic": logic, "sched_progress_override": ""}
    _object(project, "ScheduleOptions", fields.OPTIONS, settled)
    values: dict[tuple[str, bool], list[Said]] = {}
    structure = {row["udf_type_id"] for row in tables["UDFTYPE"] if row["table_name"] == "PROJWBS"}
    for row in tables["UDFVALUE"]:
        values.setdefault((row["fk_id"], row["udf_type_id"] in structure), []).append(row)
    for row in tables["PROJWBS"]:
        if row["proj_node_flag"] != "Y":  # of baselines there are only tops
            top = {**row, "parent_wbs_id": "" if row["parent_wbs_id"] == "1" else row["parent_wbs_id"]}
            _fields(_object(project, "WBS", fields.WBS, top), values.get((row["wbs_id"], True), ()))
    for row in tables["TASK"]:
        if row["proj_id"] != PROJECT_KEY:
            continue
        inside = {**row, "wbs_id": "" if row["wbs_id"] == "1" else row["wbs_id"]}
        _fields(_object(project, "Activity", fields.TASK, inside), values.get((row["task_id"], False), ()))
    for tag, way, name in (
        ("Relationship", fields.TASKPRED, "TASKPRED"),
        ("ResourceAssignment", fields.TASKRSRC, "TASKRSRC"),
    ):
        for row in tables[name]:
            _object(project, tag, way, row)


def _baselines(root: Element, tables: Mapping[str, list[Said]]) -> None:
    tops = {row["proj_id"]: row["wbs_name"] for row in tables["PROJWBS"]}
    for said in tables["PROJECT"][1:]:
        key = said["proj_id"]
        made = _object(root, "BaselineProject", fields.PROJECT, {**said, "proj_name": tops[key]})
        for row in tables["TASK"]:
            if row["proj_id"] == key:
                _object(made, "Activity", fields.TASK, {**row, "wbs_id": ""})


def _object(parent: Element, tag: str, ways: Fields, row: Said) -> Element:
    made = _put(parent, tag)
    for name, (element, way) in ways.items():
        if row.get(name):
            _put(made, element, way.write(row[name]))
    return made


def _put(parent: Element, tag: str, text: str | None = None) -> Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    made.text = text
    return made


def _fields(element: Element, rows: list[Said] | tuple[()]) -> None:
    for row in rows:
        made = _put(element, "UDF")
        _put(made, "TypeObjectId", row["udf_type_id"])
        _put(made, "TextValue", row["udf_text"])


def _calendar(element: Element, calendar: WorkCalendar) -> None:
    week = _put(element, "StandardWorkWeek")
    for name, hours in zip(words.WEEKDAYS, calendar.week, strict=True):
        day = _put(week, "StandardWorkHours")
        _put(day, "DayOfWeek", name)
        _hours(day, hours)
    dated = _put(element, "HolidayOrExceptions")
    for at, hours in sorted(calendar.exceptions.items()):
        exception = _put(dated, "HolidayOrException")
        _put(exception, "Date", f"{at.isoformat()}T00:00:00")
        _hours(exception, hours)


def _hours(day: Element, hours: DayHours) -> None:
    """Of hours that end on a mark of the clock the last working minute is named, as Primavera does."""
    for start, until in hours:
        work = _put(day, "WorkTime")
        _put(work, "Start", f"{clock(start)}:00")
        _put(work, "Finish", f"{clock(until - 1 if until % 5 == 0 else until)}:00")
