"""What each table of an event folder holds (schema ``tminus-event/1``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from tminus.formats.event_folder.intervals import intervals
from tminus.formats.problems import BadValue

SCHEMA_VERSION = "tminus-event/1"

UNIT_KINDS = (
    "leadership_group", "leadership", "headquarters", "committee", "branch", "group", "department", "district",
    "enterprise", "team",
)  # fmt: skip
RANKS = ("head", "deputy", "member", "liaison")
REACHES = ("own", "subtree", "event", "leadership", "observer")
MOST_A_MINUTE = 10_000
"""A reading a second of so many persons still fits the numbers that slots are kept in."""
DIMENSIONS = ("safe", "splendid", "successful")


def anything(text: str) -> None:
    """Any text."""


def number(text: str) -> None:
    try:
        float(text)
    except ValueError:
        raise BadValue("a number") from None


def not_negative(text: str) -> None:
    number(text)
    if float(text) < 0:
        raise BadValue("a number of at least 0")


def day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise BadValue("YYYY-MM-DD") from None


def flag(text: str) -> None:
    if text not in ("0", "1"):
        raise BadValue("0 or 1")


_CLOCK = re.compile(r"([01]?\d|2[0-9]):([0-5]\d)")


def clock(text: str) -> None:
    """A time of the day; hours from 24 on are after midnight of the same service day."""
    if not _CLOCK.fullmatch(text):
        raise BadValue("HH:MM, up to 29:59 for what is after midnight")


def above_zero(text: str) -> None:
    number(text)
    if not 0 < float(text) < float("inf"):
        raise BadValue("a number above 0")


def part_of_hour(text: str) -> None:
    """Seconds that divide the hour."""
    if not text.isdecimal() or not 10 <= int(text) <= 3600 or 3600 % int(text):
        raise BadValue("seconds that divide 3600, from 10")


def a_minute(text: str) -> None:
    """Persons a minute that a counter may see at most."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_A_MINUTE:
        raise BadValue(f"a whole number, 1 … {MOST_A_MINUTE}")


def counter_code(text: str) -> None:
    """Stands in addresses and topics."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", text):
        raise BadValue("letters, digits, . _ -, at most 60")


def at_most(characters: int) -> Callable[[str], None]:
    def check(text: str) -> None:
        if len(text) > characters:
            raise BadValue(f"at most {characters} characters")

    return check


def instant(text: str) -> None:
    try:
        zoned = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        zoned = False
    if not zoned:
        raise BadValue("an instant with its offset, 2026-11-05T10:15:00+08:00")


def shares(text: str) -> None:
    """``metro:0.7;car:0.3``"""
    for part in text.split(";"):
        name, _, share = part.partition(":")
        try:
            good = bool(name.strip()) and 0 <= float(share) < float("inf")
        except ValueError:
            good = False
        if not good:
            raise BadValue("name:share, separated by ;")


def waves(text: str) -> None:
    """``08:00/09:40/45/0.7;11:00/13:00/70/0.3``"""
    allowed = "first/mean/spread in minutes/share, such as 08:00/09:40/45/0.7, separated by ;"
    for part in text.split(";"):
        cells = part.strip().split("/")
        if len(cells) != 4 or not all(_CLOCK.fullmatch(cell) for cell in cells[:2]):
            raise BadValue(allowed)
        try:
            good = float(cells[2]) > 0 and float(cells[3]) >= 0 and minute_of(cells[1]) > minute_of(cells[0])
        except ValueError:
            good = False
        if not good:
            raise BadValue(allowed)


def minute_of(text: str) -> int:
    """Minutes after midnight of a :func:`clock`."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def one_of(*allowed: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        if text not in allowed:
            raise BadValue(", ".join(allowed))

    return check


