"""Every code that a line of the record can have is a sentence, also those that no act is named by."""

from __future__ import annotations

import re
from pathlib import Path

from tminus.platform.recordbook.sentences import sentence_of

SRC = Path(__file__).parents[3] / "src" / "tminus"
RECORDED = re.compile(r"\bctx\.record\((?:[^()]|\([^()]*\))*?\bcode=(\"[a-z_.]+\"[^,)]*)", re.DOTALL)


def codes() -> set[str]:
    found = set()
    for path in SRC.rglob("*.py"):
        for match in RECORDED.finditer(path.read_text(encoding="utf-8")):
            found |= set(re.findall(r'"([a-z_.]+)"', match[1]))
    return found


def test_codes_given_to_lines_by_hand_have_sentences() -> None:
    found = codes()
    assert {"duty.reminded", "duty.escalated", "planning.task.done"} <= found, "the search finds them"
    assert not [code for code in found if sentence_of(code) is None]
