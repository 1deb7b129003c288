"""Limits: each kind has its sentence, and the parts it is made of."""

from __future__ import annotations

import pytest

from tminus.engines.limit import SENTENCES, Limit, LimitKind


@pytest.mark.parametrize("kind", LimitKind)
def test_every_kind_has_a_sentence(kind: LimitKind) -> None:
    assert str(Limit(kind, "west", 3)) == SENTENCES[kind].format(element="west", value=3)


def test_sentences_by_hand() -> None:
    assert str(Limit(LimitKind.GATE_LANES, "west", 3)) == "lanes of gate 'west' (3)"
    assert str(Limit(LimitKind.FLEET, value=14)) == "fleet of 14 vehicles"
    assert str(Limit(LimitKind.STAFF)) == "staff"
    told = Limit(LimitKind.ARC, "Mill → Square (Red)", 150.0).as_json()
    assert told == {
        "what": "Mill → Square (Red)", "kind": "arc_capacity", "element": "Mill → Square (Red)", "value": 150.0,
    }  # fmt: skip
