"""Happenings and measures are said in one sentence each, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from tests.desks.passengers.test_forecasts import supplied as supplied
from tests.harbour import Harbour
from tminus.desks.passengers.element_names import ElementNames, kept_names
from tminus.desks.passengers.measure_words import (
    BEFALLS,
    DOES,
    happening_words,
    in_both,
    measure_words,
    seconds_words,
    when_words,
)
from tminus.formats.event_folder.day_scenarios import Befalls, Does, Happening, Measure

NAMES = ElementNames(
    {"w": ("Gate West", "西入口"), "p": ("West Plaza", "西广场"), "s": ("Station", "车站")}, {"l7": ("p", "w")}
)
SAID = [
    (Happening(Befalls.VISITORS, value=30), "30 % more visitors than forecast", "观众比预测多30%"),
    (Happening(Befalls.VISITORS, value=-12.5), "12.5 % fewer visitors than forecast", "观众比预测少12.5%"),
    (Happening(Befalls.RAIN, value=8, from_min=840), "Rain of 8 mm an hour, from 14:00", "14:00起，每小时降雨8毫米"),
    (
        Happening(Befalls.LINE_CLOSED, "2", from_min=1050),
        "No trains or buses on line 2, from 17:30",
        "17:30起，2号线停运",
    ),
    (Happening(Befalls.GATE_LOST, "w", 100), "Gate West: no lane works", "西入口：全部通道停用"),
    (
        Happening(Befalls.GATE_LOST, "w", 50, to_min=600),
        "Gate West: 50 % of the lanes do not work, until 10:00",
        "至10:00，西入口：50%的通道停用",
    ),
    (
        Happening(Befalls.SERVICE_LATE, "Airport Express", 1),
        "Airport Express runs 1 minute late",
        "Airport Express晚点1分钟",
    ),
    (
        Measure(Does.LANES, "w", 24, 510, 600),
        "Gate West: 24 lanes open, 08:30–10:00",
        "08:30–10:00，西入口：开放24条通道",
    ),
    (
        Happening(Befalls.STAY, value=40, from_min=1080, to_min=1200),
        "A show: 40 % of those who would leave stay until its end, 18:00–20:00",
        "18:00–20:00，有演出：本应离场的人中40%留到结束",
    ),
    (Measure(Does.LANES, "w", 1), "Gate West: 1 lane open", "西入口：开放1条通道"),
    (Measure(Does.LANES, "w", 0), "Gate West: keep it closed", "西入口：保持关闭"),
    (
        Measure(Does.ONE_WAY, "l7", other="p", from_min=960, to_min=1470),
        "Way West Plaza – Gate West: walked towards West Plaza only, 16:00–00:30 after midnight",
        "16:00–次日00:30，通道西广场—西入口：只许走向西广场",
    ),
    (Measure(Does.WAY_CLOSED, "l7"), "Way West Plaza – Gate West: let nobody in", "通道西广场—西入口：禁止进入"),
    (Measure(Does.HEADWAY, "11", 150), "Line 11: one every 2 min 30 s", "11号线：每2分30秒一班"),
    (
        Measure(Does.SHUTTLE, "s", 300, other="p", capacity_p=80, from_min=1050),
        "Shuttle Station – West Plaza and back: a bus for 80 every 5 min, from 17:30",
        "17:30起，接驳巴士车站—西广场往返：每5分钟一班，每车80人",
    ),
    (Measure(Does.INFLOW, "s", 120), "Station: let in at most 120 persons a minute", "车站：每分钟最多放行120人"),
    (Measure(Does.RELEASE, "p", 90), "West Plaza: let out at most 90 persons a minute", "西广场：每分钟最多放出90人"),
    (Measure(Does.RELEASE, "", 90), "Every hall: let out at most 90 persons a minute", "各展馆：每分钟最多放出90人"),
    (
        Measure(Does.REDIRECT, "w", 25, 510, 600, other="p"),
        "Send 25 % of the people bound for Gate West to West Plaza, 08:30–10:00",
        "08:30–10:00，引导前往西入口的人中25%改走西广场",
    ),
    (
        Measure(Does.ADVICE, value=60),
        "Screens and stewards: lead people so that 60 % follow",
        "显示屏与引导员：引导人流，60%的人遵从",
    ),
]


@pytest.mark.parametrize(("row", "english", "chinese"), SAID)
def test_each_is_said_in_both_languages(row: Happening | Measure, english: str, chinese: str) -> None:
    def said() -> str:
        return measure_words(row, NAMES) if isinstance(row, Measure) else happening_words(row, NAMES)

    assert in_both(said) == (english, chinese)


def test_every_kind_is_told() -> None:
    assert {row.kind for row, _en, _zh in SAID} == {*Befalls, *Does} == {*BEFALLS, *DOES}


def test_what_has_no_name_is_called_by_its_id() -> None:
    assert measure_words(Measure(Does.WAY_CLOSED, "l8"), NAMES) == "Way l8: let nobody in"
    assert measure_words(Measure(Does.LANES, "gate-x", 3), NAMES) == "Gate-x: 3 lanes open"


def test_a_name_known_in_one_language_serves_both() -> None:
    names = ElementNames({"w": ("Gate West", "")})
    with override("zh-hans"):
        assert names.node("w") == "Gate West"


def test_seconds_and_times_as_people_write_them() -> None:
    assert [seconds_words(one) for one in (30, 60, 90, 120, 150)] == ["30 s", "1 min", "90 s", "2 min", "2 min 30 s"]
    assert when_words(300, 1740) == ""


def test_names_come_from_the_tables_that_count(supplied: Harbour) -> None:
    names = kept_names(supplied.event)
    assert names.node("gate-1") == "Gate 1"
    assert kept_names(supplied.event) is names, "read once"
