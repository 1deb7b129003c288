"""``depends`` and ``precedes``: paths to other tasks, each with its gaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tminus.formats.taskjuggler.project import Dependency, Project
from tminus.formats.taskjuggler.statement import BLOCK, Statement
from tminus.formats.taskjuggler.values import Values
from tminus.formats.taskjuggler.words import is_word


def dependencies_of(one: Statement, project: Project, values: Values, on_end: bool) -> list[Dependency]:
    """``!a { onstart }, !!b.c`` as they stand; ``on_end``: which end is meant where none is said.

    :raises BadFile: gaps of nothing.
    """
    found: list[Dependency] = []
    ups, begun = 0, 0
    for word in one.args:
        if word == "!":
            ups += 1
        elif word[0] == BLOCK:
            _gaps(one, found, one.block[begun : int(word[1:])], project, values)
            begun = int(word[1:])
        elif is_word(word):
            path = word.lstrip("!")
            found.append(Dependency(path, ups + len(word) - len(path), on_end))
            ups = 0
    if one.block:
        _gaps(one, found, one.block[begun:], project, values)
    return found


def _gaps(
    one: Statement, found: list[Dependency], block: Sequence[Statement], project: Project, values: Values
) -> None:
    if not found:
        raise values.wrong(one.line, one.keyword, f"{one.keyword} and the path of a task")
    of = found[-1]
    for inner in block:
        words = [inner.keyword, *inner.words()]
        of.on_end = True if "onend" in words else False if "onstart" in words else of.on_end
        for name, value in pairwise(words):
            if name == "gapduration":
                of.gap = project.calendar_slots(*values.amount_of(value, inner))
            elif name == "gaplength":
                of.gap_work = project.work_slots(*values.amount_of(value, inner))