@dataclass(frozen=True, slots=True)
class Column:
    """``to`` names the table whose ``id`` this column's value must be."""

    name: str
    needed: bool = False
    takes: Callable[[str], None] = anything
    to: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``key``: the column whose values stand once."""

    name: str
    columns: tuple[Column, ...]
    key: str = "id"

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "units",
            (
                Column("id", needed=True),
                Column("name_en", needed=True),
                Column("name_zh"),
                Column("kind", needed=True, takes=one_of(*UNIT_KINDS)),
                Column("parent", to="units"),
                Column("temporary", takes=flag),
                Column("from", takes=day),
                Column("until", takes=day),
            ),
        ),
        Table(
            "people",
            (
                Column("id", needed=True),
                Column("name_en"),
                Column("name_zh"),
                Column("email"),
                Column("phone"),
                Column("language", takes=one_of("en", "zh")),
            ),
        ),
        Table(
            "posts",
            (
                Column("id", needed=True),
                Column("unit", needed=True, to="units"),
                Column("title_en", needed=True),
                Column("title_zh"),
                Column("rank", takes=one_of(*RANKS)),
                Column("reach", takes=one_of(*REACHES)),
                Column("holder", to="people"),
                Column("from", takes=day),
                Column("until", takes=day),
                Column("home_unit", to="units"),
                Column("place", to="nodes"),
            ),
        ),
        Table(
            "areas",
            (
                Column("id", needed=True),
                Column("name_en", needed=True),
                Column("name_zh"),
                Column("dimension", takes=one_of(*DIMENSIONS)),
                Column("weight", takes=not_negative),
            ),
        ),
        Table(
            "nodes",
            (
                Column("id", needed=True),
                Column("kind"),
                Column("lon", takes=number),
                Column("lat", takes=number),
                Column("x", takes=number),
                Column("y", takes=number),
                Column("name_en"),
                Column("name_zh"),
                Column("area_m2", takes=not_negative),
                Column("capacity_p", takes=not_negative),
                Column("level"),
                Column("line"),
            ),
        ),
        Table(
            "links",
            (
                Column("id", needed=True),
                Column("from", needed=True, to="nodes"),
                Column("to", needed=True, to="nodes"),
                Column("length_m", needed=True, takes=not_negative),
                Column("width_m", takes=not_negative),
                Column("kind"),
                Column("capacity_p_s", takes=not_negative),
                Column("free_speed_m_s", takes=not_negative),
                Column("twoway", takes=flag),
                Column("line"),
                Column("travel_s", takes=not_negative),
            ),
        ),
        Table(
            "audiences",
            (
                Column("id", needed=True),
                Column("name_en", needed=True),
                Column("name_zh"),
                Column("share", needed=True, takes=above_zero),
                Column("modes", needed=True, takes=shares),
                Column("waves", takes=waves),
                Column("stay_min", takes=above_zero),
                Column("stay_sd_min", takes=above_zero),
                Column("halls", takes=shares),
                Column("gates"),
            ),
        ),
        Table(
            "gates",
            (
                Column("node", needed=True, to="nodes"),
                Column("day", takes=day),
                Column("from", needed=True, takes=clock),
                Column("to", needed=True, takes=clock),
                Column("lanes", needed=True, takes=not_negative),
                Column("service_s", needed=True, takes=above_zero),
            ),
        ),
        Table("origins", (Column("node", needed=True, to="nodes"), Column("weight", needed=True, takes=not_negative))),
        Table(
            "programme",
            (
                Column("id", needed=True),
                Column("name_en"),
                Column("name_zh"),
                Column("day", needed=True, takes=day),
                Column("from", needed=True, takes=clock),
                Column("to", takes=clock),
                Column("audience", needed=True, to="audiences"),
                Column("persons", needed=True, takes=not_negative),
                Column("hall", to="nodes"),
            ),
        ),
        Table(
            "counters",
            (
                Column("code", needed=True, takes=counter_code),
                Column("node", needed=True, takes=at_most(80)),
                Column("channels", takes=one_of("both", "in", "out")),
                Column("kind", takes=one_of("interval", "cumulative")),
                Column("every_s", takes=part_of_hour),
                Column("most_per_min", takes=a_minute),
                Column("edge", takes=flag),
                Column("note", takes=at_most(300)),
                Column("believed", takes=flag),
                Column("halved", takes=intervals),
                Column("retired", takes=instant),
            ),
            key="code",
        ),
    )
}
"""In the order they are read: a table stands after those it refers to. Further columns are kept."""

PROGRESS_TABLES = ("progress", "progress_truth", "progress_reports")
"""Reported progress of ``plan.csv``; the truth and its reports are what a demonstration replays."""

KEPT = (*PROGRESS_TABLES, "services", "timetable", "history", "registrations", "baselines")
"""Tables other parts define; read and written unchanged."""
