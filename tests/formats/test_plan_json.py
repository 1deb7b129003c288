"""Our own JSON: a value of the wrong kind is one clear error, whatever it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.plans import plans
from tminus.engines.schedule import Plan, PlanError, back_schedule
from tminus.formats.plan_file import read_plan
from tminus.formats.plan_json import plan_json_bytes, plan_to_json
from tminus.formats.problems import BadFile

WRONG = st.sampled_from(
    [None, True, -1, 1e400, "x", [], {}, [1], {"minutes": "x"}, "2026-01-01T00:00:00+08:00", 10**30]
)


@settings(deadline=None)
@given(plans(), st.data())
def test_a_value_of_the_wrong_kind_is_taken_or_named(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, data: st.DataObject
) -> None:
    document = json.loads(plan_json_bytes(plan))
    place: Any = document
    while isinstance(place, (dict, list)) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(WRONG)
            break
        place = place[key]
    path = tmp_path_factory.mktemp("json") / "plan.json"
    path.write_text(json.dumps(document))
    try:
        found = read_plan(path)
        back_schedule(found, today=plan.opening)
        plan_to_json(found)
    except (BadFile, PlanError) as error:
        assert len(str(error).splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format": "tminus-plan/9"}',
        "[" * 100_000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_no_plan(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(BadFile, match=r"plan\.json"):
        read_plan(path)
