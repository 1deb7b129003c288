"""The outcome of the published tests as one JSON document and as the table of ``docs/engines/crowd.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tminus.engines.crowd.verification import NOT_APPLICABLE, Case, Outcome

Outcomes = Sequence[tuple[Case, Outcome]]
HEAD = ("| test | expected | allowed | measured | | source |", "|---|---|---|---|---|---|")


def document_of(outcomes: Outcomes) -> dict[str, Any]:
    """Counts, a row a case, and what does not apply with the reason."""
    passed = sum(outcome.passed for _, outcome in outcomes)
    return {
        "passed": passed,
        "failed": len(outcomes) - passed,
        "cases": [
            {
                "id": case.id,
                "family": case.family,
                "title": case.title,
                "source": case.source,
                "unit": case.unit,
                "expected": outcome.expected,
                "allowed": outcome.allowed,
                "measured": outcome.measured,
                "passed": outcome.passed,
                "note": outcome.note,
            }
            for case, outcome in outcomes
        ],
        "not_applicable": [{"id": one.id, "title": one.title, "reason": one.reason} for one in NOT_APPLICABLE],
    }


def table_of(outcomes: Outcomes) -> str:
    """Markdown: a table a family, and what does not apply."""
    lines: list[str] = []
    for family in dict.fromkeys(case.family for case, _ in outcomes):
        lines += [f"### {family}", "", *HEAD]
        lines += [_row(case, outcome) for case, outcome in outcomes if case.family == family]
        lines.append("")
    lines += ["### Not applicable", "", "| test | why not |", "|---|---|"]
    lines += [f"| {one.title} (`{one.id}`) | {one.reason} |" for one in NOT_APPLICABLE]
    return "\n".join(lines) + "\n"


def _row(case: Case, outcome: Outcome) -> str:
    unit = f" {case.unit}" if case.unit else ""
    measured = f"{figure(outcome.measured)}{unit}" + (f" ({outcome.note})" if outcome.note else "")
    passed = "✓" if outcome.passed else "**fails**"
    expected = f"{figure(outcome.expected)}{unit}"
    return f"| {case.title} (`{case.id}`) | {expected} | {outcome.allowed} | {measured} | {passed} | {case.source} |"


def figure(value: float) -> str:
    """Four significant digits; nothing below a millionth."""
    return "0" if abs(value) < 1e-6 else f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def without_measured(table: Iterable[str]) -> list[str]:
    """Rows of a table without what was measured, which another machine's engine may have a digit of differently."""
    cells = ([cell.strip() for cell in line.split("|")] for line in table if line.startswith("|"))
    return ["|".join(row[:4] + row[5:]) if len(row) == 8 else "|".join(row) for row in cells]
