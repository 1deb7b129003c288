"""Import of the organisation sheet: the difference first, then all of it or nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.formats.event_folder.schema import RANKS, REACHES
from tminus.formats.organisation import read_organisation
from tminus.platform.models import Appointment, Event, Person, Post, Unit, UnitKind
from tminus.platform.organisation.acts import move_below, path_below
from tminus.platform.registry import BadInput, Context, Grant, act, query

MOST_BYTES = 32 * 1024 * 1024
Rows = list[dict[str, str]]


class SheetArgs(BaseModel):
    units: Rows = Field(default_factory=list, max_length=5000)
    people: Rows = Field(default_factory=list, max_length=50_000)
    posts: Rows = Field(default_factory=list, max_length=50_000)
    file: str = Field("", max_length=200)


class DifferenceArgs(BaseModel):
    tables: str  # JSON of SheetArgs: a query's arguments stand in its address


class Importer:
    """Rows against what stands: counts and lines of the difference; with ``write`` it is carried out."""

    def __init__(self, event: Event, *, write: bool) -> None:
        self.event, self.write = event, write
        self.counts = {
            name: {"added": 0, "changed": 0, "same": 0} for name in ("units", "people", "posts", "appointments")
        }
        self.lines: list[str] = []
        self._posts_done: set[str] = set()
        self.units = {unit.code: unit for unit in Unit.objects.filter(event=event).select_related("parent")}
        self.posts = {post.code: post for post in Post.objects.filter(event=event).select_related("unit")}
        self.people = {person.username: person for person in Person.objects.all()}

    def run(self, args: SheetArgs) -> None:
        for row in args.units:
            self._unit(row)
        for row in args.units:
            self._parent(row)
        for row in args.people:
            self._person(row)
        for row in args.posts:
            self._post(row)
        for row in args.posts:
            self._appointment(row)

    def _count(self, table: str, state: str, line: str) -> None:
        self.counts[table][state] += 1
        if state != "same" and len(self.lines) < 200:  # what a person still reads
            self.lines.append(line)

    def _keep(self, table: str, found: Any, values: dict[str, Any], label: str) -> None:
        if found.pk is None:
            state = "added"
        else:
            state = "changed" if any(getattr(found, name) != value for name, value in values.items()) else "same"
        for name, value in values.items():
            setattr(found, name, value)
        sign = {"added": "+", "changed": "~", "same": ""}[state]
        self._count(table, state, f"{sign} {label}")
        if self.write and state != "same":
            found.save()

    def _unit(self, row: dict[str, str]) -> None:
        code = _needed(row, "id", "units")
        unit = self.units.get(code) or Unit(event=self.event, code=code, path=path_below(None, code))
        kind = {"leadership": "leadership_group"}.get(row.get("kind", ""), row.get("kind", "") or "department")
        if kind not in UnitKind.values:
            raise BadInput(_("unit %(id)s: no kind %(kind)r") % {"id": code, "kind": kind}, field="units", value=kind)
        values = {
            "name_en": row.get("name_en") or row.get("name_zh") or code,
            "name_zh": row.get("name_zh", ""),
            "kind": kind,
            "temporary": row.get("temporary") == "1",
            "from_date": _day(row, "from"),
            "until_date": _day(row, "until"),
        }
        self._keep("units", unit, values, f"{code} {values['name_en']}")
        self.units[code] = unit

    def _parent(self, row: dict[str, str]) -> None:
        unit, above = self.units[row["id"]], row.get("parent", "")
        if above and above not in self.units:
            raise BadInput(_("no unit with code %(code)s") % {"code": above}, field="units", value=above)
        parent = self.units.get(above)
        standing = unit.parent.code if unit.parent else ""
        if standing != above and self.write:
            move_below(unit, parent)
            for one in Unit.objects.filter(event=self.event, path__startswith=unit.path):
                self.units[one.code].path = one.path
        elif standing != above and unit.pk is not None:
            self._count("units", "changed", f"~ {unit.code}: {standing or '–'} → {above or '–'}")

    def _person(self, row: dict[str, str]) -> None:
        """New people only: an account that stands may be at work in other events and is its owner's to change."""
        username = _needed(row, "id", "people")
        if username in self.people:
            self._count("people", "same", "")
            return
        person = Person(username=username, email=row.get("email", ""), phone=row.get("phone", ""))
        person.name_en, person.name_zh = row.get("name_en", ""), row.get("name_zh", "")
        person.language = "zh-hans" if row.get("language") == "zh" else "en"
        person.set_unusable_password()
        self._keep("people", person, {}, f"{username} {person.name_en or person.name_zh}")
        self.people[username] = person

    def _post(self, row: dict[str, str]) -> None:
        code, unit = _needed(row, "id", "posts"), self.units.get(row.get("unit", ""))
        if unit is None:
            raise BadInput(_("no unit with code %(code)s") % {"code": row.get("unit")}, field="posts", value=code)
        rank, reach = row.get("rank") or "member", row.get("reach") or "own"
        if rank not in RANKS or reach not in REACHES:
            raise BadInput(
                _("post %(id)s: rank or reach not known") % {"id": code}, field="posts", value=f"{rank}, {reach}"
            )
        if code in self.posts and code in self._posts_done:
            return  # a further holder of the same post
        self._posts_done.add(code)
        post = self.posts.get(code) or Post(event=self.event, code=code)
        values = {
            "unit": unit,
            "title_en": row.get("title_en") or row.get("title_zh") or code,
            "title_zh": row.get("title_zh", ""),
            "rank": rank,
            "reach": reach,
            "place": row.get("place", "") or post.place,
        }
        self._keep("posts", post, values, f"{code} {values['title_en']}")
        self.posts[code] = post

    def _appointment(self, row: dict[str, str]) -> None:
        holder = row.get("holder", "")
        if not holder:
            return
        person, post = self.people.get(holder), self.posts[row["id"]]
        home = self.units.get(row.get("home_unit", ""))
        if person is None:
            raise BadInput(_("no person %(name)s") % {"name": holder}, field="posts", value=holder)
        standing = None
        if person.pk and post.pk:
            standing = Appointment.objects.filter(post=post, person=person).order_by("-id").first()
        if standing is None and not self.write:
            self._count("appointments", "added", f"+ {row['id']} ← {holder}")
            return
        found = standing or Appointment(post=post, person=person)
        values = {
            "from_date": _day(row, "from"),
            "until_date": _day(row, "until"),
            "home_unit": home if home is None or home.pk else None,
        }
        self._keep("appointments", found, values, f"{row['id']} ← {holder}")


