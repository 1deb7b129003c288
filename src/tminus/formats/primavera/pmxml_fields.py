"""Fields of an XER table, the element of P6 XML each stands in, and how its text changes on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tminus.formats.primavera import vocabulary as words

Change = Callable[[str], str]


class Way(NamedTuple):
    """How the text of an element becomes a cell, and back. What is not known stays as it is, for the checks to tell."""

    read: Change
    write: Change


def _words(table: Mapping[str, str]) -> Way:
    back = {code: word for word, code in table.items()}
    return Way(lambda text: table.get(text, text), lambda cell: back.get(cell, cell))


def _to_flag(text: str) -> str:
    return "Y" if text in ("1", "true") else "N" if text else ""


def _to_percent(text: str) -> str:
    try:
        return f"{float(text) * 100:.10g}"
    except ValueError:
        return text


def _choice(cell: str, yes: str, no: str) -> Change:
    return lambda text: yes if text == cell else no


SAME = Way(str, str)
AT = Way(lambda text: text.replace("T", " "), lambda cell: cell.replace(" ", "T") + ":00")
FLAG = Way(_to_flag, lambda cell: "1" if cell == "Y" else "0")
PERCENT = Way(_to_percent, lambda cell: f"{float(cell) / 100:.12g}")
RETAINED, OVERRIDE, ACTUAL = words.LOGIC_WORDS
FLOATS = Way(lambda text: words.FLOAT_WORDS.get(text.split(" = ")[0], text), _words(words.FLOAT_WORDS).write)
EXTERNAL = Way(_choice("1", "SD_None", "SD_Both"), _choice("SD_None", "1", "0"))
PERCENT_KIND = Way(_choice("Physical", "CP_Phys", "CP_Drtn"), _choice("CP_Phys", "Physical", "Duration"))
Fields = Mapping[str, tuple[str, Way]]
PROJECT: Fields = {
    "proj_id": ("ObjectId", SAME),
    "proj_short_name": ("Id", SAME),
    "proj_name": ("Name", SAME),
    "orig_proj_id": ("OriginalProjectObjectId", SAME),
    "sum_base_proj_id": ("CurrentBaselineProjectObjectId", SAME),
    "clndr_id": ("ActivityDefaultCalendarObjectId", SAME),
    "last_recalc_date": ("DataDate", AT),
    "plan_start_date": ("PlannedStartDate", AT),
    "plan_end_date": ("MustFinishByDate", AT),
    "scd_end_date": ("ScheduledFinishDate", AT),
    "critical_drtn_hr_cnt": ("CriticalActivityFloatLimit", SAME),
    "critical_path_type": ("CriticalActivityPathType", _words(words.CRITICAL_WORDS)),
}
OPTIONS: Fields = {
    "sched_float_type": ("ComputeTotalFloatType", FLOATS),
    "sched_calendar_on_relationship_lag": ("RelationshipLagCalendar", _words(words.LAG_WORDS)),
    "sched_open_critical_flag": ("MakeOpenEndedActivitiesCritical", FLAG),
    "sched_lag_early_start_flag": ("StartToStartLagCalculationType", FLAG),
    "sched_use_expect_end_flag": ("UseExpectedFinishDates", FLAG),
    "sched_outer_depend_type": ("IgnoreOtherProjectRelationships", EXTERNAL),
    "sched_retained_logic": ("OutOfSequenceScheduleType", Way(_choice(RETAINED, "Y", "N"), str)),
    "sched_progress_override": ("OutOfSequenceScheduleType", Way(_choice(OVERRIDE, "Y", "N"), str)),
}
WBS: Fields = {
    "wbs_id": ("ObjectId", SAME),
    "parent_wbs_id": ("ParentObjectId", SAME),
    "wbs_short_name": ("Code", SAME),
    "wbs_name": ("Name", SAME),
    "seq_num": ("SequenceNumber", SAME),
}
TASK: Fields = {
    "task_id": ("ObjectId", SAME),
    "task_code": ("Id", SAME),
    "task_name": ("Name", SAME),
    "wbs_id": ("WBSObjectId", SAME),
    "clndr_id": ("CalendarObjectId", SAME),
    "task_type": ("Type", _words(words.ROLE_WORDS)),
    "status_code": ("Status", _words(words.STATUS_WORDS)),
    "cstr_type": ("PrimaryConstraintType", _words(words.CONSTRAINT_WORDS)),
    "cstr_date": ("PrimaryConstraintDate", AT),
    "cstr_type2": ("SecondaryConstraintType", _words(words.CONSTRAINT_WORDS)),
    "cstr_date2": ("SecondaryConstraintDate", AT),
    "rsrc_id": ("PrimaryResourceObjectId", SAME),
    "complete_pct_type": ("PercentCompleteType", PERCENT_KIND),
    "phys_complete_pct": ("PhysicalPercentComplete", PERCENT),
    "target_drtn_hr_cnt": ("PlannedDuration", SAME),
    "remain_drtn_hr_cnt": ("RemainingDuration", SAME),
    "total_float_hr_cnt": ("TotalFloat", SAME),
    "act_start_date": ("ActualStartDate", AT),
    "act_end_date": ("ActualFinishDate", AT),
    "early_start_date": ("RemainingEarlyStartDate", AT),
    "early_end_date": ("RemainingEarlyFinishDate", AT),
    "late_start_date": ("RemainingLateStartDate", AT),
    "late_end_date": ("RemainingLateFinishDate", AT),
    "target_start_date": ("PlannedStartDate", AT),
    "target_end_date": ("PlannedFinishDate", AT),
    "expect_end_date": ("ExpectedFinishDate", AT),
    "external_early_start_date": ("ExternalEarlyStartDate", AT),
    "external_late_end_date": ("ExternalLateFinishDate", AT),
    "suspend_date": ("SuspendDate", AT),
    "resume_date": ("ResumeDate", AT),
}
TASKPRED: Fields = {
    "task_id": ("SuccessorActivityObjectId", SAME),
    "pred_task_id": ("PredecessorActivityObjectId", SAME),
    "pred_type": ("Type", _words(words.LINK_WORDS)),
    "lag_hr_cnt": ("Lag", SAME),
}
RSRC: Fields = {
    "rsrc_id": ("ObjectId", SAME),
    "rsrc_short_name": ("Id", SAME),
    "rsrc_name": ("Name", SAME),
    "rsrc_type": ("ResourceType", _words(words.RESOURCE_WORDS)),
    "clndr_id": ("CalendarObjectId", SAME),
    "email_addr": ("EmailAddress", SAME),
}
TASKRSRC: Fields = {
    "task_id": ("ActivityObjectId", SAME),
    "rsrc_id": ("ResourceObjectId", SAME),
    "target_qty_per_hr": ("PlannedUnitsPerTime", SAME),
    "target_qty": ("PlannedUnits", SAME),
}
ACTVTYPE: Fields = {"actv_code_type_id": ("ObjectId", SAME), "actv_code_type": ("Name", SAME)}
ACTVCODE: Fields = {
    "actv_code_id": ("ObjectId", SAME),
    "actv_code_name": ("Description", SAME),
    "short_name": ("CodeValue", SAME),
}
UDFTYPE: Fields = {
    "udf_type_id": ("ObjectId", SAME),
    "table_name": ("SubjectArea", _words({"Activity": "TASK", "WBS": "PROJWBS"})),
    "udf_type_label": ("Title", SAME),
}
CALENDAR: Fields = {
    "clndr_id": ("ObjectId", SAME),
    "clndr_name": ("Name", SAME),
    "base_clndr_id": ("BaseCalendarObjectId", SAME),
    "default_flag": ("IsDefault", FLAG),
}
