"""``tminus verify crowd``: play the published tests of crowd models again and say what came of each."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from tminus.formats.problems import BadFile

if TYPE_CHECKING:
    from tminus.engines.crowd.verification import Case, Outcome

app = typer.Typer(add_completion=False)

ENGINES = ("crowd",)


@app.command()
def verify(
    engine: Annotated[str, typer.Argument(metavar="ENGINE", help=" or ".join(ENGINES))],
    markdown: Annotated[bool, typer.Option("--markdown", help="The table of docs/engines/crowd.md.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Rerun the published tests of an engine; exit code 1 if one fails."""
    if engine not in ENGINES:
        raise BadFile(f"verify: {engine!r}; allowed: {', '.join(ENGINES)}")
    from tminus.engines.crowd.verification import run_all
    from tminus.formats.crowd.verification_document import document_of, table_of

    begun = time.perf_counter()
    outcomes = list(run_all(_tell))
    if as_json:
        document = {**document_of(outcomes), "elapsed_s": time.perf_counter() - begun}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    elif markdown:
        sys.stdout.write(table_of(outcomes))
    else:
        _show(outcomes)
    if not all(outcome.passed for _, outcome in outcomes):
        raise SystemExit(1)


def _tell(case: Case) -> None:
    sys.stderr.write(f"{case.family}: {case.title}\n")
    sys.stderr.flush()


def _show(outcomes: list[tuple[Case, Outcome]]) -> None:
    from tminus.engines.crowd.verification import NOT_APPLICABLE
    from tminus.formats.crowd.verification_document import figure

    console = Console(soft_wrap=True)
    table = Table("test", "expected", "allowed", "measured", "", "source", box=None)
    for case, outcome in outcomes:
        passed = "passed" if outcome.passed else "FAILED"
        figures = (f"{figure(value)} {case.unit}" for value in (outcome.expected, outcome.measured))
        expected, measured = figures
        table.add_row(case.title, expected, outcome.allowed, measured, passed, case.source)
    console.print(table)
    passed_all = sum(outcome.passed for _, outcome in outcomes)
    console.print(f"{passed_all} of {len(outcomes)} passed; {len(NOT_APPLICABLE)} do not apply:", highlight=False)
    for one in NOT_APPLICABLE:
        console.print(f"  {one.title}: {one.reason}", highlight=False, markup=False)
