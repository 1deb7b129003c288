"""Posts and who holds them; temporary units are staffed by secondment, the home unit kept."""

from collections.abc import Iterator
from typing import NamedTuple

from .people import BY_ENGLISH, PEOPLE
from .units import BY_ID as UNIT
from .units import UNITS, Unit, lifetime


class Post(NamedTuple):
    id: str
    unit: str
    title_en: str
    title_zh: str
    rank: str  # head | deputy | member | liaison
    reach: str  # own | subtree | event | leadership | observer
    holder: str
    home_unit: str
    place: str


TITLES = {
    "leadership": ("Chair", "组长", "Vice-chair", "副组长", "Group member", "成员"),
    "headquarters": ("Commander", "总指挥", "Deputy commander", "副总指挥", "Duty officer", "值班长"),
    "committee": ("Director", "主任", "Deputy director", "副主任", "Officer", "干事"),
    "group": ("Group lead", "组长", "Deputy lead", "副组长", "Group officer", "组员"),
    "department": ("Director", "主要负责人", "Deputy director", "分管负责人", "Project officer", "项目专员"),
    "district": ("District lead", "区负责人", "Deputy district lead", "区分管负责人", "District officer", "区专员"),
    "enterprise": ("General manager", "总经理", "Project director", "项目总监", "Project manager", "项目经理"),
    "branch": ("Branch lead", "负责人", "Deputy branch lead", "副负责人", "Branch officer", "工作人员"),
    "team": ("Team leader", "队长", "Deputy team leader", "副队长", "Team member", "队员"),
}
# Ranks by kind; the units that lead most of the work have more project officers.
_STAFF = {
    "leadership": "hddmm",
    "headquarters": "hddmmmm",
    "committee": "hdml",
    "group": "hdm",
    "department": "hdml",
    "district": "hdml",
    "enterprise": "hdml",
    "branch": "hm",
    "team": "hm",
}
_LARGE = {
    "VENUE": 4,
    "CITYW": 3,
    "TRANS": 2,
    "METRO": 2,
    "POLICE": 2,
    "WEST": 2,
    "TRADE": 2,
    "HEALTH": 1,
    "CUSTOMS": 1,
}
_RANKS = {"h": "head", "d": "deputy", "m": "member", "l": "liaison"}

# (unit, rank, number within the rank) held by the people whom the tutorial names.
_NAMED = {
    ("PLAN", "head", 1): "Shen Yuqing",
    ("LG", "head", 1): "Wen Zhaolin",
    ("VENUE", "member", 1): "Luo Jianming",
    ("CITYW", "member", 1): "Tan Weiguo",
    ("VENUE", "member", 2): "He Min",
    ("TRANS", "member", 1): "Ouyang Lei",
    ("WEST", "head", 1): "Qiu Fang",
    ("VENUE", "member", 3): "Bao Zhen",
    ("METRO", "member", 1): "Xie Haoran",
    ("CUSTOMS", "member", 1): "Ma Ruoxi",
    ("WEST", "member", 1): "Gu Peng",
    ("TRANS", "head", 1): "Jiang Suwen",
    ("GATET", "member", 1): "Ren Kaiyi",
    ("STC", "liaison", 2): "Du Yanan",
    ("PLAN", "member", 1): "Cai Wenbo",
}
# Lu Shiyao administers the installation and holds no post.
WITHOUT_POST = ["Lu Shiyao"]
VACANT = {
    ("G03", "deputy", 1),
    ("G07", "member", 1),
    ("BRG", "member", 1),
    ("POLICE", "liaison", 1),
    ("MARIT", "member", 1),
    ("WATER", "liaison", 1),
    ("GUIDET", "head", 1),
    ("G16", "deputy", 1),
    ("BAY", "member", 1),
    ("CULTURE", "liaison", 1),
    ("DOCKT", "member", 1),
}
# Where each temporary unit's staff is seconded from, taken in turn.
HOMES = {
    "HQ": "STC TRANS POLICE TRADE",
    "PLAN": "STC TRADE",
    "G01": "CITYW TRANS WEST",
    "G02": "VENUE FIRE CITYW",
    "G03": "POLICE VENUE CUSTOMS",
    "G04": "TRANS METRO BUS",
    "G05": "GRID TELECOM WATER",
    "G06": "PORT CUSTOMS TRANS",
    "G07": "GREEN WEST OLDPORT",
    "G08": "YOUTH WEST STC",
    "G09": "HEALTH MARKET EMERG",
    "G10": "CULTURE WEST MARKET",
    "G11": "POLICE FIRE EMERG",
    "G12": "TRADE VENUE CUSTOMS",
    "G13": "TRADE STC PRESS",
    "G14": "PRESS CULTURE STC",
    "G15": "FOREIGN CULTURE AIRPORT",
    "G16": "STC TRADE VENUE",
    "BRN": "VENUE CITYW",
    "BRS": "VENUE FIRE",
    "BRG": "POLICE VENUE",
    "BRT": "METRO TRANS",
    "DOCKT": "PORT VENUE",
    "GATET": "POLICE VENUE",
    "GUIDET": "YOUTH WEST",
    "MEDT": "HEALTH EMERG",
}


