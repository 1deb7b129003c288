"""What can go otherwise than planned, and hits many tasks at once: three causes and the weather of a harbour city."""

HEADINGS = [
    "ID", "Cause", "Cause (zh)", "Kind", "Probability", "Optimistic", "Most likely", "Pessimistic",
    "Tasks", "Unit", "Area",
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Watched by",
]  # fmt: skip
_BY_MONTH = ["1 %", "1 %", "1 %", "1 %", "2 %", "4 %", "7 %", "8 %", "6 %", "3 %", "1 %", "1 %"]
_OUTDOORS = ",".join([*(f"RD{n:02d}" for n in range(1, 11)), *(f"CA{n:02d}" for n in range(1, 8))])
_YEAR_ROUND = [""] * 12


def rows() -> list[list[str]]:
    """As a drivers file has them; the unit in the last column watches the cause."""
    return [
        [
            "approvals", "Approvals of the Transport Commission come late", "市交通委审批延迟", "driver", "60 %",
            "1.2", "1.5", "2", "PT0505,RD1104,PT0608,PT0706", "", "", *_YEAR_ROUND, "STC",
        ],
        [
            "steel-lifts", "Steel and lifts: the one supplier delivers late", "钢构与电梯独家供应商延迟交货",
            "driver", "35 %", "3d", "7d", "14d", "HL3304,PT0304,PT0404,GT0403", "", "", *_YEAR_ROUND, "VENUE",
        ],
        [
            "crews-west", "Too few crews in West District", "西城区施工力量不足", "driver", "40 %",
            "1.05", "1.15", "1.3", "CA01", "", "", *_YEAR_ROUND, "WEST",
        ],
        [
            "typhoon", "Typhoon and rain", "台风与降雨", "weather", "", "", "", "", _OUTDOORS, "", "",
            *_BY_MONTH, "EMERG",
        ],
    ]  # fmt: skip