def _run(event: Event, args: SheetArgs, *, write: bool) -> dict[str, Any]:
    importer = Importer(event, write=write)
    importer.run(args)
    return {"counts": importer.counts, "lines": importer.lines}


@query("organisation.difference", grants=Grant.HEADQUARTERS)
def difference(ctx: Context, args: DifferenceArgs) -> dict[str, Any]:
    """What an organisation sheet would add and change; nothing is written."""
    return _run(ctx.the_event, _parsed(args.tables), write=False)


@act("organisation.import", grants=Grant.HEADQUARTERS)
def import_organisation(ctx: Context, args: SheetArgs) -> dict[str, Any]:
    """Import an organisation sheet: units, people, posts, appointments, all of it or nothing."""
    done = _run(ctx.the_event, args, write=True)
    ctx.record(ctx.the_event, None, {"file": args.file, **done["counts"]})
    return done


def read_sheet(event: Event, file: UploadedFile[Any] | None, tables: str) -> dict[str, Any]:
    """The sheet uploaded now, or the one shown before, as arguments of the import.

    :raises BadFile: the file, or (:class:`Rejected`) values in it, cannot be taken.
    """
    if file is None:
        return _parsed(tables).model_dump()
    if (file.size or 0) > MOST_BYTES:
        raise BadInput(_("The file is larger than 32 MB."), field="file", value=file.name)
    known = {
        "units": set(Unit.objects.filter(event=event).values_list("code", flat=True)),
        "people": set(Person.objects.values_list("username", flat=True)),
    }
    return {**read_organisation(file.name or "", file.read(), known), "file": file.name or ""}


def _parsed(tables: str) -> SheetArgs:
    try:
        return SheetArgs.model_validate(json.loads(tables))
    except ValueError as error:
        raise BadInput(_("This is no organisation sheet."), field="tables") from error


def _needed(row: dict[str, str], name: str, table: str) -> str:
    if not row.get(name):
        raise BadInput(_("a row of %(table)s has no ID") % {"table": table}, field=table)
    return row[name]


def _day(row: dict[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(row[name]) if row.get(name) else None
    except ValueError as error:
        raise BadInput(_("%(value)s is no day") % {"value": row[name]}, field=name, value=row[name]) from error
