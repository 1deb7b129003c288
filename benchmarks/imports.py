"""Import of a large assignment book into a fresh SQLite installation: reading, comparing, writing, scheduling.

``python benchmarks/imports.py [--rows 50000]``; prints one line a step in seconds, and the total.
"""

from __future__ import annotations

import argparse
import base64
import os
import sys
import tempfile
from datetime import date
from time import perf_counter

from tminus.formats.book_writer import table_csv


def book(rows: int) -> bytes:
    """Summaries of 50 tasks, chained within each; one unit, no people."""
    heads = ["ID", "Task", "Duration", "Predecessors", "Unit", "Parent", "Notes"]
    lines: list[list[str | None]] = []
    for number in range(rows):
        block = number // 50
        if number % 50 == 0:
            lines.append([f"S{block}", f"Block {block}", "", "", "hq", "", ""])
        else:
            before = f"T{number - 1}" if number % 50 > 1 else ""
            lines.append([f"T{number}", f"Task {number}", f"{1 + number % 7}d", before, "hq", f"S{block}", ""])
    return table_csv(heads, lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as home:
        os.environ["TMINUS_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tminus.site.settings"
        import django

        django.setup()
        _measure(rows)


def _measure(rows: int) -> None:
    from django.core.management import call_command

    from tminus.platform.models import Event, Unit
    from tminus.platform.registry import load_registry, perform

    call_command("migrate", verbosity=0)
    load_registry()
    event = Event.objects.create(
        slug="big", name_en="Big", timezone="Asia/Shanghai", opening=date(2026, 11, 5), closing=date(2026, 11, 10)
    )
    Unit.objects.create(event=event, code="hq", name_en="Headquarters", kind="headquarters", path="/hq/")
    total = 0.0
    for name, content in (("first import", book(rows)), ("the same again", book(rows))):
        file = {"name": "book.csv", "content": base64.b64encode(content).decode()}
        began = perf_counter()
        read = perform("planning.import.read", {"file": file}, event=event, system=True)
        middle = perf_counter()
        perform("planning.import.apply", {"id": read["id"], "wait": True}, event=event, system=True)
        ended = perf_counter()
        total = ended - began
        counts = read["difference"]["counts"]
        sys.stdout.write(
            f"{name}: {counts['added']:,} added, {counts['changed']:,} changed, {counts['unchanged']:,} unchanged; "
            f"dry run {middle - began:.1f} s, applied {ended - middle:.1f} s, in all {total:.1f} s\n"
        )


if __name__ == "__main__":
    main()
