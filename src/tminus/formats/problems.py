"""What is wrong with a file: where, which value, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadFile(ValueError):
    """The file as a whole cannot be read; the message is one line naming it and what is allowed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that cannot be taken."""

    file: str
    row: int
    column: str
    value: str
    allowed: str
    sheet: str = ""

    def __str__(self) -> str:
        where = [self.file, f"sheet {self.sheet}" if self.sheet else "", f"row {self.row}" if self.row else ""]
        place = ", ".join(part for part in where if part)
        return f"{place}, column {self.column}: {self.value!r} cannot be taken; allowed: {self.allowed}"

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "allowed": self.allowed,
        }


class Rejected(BadFile):
    """Some rows cannot be taken; ``problems`` names every one."""

    def __init__(self, problems: list[Problem]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = problems


class BadValue(ValueError):
    """A single value cannot be taken; the message says what is allowed."""


def read_bytes(path: Path, most: int = 512 * 1024 * 1024) -> bytes:
    """The file's content.

    :raises BadFile: it is not there, not a file, or larger than ``most`` bytes.
    """
    try:
        if path.is_dir():
            raise BadFile(f"{path}: is a folder; allowed: a file")
        if path.exists() and not path.is_file():  # a pipe or a device may never end
            raise BadFile(f"{path}: is no plain file; allowed: a file")
        if path.stat().st_size > most:
            raise BadFile(f"{path}: {path.stat().st_size} bytes; allowed: at most {most}")
        return path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror})") from error
