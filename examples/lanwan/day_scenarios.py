"""day_scenarios.json: the peak day as it may come, with the measures recommended and who carries them out."""

from collections.abc import Mapping

from .day_measures import MEASURES, Row
from .days import on

PEAK_T = 2
BUS_P = 90
UNITS = {
    "lanes": "GATET", "redirect": "GUIDET", "headway": "METRO", "shuttle": "BUS", "inflow": "BRT", "one_way": "GUIDET",
    "advice": "GUIDET", "release": "HALLOPS",
}  # fmt: skip
# id, names, sentences, what befalls
_SCENARIOS: list[tuple[str, tuple[str, str], tuple[str, str], list[Mapping[str, object]]]] = [
    (
        "normal-peak", ("Normal peak day", "正常高峰日"),
        ("The third day as forecast: gates, trains and halls at their fullest.",
         "第三天按预测到来，入口、列车和展馆最满。"),
        [],
    ),
    (
        "line-11-closed", ("Line 11 closed at 17:30, 200,000 inside", "17:30 11号线停运，场内20万人"),
        ("A closing show keeps people until 17:30; then Line 11, which serves both stations, runs no more.",
         "闭馆演出使观众留到17:30，此时连接两座车站的11号线停运。"),
        [
            {"kind": "stay", "value": 78, "from": "12:00", "to": "17:30"},
            {"kind": "line_closed", "element": "11", "from": "17:30"},
        ],
    ),
    (
        "rain-half-gates", ("Heavy rain, half the gates out", "大雨，半数入口停用"),
        ("15 mm of rain an hour; gates north and south stand under water until 09:30.",
         "每小时降雨15毫米，北入口和南入口积水，9:30前停用。"),
        [
            {"kind": "rain", "value": 15, "from": "07:00", "to": "20:00"},
            {"kind": "gate_lost", "element": "gate-n", "value": 100, "from": "08:00", "to": "09:30"},
            {"kind": "gate_lost", "element": "gate-s", "value": 100, "from": "08:00", "to": "09:30"},
        ],
    ),
]  # fmt: skip


def _measure(row: Row) -> dict[str, object]:
    kind, element, value, begin, end, other = row
    found: dict[str, object] = {"kind": kind, "element": element, "value": value, "from": begin, "to": end}
    of_buses = {"capacity_p": BUS_P} if kind == "shuttle" else {}
    return found | ({"other": other} if other else {}) | of_buses | {"unit": UNITS[kind]}


def document() -> dict[str, object]:
    return {
        "scenarios": [
            {
                "id": id_,
                "name": dict(zip(("en", "zh"), names, strict=True)),
                "about": dict(zip(("en", "zh"), about, strict=True)),
                "day": on(PEAK_T).isoformat(),
                "happenings": happenings,
                "measures": [_measure(row) for row in MEASURES[id_]],
            }
            for id_, names, about, happenings in _SCENARIOS
        ]
    }
