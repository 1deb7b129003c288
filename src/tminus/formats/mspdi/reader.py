"""Read an MSPDI file into a plan, with the dates its own tool computed kept beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from lxml import etree

from tminus.engines.schedule import (
    Assignment,
    Baseline,
    Constraint,
    Duration,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Progress,
    Resource,
    StoredDates,
    Task,
    TaskKind,
    WorkCalendar,
)
from tminus.formats.mspdi import vocabulary as words
from tminus.formats.mspdi.calendars import read_calendars, standard_calendar
from tminus.formats.mspdi.crews import Crews
from tminus.formats.mspdi.elements import NS, Element, instant_of, number_of, text_of
from tminus.formats.mspdi.interruptions import ROUND_THE_CLOCK, pause_minutes
from tminus.formats.problems import BadFile, read_bytes
from tminus.formats.typed import typed

UNSET = datetime(2000, 1, 1)
"""What some tools write for an actual date or a deadline there is none of."""


def read_mspdi(path: Path, content: bytes | None = None) -> Plan:
    """Read MS Project XML.

    Tasks are named by their UID. Summaries, milestones, manual and inactive tasks, all link types and lag formats,
    calendars with exceptions, baselines, progress, resources and assignments are kept.

    :raises BadFile: not well-formed, not MSPDI, or a value that cannot be taken, with its task.
    """
    project = parse_xml(path, read_bytes(path) if content is None else content)
    if project.tag != f"{{{words.NAMESPACE}}}Project":
        raise BadFile(f"{path.name}: root element {_local(project)!r}; allowed: an MS Project file (Project)")
    return _plan(path, project)


def parse_xml(path: Path, content: bytes) -> Element:
    """Parse without entities, network or huge trees.

    :raises BadFile: not well-formed XML.
    """
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


def _plan(path: Path, project: Element) -> Plan:
    try:
        by_uid = read_calendars(project)
        default = _default(project, by_uid)
        calendars = {calendar.id: calendar for calendar in [*by_uid.values(), *([default] if default else ())]}
        reader = _Tasks(path, project, Crews(project, by_uid, calendars, default.id if default else ""))
        tasks = tuple(reader.tasks())
        known = {task.id for task in tasks}
        opening = text_of(project, "Subject").removeprefix("tminus opening ")
        return Plan(
            name=text_of(project, "Title") or text_of(project, "Name") or path.stem,
            tasks=tasks,
            links=tuple(link for link in reader.links() if link.pred in known and link.succ in known),
            calendars=calendars,
            default_calendar=default.id if default else None,
            opening=_opening(project, opening),
            status_date=instant_of(project, "StatusDate"),
            start=instant_of(project, "StartDate"),
            finish=instant_of(project, "FinishDate"),
            progress=dict(reader.progress()),
            baselines=tuple(reader.baselines()),
            stored=dict(reader.stored()),
            resources=tuple(_resources(project, by_uid)),
            assignments=tuple(_assignments(project, reader.key)),
            from_finish=text_of(project, "ScheduleFromStart") in ("0", "false"),
            source="mspdi",
        )
    except RecursionError as error:
        raise BadFile(f"{path.name}: its calendars build on one another too deeply; allowed: a few hundred") from error
    except (ValueError, PlanError, OverflowError) as error:
        raise error if isinstance(error, BadFile) else BadFile(f"{path.name}: {error}") from error


def _default(project: Element, by_uid: Mapping[int, WorkCalendar]) -> WorkCalendar | None:
    """The project's calendar; none only where the file says so (−1, as our own writer does)."""
    uid = number_of(project, "CalendarUID", 0)
    if uid in by_uid or not by_uid:
        return by_uid.get(uid) or (standard_calendar() if uid >= 0 else None)
    return next(iter(by_uid.values()))


def _opening(project: Element, own: str) -> date | None:
    """Our own mark; else, in a project scheduled from its finish, the day its finish is ahead of."""
    try:
        return date.fromisoformat(own)
    except ValueError:
        finish = instant_of(project, "FinishDate")
    if finish is None:
        return None
    return finish.date() if finish.time() == datetime.min.time() else finish.date() + timedelta(days=1)


