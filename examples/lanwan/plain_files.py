"""Plain files as the event folder wants them: UTF-8, LF, stable order, so the same seed gives the same bytes."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")


def write_lines(path: Path, document: Mapping[str, object], key: str, members: Iterable[object]) -> None:
    """JSON with the list `key` added, one member a line, so that differences stay readable and the file small."""
    head = json.dumps(document, ensure_ascii=False)
    lines = ",\n".join(json.dumps(member, ensure_ascii=False, separators=(",", ":")) for member in members)
    path.write_text(f"{head[:-1]}, {json.dumps(key)}: [\n{lines}\n]}}\n", "utf-8", newline="\n")


def write_rows(path: Path, document: Mapping[str, object]) -> None:
    """JSON whose lists stand one member a line."""
    parts = []
    for key, value in document.items():
        inner = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list):
            inner = "[\n" + ",\n".join(json.dumps(member, ensure_ascii=False) for member in value) + "\n]"
        parts.append(f"{json.dumps(key)}: {inner}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8", newline="\n")
