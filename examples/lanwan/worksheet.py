"""Reads the sheets of `book/` into tasks with their links still by key."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .areas import AREAS, Area
from .days import SEVEN_DAY, STANDARD
from .repeats import REPEATS

BOOK = Path(__file__).parent / "book"


@dataclass(slots=True)
class Work:
    """One line of the assignment book: a leaf task, or a summary where `days` is None."""

    id: str
    name_en: str
    name_zh: str
    area: Area
    parent: str
    start_t: int = 0
    days: int | None = None
    unit: str = ""
    options: dict[str, str] = field(default_factory=dict)
    item: int = 0
    links: list[tuple[str, str, int]] = field(default_factory=list)  # predecessor id, kind, lag in working days

    @property
    def calendar(self) -> str:
        return SEVEN_DAY if self.options.get("cal") == "7" else STANDARD

    @property
    def place(self) -> str:
        return self.options.get("place", "")


def _options(text: str) -> dict[str, str]:
    pairs = (word.partition("=") for word in text.split() if word != "-")
    return {key: value for key, _, value in pairs}


def _packages(sheet: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    head: list[str] = []
    lines: list[list[str]] = []
    for raw in sheet.splitlines():
        cells = [cell.strip() for cell in raw.lstrip("= ").split(" | ")]
        if not raw.startswith("="):
            lines.append(cells)
            continue
        if head:
            yield head, lines
        head, lines = cells, []
    yield head, lines


def per_item(value: str | None, item: int) -> str | None:
    """The part of `7:9,12:3` (or `7,12`) that concerns `item`; a plain value concerns every item."""
    if value is None or item == 0 or value == "":
        return value
    table = dict(part.partition(":")[::2] for part in value.split(","))
    return table.get(str(item))


class _Reader:
    """Gathers tasks and the keys by which later lines refer to earlier ones."""

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.keys: dict[str, str] = {}
        self.wanted: list[tuple[Work, str, list[Work]]] = []

    def area(self, area: Area) -> None:
        self.works.append(Work(area.id, area.name_en, area.name_zh, area, "", unit=area.group))
        number = 0
        for head, lines in _packages((BOOK / f"{area.id}.txt").read_text("utf-8")):
            options = _options(head[3])
            names = REPEATS[options.get("each", "")]
            for item, fields in enumerate(names, 1):
                number += 1
                self._package(f"{area.id}{number:02d}", area, head, lines, item if len(names) > 1 else 0, fields)

    def _package(
        self, id_: str, area: Area, head: list[str], lines: list[list[str]], item: int, fields: dict[str, str]
    ) -> None:
        unit = head[2].format(**fields)
        shared = {"place": fields.get("place", "")} | _options(head[3])
        self.works.append(
            Work(id_, head[0].format(**fields), head[1].format(**fields), area, area.id, unit=unit, options=shared)
        )
        above: list[Work] = []
        for cells in lines:
            options = {key: value for key, value in shared.items() if key != "each"} | _options(cells[3])
            if "only" in options and str(item) not in options["only"].split(","):
                continue
            work = self._line(f"{id_}{len(above) + 1:02d}", area, id_, cells, options, item, fields, unit)
            self.wanted.append((work, options.get("p", "prev" if above else "-"), list(above)))
            above.append(work)
            self.works.append(work)

    def _line(
        self,
        id_: str,
        area: Area,
        parent: str,
        cells: list[str],
        options: dict[str, str],
        item: int,
        fields: dict[str, str],
        unit: str,
    ) -> Work:
        start, days = cells[0].split()
        start_t = int(start) + int(float(options.get("step", 0)) * max(item - 1, 0))
        if "k" in options:
            self.keys[f"{options['k']}#{item}" if item else options["k"]] = id_
        english, chinese = (cell.format(**fields) for cell in cells[1:3])
        english = english[0].upper() + english[1:]
        return Work(id_, english, chinese, area, parent, start_t, int(days), options.get("u", unit), options, item)

    def link(self) -> None:
        for work, wanted, above in self.wanted:
            if wanted == "-":
                continue
            for token in wanted.split(","):
                key, _, relation = token.partition(":")
                kind, lag = relation[:2] or "FS", int(relation[2:] or 0)
                work.links += [(pred, kind, lag) for pred in self._found(key, work, above)]

    def _found(self, key: str, work: Work, above: list[Work]) -> list[str]:
        if key.startswith("prev"):
            return [above[-int(key[4:] or 1)].id] if above else []
        if key.endswith("*"):
            return [id_ for name, id_ in self.keys.items() if name.partition("#")[0] == key[:-1]]
        if key.endswith("#"):
            return [self.keys[f"{key}{work.item}"]]
        if key in self.keys:
            return [self.keys[key]]
        return [id_ for name, id_ in self.keys.items() if name.startswith(f"{key}#")]


def read_book() -> list[Work]:
    """Every task and summary of the plan in the order of the book, links resolved to ids."""
    reader = _Reader()
    for area in AREAS:
        reader.area(area)
    reader.link()
    return reader.works