class _Tasks:
    """The task elements of one file, walked once for each part of the plan."""

    def __init__(self, path: Path, project: Element, crews: Crews) -> None:
        self.path, self.crews = path, crews
        self.aliases = _extended(project)
        self.rows = [
            element
            for element in project.iterfind("p:Tasks/p:Task", NS)
            if text_of(element, "IsNull") not in ("1", "true") and not _project_row(element)
        ]
        self.key = {
            text_of(row, "UID"): self._extended_values(row).get("key") or text_of(row, "UID") for row in self.rows
        }

    def key_of(self, row: Element) -> str:
        """The task's identity: the one our own writer kept, else the UID."""
        return self.key[text_of(row, "UID")]

    def tasks(self) -> Iterator[Task]:
        above: list[tuple[int, str]] = []
        deeper = [number_of(row, "OutlineLevel", 1) for row in self.rows] + [0]
        for number, row in enumerate(self.rows):
            level = deeper[number]
            while above and above[-1][0] >= level:
                above.pop()
            parent = above[-1][1] if above else None
            above.append((level, self.key_of(row)))
            with self._named(row):
                yield typed(self._task(row, parent, summary=deeper[number + 1] > level))

    @contextmanager
    def _named(self, row: Element) -> Iterator[None]:
        """What cannot be taken is named with its line and task."""
        try:
            yield
        except (ValueError, OverflowError) as error:
            where = f"{self.path.name}, line {row.sourceline}, task {text_of(row, 'UID')}"
            raise BadFile(f"{where}: {error}") from error

    def _task(self, row: Element, parent: str | None, *, summary: bool) -> Task:
        uid = text_of(row, "UID")
        minutes = words.duration_minutes(text_of(row, "Duration") or "PT0H0M0S")
        elapsed = number_of(row, "DurationFormat", words.DAYS) in words.ELAPSED_FORMATS
        kind = TaskKind.SUMMARY if summary else TaskKind.TASK if minutes else TaskKind.MILESTONE
        own = self._extended_values(row)
        own.pop("key", None)
        calendar = self.crews.calendar_of(row)
        pause = own.pop("pause_minutes", "")
        return Task(
            id=self.key[uid],
            name=text_of(row, "Name"),
            name_zh=own.pop("name_zh", ""),
            parent=parent,
            kind=kind,
            duration=Duration(max(minutes, 0), elapsed),
            calendar=calendar,
            constraints=_constraints(row),
            deadline=_known(row, "Deadline"),
            manual=any(text_of(row, name) in ("1", "true") for name in ("Manual", "ExternalTask")),
            start=instant_of(row, "Start"),
            finish=instant_of(row, "Finish"),
            unit=own.pop("unit", ""),
            responsible=own.pop("responsible", "") or text_of(row, "Contact"),
            supporting=tuple(part for part in own.pop("supporting", "").split("; ") if part),
            place=own.pop("place", ""),
            phase=own.pop("phase", ""),
            gate=own.pop("gate", "") == "1",
            area=own.pop("area", ""),
            dimension=own.pop("dimension", ""),
            weight=float(own.pop("weight", "") or 1),
            notes=text_of(row, "Notes"),
            wbs=text_of(row, "WBS"),
            active=text_of(row, "Active") not in ("0", "false"),
            extra=own,
            pause_minutes=int(pause) if pause else self._pause(row, kind, minutes, elapsed, calendar),
            delay=_delay(row),
        )

    def _pause(self, row: Element, kind: TaskKind, minutes: int, elapsed: bool, calendar: str | None) -> int:
        if kind is not TaskKind.TASK:
            return 0
        found = self.crews.calendars.get(calendar or "") or self.crews.default
        hours = ROUND_THE_CLOCK if elapsed or found is None else found
        return pause_minutes(self.crews.assigned_to(row), minutes, hours, instant_of(row, "Start"))

    def _extended_values(self, row: Element) -> dict[str, str]:
        found = {}
        for element in row.iterfind("p:ExtendedAttribute", NS):
            alias = self.aliases.get(text_of(element, "FieldID"))
            if alias and text_of(element, "Value"):
                found[alias] = text_of(element, "Value")
        return found

    def links(self) -> Iterator[Link]:
        for row in self.rows:
            for element in row.iterfind("p:PredecessorLink", NS):
                pred = text_of(element, "PredecessorUID")
                if pred in self.key and text_of(element, "CrossProject") not in ("1", "true"):
                    with self._named(row):
                        yield typed(_link(element, self.key[pred], self.key_of(row)))

    def progress(self) -> Iterator[tuple[str, Progress]]:
        for row in self.rows:
            if row.find("p:OutlineLevel", NS) is not None and text_of(row, "Summary") in ("1", "true"):
                continue
            with self._named(row):
                if (progress := typed(_progress(row))) != Progress():
                    yield self.key_of(row), progress

    def baselines(self) -> Iterator[Baseline]:
        dates: dict[int, dict[str, tuple[datetime | None, datetime | None]]] = {}
        for row in self.rows:
            with self._named(row):
                for element in row.iterfind("p:Baseline", NS):
                    pair = instant_of(element, "Start"), instant_of(element, "Finish")
                    if pair != (None, None):
                        dates.setdefault(number_of(element, "Number"), {})[self.key_of(row)] = pair
        return (Baseline(number, pairs) for number, pairs in sorted(dates.items()))

    def stored(self) -> Iterator[tuple[str, StoredDates]]:
        for row in self.rows:
            with self._named(row):
                yield self.key_of(row), typed(_stored(row))


