"""Who comes, through which gates, for which programme: audiences.csv, gates.csv, programme.csv. Figures invented."""

from collections.abc import Iterator

from .days import on
from .venue import GATE_LANES

VISITING_HOURS = {"open": "09:00", "close": "18:00", "last_entry": "17:00"}
GATES_OPEN, GATES_CLOSE = "08:30", "17:00"
SERVICE_S = 3.2  # ticket, face and bag, a person and lane

AUDIENCE_HEADINGS = [
    "id", "name_en", "name_zh", "share", "modes", "waves", "stay_min", "stay_sd_min", "halls", "gates",
]  # fmt: skip
AUDIENCES = [
    ["exhibitor", "Exhibitors", "参展人员", 0.11, "metro:0.55;shuttle:0.25;car:0.1;taxi:0.1",
     "07:50/08:50/35/0.9;11:00/12:30/60/0.1", 420, 90, "", "gate-w;gate-n;gate-e"],
    ["buyer", "Buyers", "采购商", 0.46, "metro:0.68;shuttle:0.1;car:0.1;taxi:0.12",
     "07:55/09:40/50/0.7;11:30/13:20/70/0.3", 250, 95, "", ""],
    ["visitor", "Trade visitors", "专业观众", 0.29, "metro:0.78;car:0.1;taxi:0.12",
     "08:10/10:20/65/0.65;12:00/13:40/75/0.35", 200, 80, "", ""],
    ["group", "Buyer groups by coach", "团体采购商", 0.14, "shuttle:1",
     "08:00/09:30/40/0.8;12:30/13:30/45/0.2", 240, 60, "", "gate-n;gate-s"],
]  # fmt: skip

PROGRAMME_HEADINGS = ["id", "name_en", "name_zh", "day", "from", "to", "audience", "persons", "hall"]
_PROGRAMME = [
    ("forum", 0, "10:00", "12:00", "buyer", 4200, "hall-3", "Opening forum", "开幕论坛"),
    ("signing", 1, "14:00", "15:30", "buyer", 3000, "hall-5", "Signing ceremony", "集中签约仪式"),
    ("launch", 2, "13:30", "15:00", "visitor", 5200, "hall-9", "New products shown first", "新品首发"),
    ("health", 3, "10:30", "12:00", "buyer", 2600, "hall-12", "Health industry dialogue", "健康产业对话"),
    ("food", 4, "13:00", "14:30", "visitor", 3400, "hall-15", "Food and farm day", "食品农产品日"),
]


def audience_rows() -> list[list[object]]:
    return AUDIENCES


def gate_rows() -> Iterator[list[object]]:
    for side, lanes in GATE_LANES.items():
        yield [f"gate-{side}", "", GATES_OPEN, GATES_CLOSE, lanes, SERVICE_S]
    # the last day closes early at the two small gates
    for side in "ns":
        yield [f"gate-{side}", on(5).isoformat(), GATES_OPEN, "14:00", GATE_LANES[side], SERVICE_S]


def programme_rows() -> Iterator[list[object]]:
    for id_, t, begin, end, audience, persons, hall, english, chinese in _PROGRAMME:
        yield [id_, english, chinese, on(t).isoformat(), begin, end, audience, persons, hall]
