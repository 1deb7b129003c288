"""The tables of a resources file: their names, and their columns as people head them in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tminus.formats.columns import plain


@dataclass(frozen=True, slots=True)
class Table:
    """``names``: of the sheet or file; ``columns``: field → headings, English first; ``needed`` fields."""

    names: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def find(self, headings: Sequence[object]) -> dict[str, int]:
        """Field → column number of what is known among ``headings``."""
        known = {plain(name): field for field, names in self.columns.items() for name in (field, *names)}
        found: dict[str, int] = {}
        for number, heading in enumerate(headings):
            field = known.get(plain(heading))
            if field is not None and field not in found:
                found[field] = number
        return found


_RESOURCE = ("Resource", "资源", "班组", "设备")
_TASK = ("Task", "任务", "Task ID", "任务编号", "ID", "编号")
_FROM, _UNTIL = ("From", "自", "开始"), ("Until", "至", "结束")

TABLES: dict[str, Table] = {
    "resources": Table(
        ("Resources", "资源"),
        {
            "resource": _RESOURCE,
            "name": ("Name", "名称"),
            "kind": ("Kind", "类型"),
            "capacity": ("Capacity", "数量", "Units", "能力"),
            "calendar": ("Calendar", "班次", "日历", "Shift"),
            "from": _FROM,
            "until": _UNTIL,
            "overtime": ("Overtime", "加班增加"),
            "cost_per_hour": ("Cost per hour", "每小时费用"),
            "skills": ("Skills", "技能"),
            "held": ("Held", "占用过夜"),
        },
        ("resource",),
    ),
    "capacity": Table(
        ("Capacity", "数量变化"),
        {"resource": _RESOURCE, "from": _FROM, "until": _UNTIL, "capacity": ("Capacity", "数量", "Units")},
        ("resource", "from", "until", "capacity"),
    ),
    "needs": Table(
        ("Needs", "需求"),
        {
            "task": _TASK,
            "resource": ("Resource", "资源", "班组", "设备", "Resource or skill", "资源或技能", "Skill", "技能"),
            "units": ("Units", "数量"),
            "mode": ("Mode", "方式"),
        },
        ("task", "resource"),
    ),
    "modes": Table(
        ("Modes", "方式"),
        {"task": _TASK, "mode": ("Mode", "方式"), "duration": ("Duration", "工期"), "cost": ("Cost", "费用")},
        ("task", "mode"),
    ),
    "places": Table(
        ("Places", "地点"),
        {
            "place": ("Place", "地点"),
            "most_tasks": ("Most tasks", "最多任务数"),
            "most_people": ("Most people", "最多人数"),
        },
        ("place",),
    ),
    "masks": Table(
        ("Masks", "禁止时段"),
        {
            "mark": ("Mark", "标记"),
            "days": ("Days", "星期"),
            "hours": ("Hours", "时段"),
            "from": _FROM,
            "until": _UNTIL,
        },
        ("mark",),
    ),
    "marks": Table(("Marks", "标记"), {"task": _TASK, "mark": ("Mark", "标记")}, ("task", "mark")),
}  # fmt: skip
"""In the order in which the tables are described."""

TABLE_HEADINGS = ("Table", "表")
"""Of the column that says in a single CSV file which table a row belongs to."""


def table_named(name: str) -> str | None:
    """The table a sheet or file of this name is."""
    return next((code for code, table in TABLES.items() if plain(name) in (code, *map(plain, table.names))), None)


def table_headed(headings: Sequence[object]) -> str | None:
    """The table these headings belong to: the one that knows most of them and misses none it needs."""
    best = {code: table.find(headings) for code, table in TABLES.items()}
    whole = {code: found for code, found in best.items() if all(field in found for field in TABLES[code].needed)}
    return max(whole, key=lambda code: len(whole[code])) if whole else None
