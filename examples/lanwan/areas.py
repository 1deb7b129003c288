"""The fifteen areas of work, each counted towards one dimension of the outcome."""

from typing import NamedTuple


class Area(NamedTuple):
    id: str
    name_en: str
    name_zh: str
    dimension: str  # safe | splendid | successful
    weight: int  # share of the readiness index, in per cent
    group: str  # the guarantee group that answers for it


AREAS = [
    Area("RD", "Support roads", "配套道路", "splendid", 8, "G01"),
    Area("HL", "Halls and fit-out", "展馆与布展", "splendid", 11, "G02"),
    Area("GT", "Gates and screening", "入口与安检", "safe", 8, "G03"),
    Area("PT", "Passenger transport", "客运交通", "splendid", 9, "G04"),
    Area("PN", "Power and network", "电力与通信", "safe", 7, "G05"),
    Area("FD", "Freight and docks", "货运与装卸", "successful", 7, "G06"),
    Area("CA", "City appearance", "市容环境", "splendid", 5, "G07"),
    Area("VO", "Volunteers", "志愿者", "splendid", 5, "G08"),
    Area("HE", "Health and air", "卫生与空气", "safe", 7, "G09"),
    Area("AC", "Accommodation", "住宿保障", "splendid", 5, "G10"),
    Area("SE", "Security", "安全保卫", "safe", 9, "G11"),
    Area("EX", "Exhibitors", "参展商服务", "successful", 6, "G12"),
    Area("BD", "Buyers and deals", "采购商与成交", "successful", 6, "G13"),
    Area("PB", "Publicity", "宣传推广", "successful", 4, "G14"),
    Area("GR", "Guest reception", "嘉宾接待", "splendid", 3, "G15"),
]
BY_ID = {area.id: area for area in AREAS}
