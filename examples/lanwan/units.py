"""The organisation of the event: standing units of the city and temporary units stood up for the expo."""

from typing import NamedTuple

from .days import on


class Unit(NamedTuple):
    id: str
    name_en: str
    name_zh: str
    kind: str  # leadership | headquarters | committee | group | department | district | enterprise | branch | team
    parent: str
    temporary: bool


_STANDING = """
STC|Expo Standing Committee Office|博览会常设委员会办公室|committee|LG
TRANS|Transport Commission|市交通委员会|department|STC
HEALTH|Health Commission|市卫生健康委员会|department|STC
POLICE|Police Bureau|市公安局|department|STC
FIRE|Fire and Rescue|市消防救援支队|department|STC
CUSTOMS|Lanwan Customs|澜湾海关|department|STC
TRADE|Trade Bureau|市商务局|department|STC
PRESS|Press Office|市新闻办公室|department|STC
FOREIGN|Foreign Affairs Office|市外事办公室|department|STC
CULTURE|Culture and Tourism Bureau|市文化和旅游局|department|STC
MARKET|Market Regulation Bureau|市市场监督管理局|department|STC
EMERG|Emergency Management Bureau|市应急管理局|department|STC
GREEN|Parks and City Appearance Bureau|市绿化市容局|department|STC
MARIT|Maritime Safety Office|澜湾海事局|department|STC
WEST|West District|西城区|district|STC
NORTH|North Quay District|北埠区|district|STC
OLDPORT|Old Port District|老港区|district|STC
SOUTH|South Shore District|南岸区|district|STC
BAY|Bay New District|湾头新区|district|STC
VENUE|Venue Co.|会展中心公司|enterprise|STC
METRO|Metro Co.|地铁集团|enterprise|STC
GRID|Power Grid Co.|供电公司|enterprise|STC
CITYW|City Works|城建集团|enterprise|STC
TELECOM|Telecom Co.|通信公司|enterprise|STC
BUS|Bus and Shuttle Co.|公交客运公司|enterprise|TRANS
PORT|Port Group|港务集团|enterprise|STC
AIRPORT|Airport Group|机场集团|enterprise|STC
WATER|Water Supply Co.|供水公司|enterprise|STC
YOUTH|Youth and Volunteer Association|青年志愿者协会|committee|STC
TRAFFIC|Traffic Police Corps|交警总队|team|POLICE
LINE11|Line 11 Operations Team|11号线运营团队|team|METRO
HALLOPS|Hall Operations Team|展馆运营团队|team|VENUE
ROADWORKS|Road Works Team|道路施工团队|team|CITYW
EMS|Ambulance Team|急救团队|team|HEALTH
"""

_TEMPORARY = """
HQ|On-site Headquarters|现场指挥部|headquarters|LG
G01|Roads Guarantee Group|道路保障组|group|HQ
G02|Halls Guarantee Group|展馆保障组|group|HQ
G03|Gates Guarantee Group|入口保障组|group|HQ
G04|Transport Guarantee Group|交通保障组|group|HQ
G05|Power and Network Guarantee Group|电力通信保障组|group|HQ
G06|Freight Guarantee Group|物流保障组|group|HQ
G07|City Appearance Guarantee Group|市容保障组|group|HQ
G08|Volunteers Guarantee Group|志愿者保障组|group|HQ
G09|Health Guarantee Group|医疗卫生保障组|group|HQ
G10|Accommodation Guarantee Group|住宿保障组|group|HQ
G11|Security Guarantee Group|安全保卫组|group|HQ
G12|Exhibitor Guarantee Group|参展商保障组|group|HQ
G13|Buyer Guarantee Group|采购商保障组|group|HQ
G14|Publicity Guarantee Group|宣传保障组|group|HQ
G15|Reception Guarantee Group|接待保障组|group|HQ
G16|Records and Finance Guarantee Group|综合财务保障组|group|HQ
PLAN|Planning Section|计划统筹处|team|HQ
BRN|North Halls Temporary Branch|北区展馆临时工作组|branch|G02
BRS|South Halls Temporary Branch|南区展馆临时工作组|branch|G02
BRG|West Gate Temporary Branch|西入口临时工作组|branch|G03
BRT|Expo Stations Temporary Branch|博览站临时工作组|branch|G04
DOCKT|Dock Marshals Team|装卸调度队|team|G06
GATET|Gate Screening Team|入口安检队|team|G03
GUIDET|Wayfinding Team|引导服务队|team|G08
MEDT|Venue Medical Team|场馆医疗队|team|G09
"""


def _read(sheet: str, temporary: bool) -> list[Unit]:
    units = []
    for line in sheet.strip().splitlines():
        id_, english, chinese, kind, parent = line.split("|")
        units.append(Unit(id_, english, chinese, kind, parent, temporary))
    return units


UNITS = [
    Unit("LG", "Leadership Group", "领导小组", "leadership", "", False),
    *_read(_STANDING, temporary=False),
    *_read(_TEMPORARY, temporary=True),
]
BY_ID = {unit.id: unit for unit in UNITS}

_STAND_UP = {"HQ": -150, "PLAN": -150, "branch": -90, "team": -60}


def lifetime(unit: Unit) -> tuple[str, str]:
    """ISO dates a temporary unit exists, empty for a standing one."""
    if not unit.temporary:
        return "", ""
    first = _STAND_UP.get(unit.id, _STAND_UP.get(unit.kind, -140))
    return on(first).isoformat(), on(20).isoformat()


def rows() -> list[list[str]]:
    return [[u.id, u.name_en, u.name_zh, u.kind, u.parent, "1" if u.temporary else "0", *lifetime(u)] for u in UNITS]
