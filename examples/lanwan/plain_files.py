"""Plain files as the event folder wants them: UTF-8, LF, stable order, so the same seed gives the same bytes."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def write_lines(path: Path, document: dict[str, object], key: str) -> None:
    """JSON with one member of `document[key]` a line, so that differences stay readable and the file small."""
    members = document[key]
    assert isinstance(members, list)
    head = json.dumps({name: value for name, value in document.items() if name != key}, ensure_ascii=False)
    lines = ",\n".join(json.dumps(member, ensure_ascii=False, separators=(",", ":")) for member in members)
    path.write_text(f"{head[:-1]}, {json.dumps(key)}: [\n{lines}\n]}}\n", "utf-8", newline="\n")