def _progress(row: Element) -> Progress:
    percent = float(text_of(row, "PercentComplete") or 0)
    start, finish = _known(row, "ActualStart"), _known(row, "ActualFinish")
    if not percent and start is None:
        return Progress()
    remaining = text_of(row, "RemainingDuration")
    left = Duration(words.duration_minutes(remaining)) if remaining and finish is None else None
    return Progress(start, finish, left, percent)


def _stored(row: Element) -> StoredDates:
    slack = text_of(row, "TotalSlack")
    return StoredDates(
        early_start=instant_of(row, "EarlyStart"),
        early_finish=instant_of(row, "EarlyFinish"),
        late_start=instant_of(row, "LateStart"),
        late_finish=instant_of(row, "LateFinish"),
        total_float_minutes=float(slack) / 10 if slack else None,
        start=instant_of(row, "Start"),
        finish=instant_of(row, "Finish"),
    )


def _known(row: Element, name: str) -> datetime | None:
    found = instant_of(row, name)
    return None if found == UNSET else found


def _delay(row: Element) -> Duration:
    """Tenths of minutes, of the clock on the wall unless the format says otherwise."""
    minutes = round(number_of(row, "LevelingDelay") / 10)
    form = number_of(row, "LevelingDelayFormat", words.ELAPSED_DAYS)
    return Duration(minutes, form in words.ELAPSED_FORMATS) if minutes else Duration(0)


def _project_row(row: Element) -> bool:
    return text_of(row, "UID") == "0" or text_of(row, "OutlineLevel") == "0"


def _extended(project: Element) -> dict[str, str]:
    """Field number → our field, by the aliases our own writer gives; other tools' keep their alias."""
    path = "p:ExtendedAttributes/p:ExtendedAttribute"
    return {text_of(e, "FieldID"): text_of(e, "Alias") or text_of(e, "FieldName") for e in project.iterfind(path, NS)}


def _constraints(row: Element) -> tuple[Constraint, ...]:
    kind = words.CONSTRAINTS.get(number_of(row, "ConstraintType"))
    if kind is None:
        raise ValueError(f"ConstraintType {text_of(row, 'ConstraintType')!r}; allowed: 0 … 7")
    if kind.value == "ASAP":
        return ()
    return (Constraint(kind, instant_of(row, "ConstraintDate") if kind.value != "ALAP" else None),)


def _link(element: Element, pred: str, succ: str) -> Link:
    kind = words.LINKS.get(number_of(element, "Type", 1), LinkKind.FS)
    lag, form = number_of(element, "LinkLag"), number_of(element, "LagFormat", words.DAYS)
    if form in words.PERCENT_FORMATS | words.ELAPSED_PERCENT_FORMATS:
        return Link(pred, succ, kind, lag_percent=float(lag))
    return Link(pred, succ, kind, Duration(round(lag / 10), form in words.ELAPSED_FORMATS))


def _resources(project: Element, calendars: Mapping[int, WorkCalendar]) -> Iterator[Resource]:
    for element in project.iterfind("p:Resources/p:Resource", NS):
        if text_of(element, "IsNull") in ("1", "true") or not text_of(element, "Name"):
            continue
        calendar = calendars.get(number_of(element, "CalendarUID", -1))
        yield typed(
            Resource(
                id=text_of(element, "UID"),
                name=text_of(element, "Name"),
                kind=words.RESOURCE_KINDS.get(number_of(element, "Type", 1), "work"),
                calendar=calendar.id if calendar else None,
                units=float(text_of(element, "MaxUnits") or 1),
                email=text_of(element, "EmailAddress"),
                group=text_of(element, "Group"),
            )
        )


def _assignments(project: Element, key: dict[str, str]) -> Iterator[Assignment]:
    for element in project.iterfind("p:Assignments/p:Assignment", NS):
        task, resource = text_of(element, "TaskUID"), text_of(element, "ResourceUID")
        if task in key and not resource.startswith("-"):
            work = text_of(element, "Work")
            minutes = float(words.duration_minutes(work)) if work else None
            yield typed(Assignment(key[task], resource, float(text_of(element, "Units") or 1), minutes))
