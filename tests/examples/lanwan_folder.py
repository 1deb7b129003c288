"""The committed event folder as the tests read it."""

import csv
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "examples" / "lanwan-expo"


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def document(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def leaves() -> list[dict[str, str]]:
    return [row for row in table("plan") if row["Duration"]]