# Nodes at which a unit's posts stand, taken in turn; the others work in offices of no place on the map.
PLACES = {
    "HQ": "hq",
    "PLAN": "hq",
    "VENUE": "expo hall-1 hall-5 hall-9 hall-13",
    "HALLOPS": "hall-3 hall-11",
    "BRN": "hall-7 hall-8",
    "BRS": "hall-15 hall-16",
    "BRG": "gate-w",
    "GATET": "gate-w gate-e gate-n gate-s",
    "BRT": "expo-west-station expo-east-station",
    "LINE11": "expo-east-station expo-west-station",
    "DOCKT": "dock-1 dock-3 dock-5",
    "GUIDET": "plaza-centre plaza-w",
    "MEDT": "medical-1",
    "EMS": "medical-1",
    "PRESS": "press",
    "GRID": "substation",
    "PORT": "port",
    "AIRPORT": "airport",
    "CUSTOMS": "yard port airport",
    "BUS": "shuttle-n shuttle-s",
    "TRAFFIC": "carpark-1 taxi-e",
    "WEST": "district-west",
    "NORTH": "district-north-quay",
    "OLDPORT": "district-old-port",
    "SOUTH": "district-south-shore",
    "BAY": "district-bay",
}


def _place(unit: str, place: int) -> str:
    nodes = PLACES.get(unit, "").split()
    return nodes[place % len(nodes)] if nodes else ""


def _slots(unit: Unit) -> Iterator[tuple[str, int]]:
    ranks = [_RANKS[letter] for letter in _STAFF[unit.kind]] + ["member"] * _LARGE.get(unit.id, 0)
    if unit.id == "PLAN":
        ranks.append("member")
    if unit.id == "STC":
        ranks.append("liaison")
    for place, rank in enumerate(ranks):
        yield rank, ranks[: place + 1].count(rank)


def reach(unit: Unit, rank: str, number: int) -> str:
    """What the post lets its holder read and act on."""
    if unit.kind == "leadership":
        return "leadership"
    if unit.id in ("HQ", "PLAN"):
        return "event"
    if (unit.id, rank, number) == ("STC", "liaison", 2):
        return "observer"
    return "subtree" if rank in ("head", "deputy") else "own"


def _title(unit: Unit, rank: str) -> tuple[str, str]:
    if rank == "liaison":
        return f"Liaison officer, {unit.name_en}", f"{unit.name_zh}联络员"
    place = ("head", "deputy", "member").index(rank) * 2
    english, chinese = TITLES[unit.kind][place : place + 2]
    return f"{english}, {unit.name_en}", f"{unit.name_zh}{chinese}"


def _posts() -> Iterator[Post]:
    named = set(_NAMED.values()) | set(WITHOUT_POST)
    free = iter([person.id for person in PEOPLE if person.name_en not in named])
    for unit in UNITS:
        homes = HOMES.get(unit.id, "").split()
        for place, (rank, number) in enumerate(_slots(unit)):
            slot = (unit.id, rank, number)
            holder = "" if slot in VACANT else BY_ENGLISH[_NAMED[slot]].id if slot in _NAMED else next(free)
            home = homes[place % len(homes)] if homes and holder else ""
            title = ("Observer, partner city", "友城观察员") if reach(unit, rank, number) == "observer" else None
            yield Post(
                f"{unit.id}-{rank[0]}{number}",
                unit.id,
                *(title or _title(unit, rank)),
                rank,
                reach(unit, rank, number),
                holder,
                home,
                _place(unit.id, place),
            )


POSTS = list(_posts())

DEMO_ROLES = [
    ("Shen Yuqing", "Planner at headquarters", "指挥部计划统筹"),
    ("Wen Zhaolin", "Leadership group", "领导小组"),
    ("Jiang Suwen", "Department head, transport", "交通委负责人"),
    ("Qiu Fang", "District lead, West District", "西城区负责人"),
    ("Luo Jianming", "Project manager, Venue Co.", "会展中心公司项目经理"),
    ("Zhao Zhimu", "Front-line member, hall operations", "展馆运行一线队员"),
    ("Du Yanan", "Observer", "观察员"),
    ("Lu Shiyao", "Installation administrator", "系统管理员"),
]


def staff(unit: str) -> list[str]:
    """People who hold a working post in the unit, members first: the ones to whom tasks are given."""
    order = {"member": 0, "deputy": 1, "head": 2}
    posts = [post for post in POSTS if post.unit == unit and post.holder and post.rank in order]
    return [post.holder for post in sorted(posts, key=lambda post: order[post.rank])]


def rows() -> list[list[str]]:
    return [
        [p.id, p.unit, p.title_en, p.title_zh, p.rank, p.reach, p.holder, *lifetime(UNIT[p.unit]), p.home_unit, p.place]
        for p in POSTS
    ]
