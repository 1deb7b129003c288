"""What the packages of work are repeated over: roads, halls, gates, stations, docks, districts …"""

from .units import BY_ID as UNIT

_ROADS = """
Harbour Road|海港路
Expo Avenue|博览大道
Saltern Road|盐场路
Ferry Street|渡口街
North Quay Road|北埠路
Lime Tree Road|菩提路
South Causeway|南堤路
Lantern Street|灯笼街
"""
_HALLS = """
machine tools|机床装备
cars and parts|汽车与零部件
engineering plant|工程机械
medical imaging|医学影像
chilled and frozen food|冷链食品
tasting kitchens|食品品鉴
robots|机器人
fashion and first shows|时尚与新品首发
displays and home electronics|显示与家用电子
drones and light aircraft|无人机与轻型航空
new energy|新能源
jewellery and watches|珠宝钟表
services trade|服务贸易
country pavilions, first half|国家展·一
country pavilions, second half|国家展·二
forums and culture|论坛与人文交流
"""
_GATES = ["east:East:东", "north:North:北", "south:South:南", "west:West:西"]
_STATIONS = """
expo-west|Expo West|博览西|24
expo-east|Expo East|博览东|18
lanwan-central|Lanwan Central|澜湾中央|12
old-port|Old Port|老港|10
"""
_DISTRICTS = """
WEST|west|North Quay Road|北埠路沿线|14
NORTH|north-quay|Rope Walk|缆绳巷片区|9
OLDPORT|old-port|Customs House Square|海关广场片区|12
SOUTH|south-shore|Fish Market Street|鱼市街片区|8
BAY|bay|Lighthouse Boulevard|灯塔大道沿线|6
"""
_HOTELS = """
Hotel Sandbar|沙洲酒店|420
Hotel Two Anchors|双锚酒店|360
Lanwan Grand|澜湾大酒店|640
Hotel White Sail|白帆酒店|310
Hotel Lighthouse|灯塔酒店|280
Hotel Tidewater|潮汐酒店|390
"""
_ZONES = """
plaza-n|North Plaza|北广场
plaza-centre|Central Plaza|中央广场
yard|Marshalling Yard|货车轮候场
district-old-port|Old Port waterfront|老港滨水区
"""


def _lines(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.strip().splitlines()]


def _halls_in(size: int) -> list[dict[str, str]]:
    spans = [(first, first + size - 1) for first in range(1, 17, size)]
    return [{"en": f"Halls {a}–{b}", "zh": f"{a}–{b}号馆", "place": f"hall-{a}"} for a, b in spans]


REPEATS: dict[str, list[dict[str, str]]] = {
    "roads": [{"en": en, "zh": zh, "place": f"road-{n}"} for n, (en, zh) in enumerate(_lines(_ROADS), 1)],
    "halls": [
        {"en": f"Hall {n}", "zh": f"{n}号馆", "place": f"hall-{n}", "theme_en": en, "theme_zh": zh}
        for n, (en, zh) in enumerate(_lines(_HALLS), 1)
    ],
    "gates": [
        {"en": f"Gate {en}", "zh": f"{zh}入口", "place": f"gate-{side[0]}"}
        for side, en, zh in (gate.split(":") for gate in _GATES)
    ],
    "stations": [{"en": en, "zh": zh, "place": f"{key}-station", "gates": n} for key, en, zh, n in _lines(_STATIONS)],
    "blocks": _halls_in(4),
    "pairs": _halls_in(2),
    "docks": [{"en": f"Dock {n}", "zh": f"{n}号装卸口", "place": f"dock-{n}"} for n in range(1, 7)],
    "districts": [
        {
            "en": UNIT[unit].name_en,
            "zh": UNIT[unit].name_zh,
            "unit": unit,
            "place": f"district-{key}",
            "fac_en": en,
            "fac_zh": zh,
            "toilets": toilets,
        }
        for unit, key, en, zh, toilets in _lines(_DISTRICTS)
    ],
    "hotels": [
        {"en": en, "zh": zh, "rooms": rooms, "place": f"hotel-{n}"}
        for n, (en, zh, rooms) in enumerate(_lines(_HOTELS), 1)
    ],
    "zones": [{"en": en, "zh": zh, "place": place} for place, en, zh in _lines(_ZONES)],
    "": [{}],
}
