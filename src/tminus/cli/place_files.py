"""Write a command's files into ``--out DIR``: all of them, or as it was."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tminus.formats.problems import BadFile


def place_files(files: Mapping[str, bytes], out: Path) -> None:
    """All written beside before the first takes its place: a disk that fills leaves what was there.

    :raises BadFile: the folder cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _place(files, out)
    except OSError as error:
        raise BadFile(f"{out}: cannot be written ({error.strerror})") from error
    sys.stderr.write(f"wrote {', '.join(files)} to {out}\n")


def _place(files: Mapping[str, bytes], out: Path) -> None:
    parts = {out / f".{name}.part": out / name for name in files}
    try:
        for part, content in zip(parts, files.values(), strict=True):
            part.write_bytes(content)
        for part, place in parts.items():
            part.replace(place)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
