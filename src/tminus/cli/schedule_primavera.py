"""``tminus schedule``: Primavera's scheduling options, and its two formats among the files written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tminus.engines.schedule import FloatKind, LagCalendar, Plan, ProgressLogic, ScheduledTask, ScheduleLogic
from tminus.formats.problems import BadFile

Words = TypeVar("Words", bound=StrEnum)


def with_options(plan: Plan, *, logic: str, lag_calendar: str, total_float: str, longest_path: bool) -> Plan:
    """``plan`` with the options that were given; the others stay as the file has them.

    :raises BadFile: a word that is none of an option's.
    """
    if lag_calendar:
        plan = replace(plan, lag_calendar=_one_of(LagCalendar, lag_calendar, "--lag-calendar"))
    if not (logic or total_float or longest_path):
        return plan
    chosen = plan.logic or ScheduleLogic(total_float=FloatKind.LEAST)
    if logic:
        chosen = replace(chosen, progress=_one_of(ProgressLogic, logic, "--logic"))
    if total_float:
        chosen = replace(chosen, total_float=_one_of(FloatKind, total_float, "--float"))
    return replace(plan, logic=replace(chosen, longest_path=chosen.longest_path or longest_path))


def _one_of(words: type[Words], text: str, option: str) -> Words:
    try:
        return words(text)
    except ValueError:
        raise BadFile(f"{option}: {text!r}; allowed: {', '.join(words)}") from None


def read_project(path: Path, project: str) -> Plan:
    """One project, named, of a file of several.

    :raises BadFile: not a file of Primavera's, or no such project in it.
    """
    from tminus.formats.primavera import read_pmxml, read_xer

    if path.suffix.lower() == ".xer":
        return read_xer(path, project=project)
    if path.suffix.lower() == ".xml":
        return read_pmxml(path, project=project)
    raise BadFile(f"--project: {path.name} holds one plan; allowed: with Primavera files (.xer, .xml)")


def files(plan: Plan, rows: Mapping[str, ScheduledTask]) -> dict[str, bytes]:
    """The schedule in both of Primavera's formats, by file name."""
    from tminus.formats.primavera import pmxml_bytes, xer_bytes

    return {"schedule.xer": xer_bytes(plan, rows), "schedule-p6.xml": pmxml_bytes(plan, rows)}
