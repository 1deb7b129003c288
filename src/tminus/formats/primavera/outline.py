"""The work breakdown structure of a project as summaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tminus.engines.schedule import Duration, Task, TaskKind
from tminus.formats.primavera.cells import number
from tminus.formats.primavera.codes import NO_MARKS, Marks
from tminus.formats.primavera.kept import restored
from tminus.formats.primavera.tables import Table

DEEPEST = 100
LONGEST = 70
"""Letters of the identity of a summary."""
NOTHING: Mapping[str, Marks] = {}


@dataclass(slots=True)
class Branch:
    """One element of the structure. ``path``: the short names from the top, joined by dots."""

    key: str
    parent: str
    path: str
    name: str
    order: float


class Outline:
    """Which summaries there are, and what stands under each; branches with no activity under them are left out."""

    def __init__(
        self, table: Table | None, project: str, taken: frozenset[str], marks: Mapping[str, Marks] = NOTHING
    ) -> None:
        """``taken``: the identities of activities, which no summary may have; ``marks``: by key of the element."""
        self.marks = marks
        self.branches = _branches(table, project) if table else {}
        self.taken = set(taken)
        self.ids: dict[str, str] = {}

    def id_of(self, key: str) -> str | None:
        """The identity of the summary ``key``; ``None``: the project itself."""
        if key in self.ids:
            return self.ids[key]
        if key not in self.branches:
            return None
        path = self._kept(key).get("id") or _short(self.branches[key].path)
        while path in self.taken:
            path = f"{path} WBS"
        self.taken.add(path)
        self.ids[key] = path
        return path

    def arranged(self, under: dict[str, list[Task]]) -> Iterator[Task]:
        """Activities by the key of their element, in outline order: those of an element before its branches."""
        children: dict[str, list[Branch]] = {}
        for branch in sorted(self.branches.values(), key=lambda one: (one.order, one.path)):
            children.setdefault(branch.parent if branch.parent in self.branches else "", []).append(branch)
        filled = self._filled(under)
        for key, tasks in under.items():
            if key not in self.branches:
                yield from tasks
        stack = list(reversed(children.get("", [])))
        while stack:
            branch = stack.pop()
            if branch.key in filled:
                yield self._summary(branch)
                yield from under.get(branch.key, ())
                stack += reversed(children.get(branch.key, []))

    def _kept(self, key: str) -> dict[str, str]:
        return self.marks.get(key, NO_MARKS).kept

    def _filled(self, under: dict[str, list[Task]]) -> set[str]:
        filled: set[str] = set()
        for start in under:
            key = start
            while key in self.branches and key not in filled:
                filled.add(key)
                key = self.branches[key].parent
        return filled

    def _summary(self, branch: Branch) -> Task:
        id = self.id_of(branch.key) or branch.path
        marks = self.marks.get(branch.key, NO_MARKS)
        short = "" if "id" in marks.kept else branch.path.rpartition(".")[2]
        parent = self.id_of(branch.parent)
        task = Task(id, branch.name, parent=parent, kind=TaskKind.SUMMARY, duration=Duration(0), wbs=short)
        return restored(replace(task, extra=marks.extra), marks.kept) if marks is not NO_MARKS else task


def _branches(table: Table, project: str) -> dict[str, Branch]:
    names = ("wbs_id", "parent_wbs_id", "wbs_short_name", "wbs_name", "seq_num", "proj_node_flag", "proj_id")
    rows = {cells[0]: cells for cells in table.picked(*names) if cells[6] == project and cells[5] != "Y"}
    paths: dict[str, str] = {}
    return {
        key: Branch(key, cells[1], _path(key, rows, paths, 0), cells[3] or cells[2], number(cells[4]))
        for key, cells in rows.items()
    }


def _short(path: str) -> str:
    """The end of a path that is too long to be an identity."""
    return path if len(path) <= LONGEST else f"…{path[-LONGEST + 1 :]}"


def _path(key: str, rows: dict[str, tuple[str, ...]], paths: dict[str, str], depth: int) -> str:
    """``paths``: those known already."""
    if key not in paths:
        if depth > DEEPEST:
            raise ValueError(f"elements that stand at most {DEEPEST} deep and not under themselves")
        _, parent, short, name, *_ = rows[key]
        above = f"{_path(parent, rows, paths, depth + 1)}." if parent in rows else ""
        paths[key] = above + (short or name)
    return paths[key]
