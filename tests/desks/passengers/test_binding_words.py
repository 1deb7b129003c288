"""What holds a part of a recommendation back, said in both languages: every form of sentence the plans tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from tests.studies.small_event import write_small_event
from tminus.desks.passengers.days.binding_words import binding_words
from tminus.desks.passengers.element_names import ElementNames
from tminus.formats.event_folder.day_scenarios import Befalls, DayScenario, Happening
from tminus.studies.prepared_day import prepared_day
from tminus.studies.recommended_gates import gate_draft, spared_gates
from tminus.studies.recommended_vehicles import shuttle_drafts
from tminus.studies.recommended_ways import advice_draft, inflow_drafts

DAY = date(2026, 11, 6)
NAMES = ElementNames({"gate-a": ("Gate A", "甲入口"), "plaza": ("Plaza", "广场")}, {"g1": ("plaza", "gate-a")})
SAID = {
    "nothing": ("nothing", "无"),
    "lanes of gate 'gate-a' (24), staff": ("lanes of Gate A (24), staff", "甲入口的通道数（24）、人员"),
    "nobody sent to 'gate-a'": ("nobody sent to Gate A", "不引导任何人前往甲入口"),
    "12345 on 'g1' before": (
        "12,345 person-minutes in the crush on Plaza – Gate A before", "此前广场—甲入口拥挤12,345人·分钟"
    ),
    "2100 before": ("2,100 person-minutes in the crush before", "此前拥挤2,100人·分钟"),
    "80 per cent instead of 30": ("80 % told instead of 30 %", "听从引导的人由30%增至80%"),
    "114 buses of 120, a bus every 90 s at a stand": (
        "114 buses of 120, a bus every 90 s at a stand", "120辆客车中用114辆，每站台每90秒一班"
    ),
    "staff of 8 lanes": ("staff of 8 lanes", "staff of 8 lanes"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", SAID)
def test_a_sentence_is_said_in_both_languages(sentence: str) -> None:
    for language, said in zip(("en", "zh-hans"), SAID[sentence], strict=True):
        with override(language):
            assert binding_words(sentence, NAMES) == said


def test_what_the_plans_of_a_day_tell_is_of_a_known_form(tmp_path: Path) -> None:
    """A sentence reworded there falls back to English here: that must not pass unseen."""
    ready = prepared_day(write_small_event(tmp_path), DAY)
    happenings = (Happening(Befalls.GATE_LOST, "gate-b", 80.0, 480.0, 660.0), Happening(Befalls.LINE_CLOSED, "1"))
    scenario = DayScenario("lost", {}, DAY, happenings)
    gates = gate_draft(ready, scenario)
    assert gates is not None
    drafts = [gates, *spared_gates(gates), advice_draft()]
    drafts += [*shuttle_drafts(ready, scenario), *inflow_drafts(ready, scenario)]
    with override("zh-hans"):
        told = {draft.binds: binding_words(draft.binds, NAMES) for draft in drafts}
    assert len(told) >= 2 and all(words != sentence for sentence, words in told.items()), told
