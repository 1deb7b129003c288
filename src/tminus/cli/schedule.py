"""``tminus schedule PLAN``: back-schedule a plan file."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from tminus.cli import schedule_primavera
from tminus.cli.place_files import place_files
from tminus.cli.schedule_primavera import read_project, with_options
from tminus.engines.schedule import (
    Plan,
    PlanError,
    Policy,
    Progress,
    Schedule,
    ScheduleParams,
    WorkCalendar,
    agreement_of,
    back_schedule,
    country_calendar,
)
from tminus.engines.schedule.back_schedule import with_agreement
from tminus.formats.assignment_book import read_book
from tminus.formats.book_writer import book_csv, book_xlsx, table_csv
from tminus.formats.calendar_feed import feed_bytes, plan_entries
from tminus.formats.calendar_file import read_calendars
from tminus.formats.columns import ColumnMapping
from tminus.formats.mspdi import mspdi_bytes
from tminus.formats.plan_file import read_plan
from tminus.formats.problems import BadFile, BadValue, read_bytes
from tminus.formats.values import moment

if TYPE_CHECKING:
    from tminus.cli.schedule_risk import Simulated
    from tminus.engines.schedule.levelling import Levelled


app = typer.Typer(add_completion=False)

MOST_DAYS = 3650


@app.command()
def schedule(
    plan_file: Annotated[
        Path,
        typer.Argument(metavar="PLAN", help="xlsx, csv, MS Project XML, Primavera XER or XML, JSON, PSPLIB, a folder."),
    ],
    opening: Annotated[str, typer.Option(metavar="DATE", help="Opening day; default: the file's own.")] = "",
    today: Annotated[str, typer.Option(metavar="DATE", help="Default: the file's status date, else today.")] = "",
    checkpoint_days: Annotated[int, typer.Option(help="Days between checkpoints, back from opening.")] = 10,
    calendar: Annotated[str, typer.Option(metavar="CC|FILE", help="A country (CN, GB …) or a calendar file.")] = "",
    policy: Annotated[str, typer.Option(help="asap, alap_total (default), alap_free, as_planned, buffered")] = "",
    buffer_days: Annotated[float, typer.Option(help="Working days kept free before opening.")] = 0,
    baseline: Annotated[Path | None, typer.Option(help="A plan file to compare with.")] = None,
    progress: Annotated[Path | None, typer.Option(help="Reported progress: ID, Actual start, …, Progress.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="Column mapping as JSON.")] = None,
    resources: Annotated[Path | None, typer.Option(help="Crews, machines, budgets, places: level by them.")] = None,
    drivers: Annotated[Path | None, typer.Option(help="Causes of risk, weather, branches; implies --risk.")] = None,
    risk: Annotated[int | None, typer.Option(metavar="SAMPLES", help="How likely: so many simulated runs.")] = None,
    target: Annotated[float, typer.Option(help="With --risk, policy buffered: the probability wanted.")] = 0.8,
    optimise: Annotated[float | None, typer.Option(metavar="SECONDS", help="Search so long when levelling.")] = None,
    seed: Annotated[int, typer.Option(help="Of all that is drawn; the same seed, the same answer.")] = 0,
    project: Annotated[str, typer.Option(help="Which, of a Primavera file of several.")] = "",
    logic: Annotated[str, typer.Option(help="Begun work: retained, override, actual_dates.")] = "",
    lag_calendar: Annotated[str, typer.Option(help="Lags: predecessor, successor, plan, clock.")] = "",
    total_float: Annotated[str, typer.Option("--float", help="Total float at the start, finish, or min of both.")] = "",
    longest_path: Annotated[bool, typer.Option(help="Critical is what drives the last finish.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the schedule's files here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Schedule a plan back from opening day: dates, floats, checkpoints, conflicts."""
    if plan_file.suffix.lower() in (".sm", ".mm", ".sch"):
        from tminus.cli.schedule_psplib import solve

        solve(plan_file, optimise, seed, as_json)
        return
    plan = _plan(plan_file, calendar, mapping, project)
    plan = with_options(
        plan, logic=logic, lag_calendar=lag_calendar, total_float=total_float, longest_path=longest_path
    )
    if progress is not None:
        plan = replace(plan, progress={**plan.progress, **_progress(progress, plan)})
    usual = Policy.AS_PLANNED if plan.source == "taskjuggler" else Policy.ALAP_TOTAL  # those have the tool's own dates
    params = _params(policy or usual, buffer_days, checkpoint_days)
    found = back_schedule(plan, opening=_day(opening, "--opening"), today=_today(today, plan), params=params)
    if found.cyclic:
        _answer(found, plan, as_json, out, {})
        sys.stderr.write(f"tminus: {plan_file.name}: the links run in a circle: {found.conflicts[0].detail}\n")
        raise SystemExit(2)
    found = with_agreement(found, agreement_of(plan)) if plan.stored else found
    likely = None
    if risk is not None or drivers is not None:
        likely = _likely(found, risk, drivers, seed=seed, target=target, params=params)
        found = likely.schedule
    changes = _changes(baseline, found) if baseline else {}
    levelled = None
    if resources is not None or optimise is not None:
        from tminus.cli.schedule_levelling import levelled_of

        levelled = levelled_of(found, plan, resources, optimise, seed, baseline)
    _answer(found, plan, as_json, out, changes, likely, levelled, (progress is not None, baseline, risk, seed))


