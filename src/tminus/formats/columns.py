"""The columns of an assignment book, as people head them in English and Chinese; adjustable and remembered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tminus.formats.values import DateOrder

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("ID", "编号", "序号", "任务编号", "Task ID", "Unique ID", "Activity ID", "No", "No.", "Key", "标识号"),
    "name": ("Task", "任务", "Task name", "任务名称", "Name", "名称", "Activity", "Activity name", "工作", "工作内容", "事项", "任务内容", "Title", "Subject"),
    "name_zh": ("Task (zh)", "任务（中文）", "任务(中文)", "中文名称", "Task (Chinese)"),
    "name_en": ("Task (en)", "任务（英文）", "任务(英文)", "英文名称", "Task (English)"),
    "duration": ("Duration", "工期", "持续时间", "Original duration", "Days", "天数"),
    "predecessors": ("Predecessors", "前置任务", "Predecessor", "紧前任务", "Depends on", "Dependencies", "前置"),
    "start": ("Start", "开始", "Start date", "开始时间", "开始日期", "Planned start", "计划开始"),
    "finish": ("Finish", "完成", "End", "Finish date", "End date", "完成时间", "完成日期", "结束", "结束时间", "结束日期", "Planned finish", "计划完成"),
    "deadline": ("Deadline", "截止", "截止日期", "截止时间", "Due", "Due date", "完成时限", "时限"),
    "unit": ("Unit", "责任单位", "Department", "部门", "Lead unit", "牵头单位", "Lead department", "牵头部门", "责任部门", "Owner unit"),
    "responsible": ("Responsible", "责任人", "Owner", "负责人", "Assignee", "Accountable", "Holder", "Resource names", "资源名称"),
    "supporting": ("Supporting", "配合单位", "Supporting units", "协办单位", "配合部门"),
    "parent": ("Parent", "上级", "Parent ID", "上级任务", "父任务", "上级编号"),
    "wbs": ("WBS", "WBS code", "大纲编号", "Outline number"),
    "level": ("Outline level", "大纲级别", "Level", "级别", "层级"),
    "progress": ("Progress", "进度", "% complete", "Percent complete", "完成百分比", "完成率", "% Work complete"),
    "constraint": ("Constraint", "限制", "约束", "Constraint type", "限制类型"),
    "constraint_date": ("Constraint date", "限制日期"),
    "calendar": ("Calendar", "日历", "Task calendar", "任务日历"),
    "place": ("Place", "地点", "Location", "位置", "Zone", "Venue"),
    "phase": ("Phase", "阶段"),
    "gate": ("Gate", "节点", "关键节点", "Milestone gate"),
    "area": ("Area", "板块", "领域", "Functional area", "工作领域", "片区"),
    "dimension": ("Dimension", "维度"),
    "weight": ("Weight", "权重"),
    "manual": ("Placed by hand", "手动安排", "Task mode", "任务模式"),
    "active": ("Active", "启用"),
    "pause": ("Pause", "间歇"),
    "delay": ("Levelling delay", "调配延迟", "Leveling delay", "资源调配延迟"),
    "optimistic": ("Optimistic", "乐观", "Optimistic duration", "最短工期"),
    "likely": ("Most likely", "最可能", "Most likely duration", "最可能工期"),
    "pessimistic": ("Pessimistic", "悲观", "Pessimistic duration", "最长工期"),
    "distribution": ("Distribution", "分布"),
    "uncertainty": ("Uncertainty", "不确定性", "Risk class", "风险类别"),
    "notes": ("Notes", "备注", "Note", "Remarks", "说明", "Comment"),
    "actual_start": ("Actual start", "实际开始", "实际开始时间"),
    "actual_finish": ("Actual finish", "实际完成", "实际完成时间"),
    "remaining": ("Remaining", "剩余工期", "Remaining duration"),
    "reported": ("Reported", "报告时间", "填报时间", "As of"),
    "baseline_start": ("Baseline start", "基线开始", "比较基准开始时间", "比较基准开始"),
    "baseline_finish": ("Baseline finish", "基线完成", "比较基准完成时间", "比较基准完成"),
    "baseline_days": ("Finish against baseline (days)", "与基线相差（天）"),
}  # fmt: skip
"""Field → headings it is recognised by; the first is what we write, the second its Chinese."""

GUIDE = "How to fill"
"""The sheet of the template that explains its columns; it holds no tasks."""

NEEDED = ("name",)


def plain(heading: object) -> str:
    """A heading without case, marks and spaces."""
    return re.sub(r"[\s_\-:：*＊.]+", "", str(heading or "")).lower()


_KNOWN = {plain(name): code for code, names in COLUMNS.items() for name in names}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which heading is which field, and in which order days and months stand in ambiguous dates."""

    fields: Mapping[str, str] = field(default_factory=dict)  # field → heading as in the file
    date_order: DateOrder | None = None

    def as_json(self) -> dict[str, Any]:
        return {"fields": dict(self.fields), "date_order": self.date_order}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ColumnMapping:
        """:raises ValueError: a field that is none, named with what is allowed."""
        fields = dict(document.get("fields") or {})
        if unknown := [name for name in fields if name not in COLUMNS]:
            raise ValueError(f"mapping: no field {unknown[0]!r}; allowed: {', '.join(COLUMNS)}")
        order = document.get("date_order") or None
        if order not in (None, "dmy", "mdy"):
            raise ValueError(f"mapping: date_order {order!r}; allowed: dmy, mdy or none")
        return cls(fields, order)


def recognise(headings: Sequence[object], mapping: ColumnMapping | None = None) -> dict[str, int]:
    """Field → column number; what ``mapping`` says comes first, then known headings, each column once."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    chosen = {plain(heading): code for code, heading in (mapping.fields if mapping else {}).items()}
    for known in (chosen, _KNOWN):
        for number, heading in enumerate(headings):
            code = known.get(plain(heading))
            if code and code not in found and number not in taken:
                found[code] = number
                taken.add(number)
    return found


def signature(headings: Sequence[object]) -> str:
    """What a file's headings are remembered by."""
    return hashlib.sha256("\x1f".join(plain(heading) for heading in headings).encode()).hexdigest()