def _likely(
    found: Schedule, samples: int | None, drivers: Path | None, *, seed: int, target: float, params: ScheduleParams
) -> Simulated:
    if samples is not None and samples < 1:
        raise BadFile(f"--risk: {samples}; allowed: a number of samples, at least 1")
    if not 0 <= seed < 1 << 63:
        raise BadFile(f"--seed: {seed}; allowed: 0 … 2^63 − 1")
    from tminus.cli.schedule_risk import simulated

    days, rhythm = params.buffer_days, params.checkpoint_days
    return simulated(
        found, samples=samples, drivers=drivers, seed=seed, target=target, buffer_days=days, checkpoint_days=rhythm
    )


def _params(policy: str, buffer_days: float, checkpoint_days: int) -> ScheduleParams:
    if not 0 <= buffer_days <= MOST_DAYS:  # also not a number
        raise BadFile(f"--buffer-days: {buffer_days}; allowed: 0 … {MOST_DAYS}")
    if not 1 <= checkpoint_days <= MOST_DAYS:
        raise BadFile(f"--checkpoint-days: {checkpoint_days}; allowed: 1 … {MOST_DAYS}")
    return ScheduleParams(_policy(policy), buffer_days, checkpoint_days)


def _policy(text: str) -> Policy:
    try:
        return Policy(text)
    except ValueError:
        raise BadFile(f"--policy: {text!r}; allowed: asap, alap_total, alap_free, as_planned") from None


def _day(text: str, option: str) -> date | None:
    if not text:
        return None
    try:
        return moment(text)[0].date()
    except BadValue:
        raise BadFile(f"{option}: {text!r}; allowed: YYYY-MM-DD") from None


def _today(text: str, plan: Plan) -> date | datetime:
    zone = ZoneInfo(plan.timezone) if plan.timezone else UTC
    return _day(text, "--today") or plan.status_date or datetime.now(zone).date()


def _plan(path: Path, calendar: str, mapping_file: Path | None, project: str) -> Plan:
    calendars = _calendars(calendar) if calendar else None
    if project:
        plan = read_project(path, project)
    else:
        plan = read_plan(path, mapping=_mapping(mapping_file), calendars=calendars, told=_told)
    if calendars and plan.source in ("mspdi", "json", "event", "xer", "pmxml"):
        default = next(iter(calendars))
        plan = replace(plan, calendars={**plan.calendars, **calendars}, default_calendar=default)
    return plan


def _calendars(text: str) -> Mapping[str, WorkCalendar]:
    if Path(text).exists():
        return read_calendars(Path(text))
    try:
        calendar = country_calendar(text, range(2000, 2051))
    except PlanError as error:
        raise BadFile(f"--calendar: {error}; or a calendar file") from error
    return {calendar.id: calendar}


def _mapping(path: Path | None) -> ColumnMapping | None:
    if path is None:
        return None
    try:
        return ColumnMapping.from_json(json.loads(read_bytes(path)))
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadFile(f"{path.name}: {error}") from error


def _told(done: int, total: int) -> None:
    if sys.stderr.isatty() and total > 5000:
        sys.stderr.write(f"\rreading {done:,} of {total:,} rows" + ("\n" if done == total else ""))


def _progress(path: Path, plan: Plan) -> dict[str, Progress]:
    """A table of ID and progress columns; a Task column is not needed."""
    from tminus.formats.progress_file import read_progress

    return read_progress(path, plan)


def _changes(path: Path, found: Schedule) -> dict[str, Any]:
    """What differs from a baseline file's own dates."""
    from tminus.engines.schedule.difference import difference

    before = read_book(path).checked() if path.suffix.lower() in (".csv", ".xlsx") else read_plan(path)
    return difference({task.id: (task.start, task.finish) for task in before.tasks}, found).as_json()


def _answer(
    found: Schedule,
    plan: Plan,
    as_json: bool,
    out: Path | None,
    changes: dict[str, Any],
    likely: Simulated | None = None,
    levelled: Levelled | None = None,
    reported: tuple[bool, Path | None, int | None, int] = (False, None, None, 0),
) -> None:
    if levelled:
        from tminus.cli.schedule_levelling import show_levelling, with_levelling, write_levelling
    document = found.as_json() | ({"changes": changes} if changes else {})
    help_ = None
    if (found.conflicts and not found.cyclic) or reported[0]:
        from tminus.cli.schedule_progress import help_of

        help_ = help_of(found, *reported)
        document = help_.document(document)
    document = likely.document(document) if likely else document
    document = with_levelling(document, levelled) if levelled else document
    if out is not None:
        _write(found, plan, document, out)
        if levelled:
            write_levelling(levelled, plan, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    elif not found.cyclic:
        from tminus.cli.schedule_tables import show

        show(found, plan)
        if help_:
            help_.show()
        if likely:
            likely.show()
        if levelled:
            show_levelling(levelled, plan)


def _write(found: Schedule, plan: Plan, document: dict[str, Any], out: Path) -> None:
    rows = found.by_id()
    files = {
        "schedule.json": json.dumps(document, ensure_ascii=False, indent=1).encode(),
        "schedule.xlsx": book_xlsx(plan, rows),
        "schedule.csv": book_csv(plan, rows),
        "schedule.xml": mspdi_bytes(plan, rows),
        **schedule_primavera.files(plan, rows),
        "schedule.ics": feed_bytes(plan.name, plan_entries(plan, found.tasks, datetime.now(UTC)), plan.timezone),
        "checkpoints.csv": table_csv(
            ["Date", "T-minus", "Due", "Done", "At risk", "Failed", "Verdict"],
            [
                [c.date.isoformat(), c.t_minus, len(c.due), len(c.done), len(c.at_risk), len(c.failed), c.verdict.value]
                for c in found.checkpoints
            ],
        ),
    }
    place_files(files, out)
