"""A small event folder to walk days of: two gates, two halls, a line of four stations, a shuttle stop."""

from __future__ import annotations

import json
from pathlib import Path

EVENT = {
    "schema": "tminus-event/1",
    "id": "small",
    "name": {"en": "Small fair", "zh": "小型展会"},
    "city": {"en": "Town", "zh": "小城"},
    "timezone": "Asia/Shanghai",
    "opening": "2026-11-05",
    "closing": "2026-11-07",
    "visiting_hours": {"open": "09:00", "close": "17:00", "last_entry": "16:00"},
    "attendance": {"expected_visits": 6000, "capacity": 2500},
}
NODES = """id,kind,lon,lat,name_en,name_zh,line,area_m2,capacity_p
far,station,121.0,31.0,Far,远站,1,900,
far.1,platform,121.0,31.0001,"Far, Line 1",远站1号线,1,900,
mid,station,121.02,31.0,Middle,中站,1,900,
mid.1,platform,121.02,31.0001,"Middle, Line 1",中站1号线,1,900,
fair,station,121.04,31.0,Fair,展站,1,900,
fair.1,platform,121.04,31.0001,"Fair, Line 1",展站1号线,1,900,
end,station,121.06,31.0,End,末站,1,900,
end.1,platform,121.06,31.0001,"End, Line 1",末站1号线,1,900,
stop,shuttle_stop,121.0395,31.002,Coach stop,大巴站,,400,
plaza,plaza,121.041,31.001,Plaza,广场,,3000,
gate-a,gate,121.041,31.002,Gate A,甲入口,,,
gate-b,gate,121.042,31.001,Gate B,乙入口,,,
inner,junction,121.042,31.002,Inner court,内庭,,,
hall-1,hall,121.043,31.002,Hall 1,1号馆,,6000,3000
hall-2,hall,121.042,31.003,Hall 2,2号馆,,4000,2000
"""
LINKS = """id,from,to,length_m,width_m,kind,twoway,line,travel_s
r1,far.1,mid.1,1900,,rail,1,1,150
r2,mid.1,fair.1,1900,,rail,1,1,150
r3,fair.1,end.1,1900,,rail,1,1,150
a1,far,far.1,60,5,access,1,,
a2,mid,mid.1,60,5,access,1,,
a3,fair,fair.1,60,5,access,1,,
a4,end,end.1,60,5,access,1,,
w1,fair,plaza,120,6,walk,1,,
w2,stop,plaza,150,4,walk,1,,
g1,plaza,gate-a,30,5,gate,1,,
g2,plaza,gate-b,40,5,gate,1,,
i1,gate-a,inner,30,6,corridor,1,,
i2,gate-b,inner,30,6,corridor,1,,
h1,inner,hall-1,60,5,door,1,,
h2,inner,hall-2,60,5,door,1,,
"""
GATES = """node,day,from,to,lanes,service_s
gate-a,,08:30,16:00,3,4
gate-b,,08:30,16:00,5,4
"""
AUDIENCES = """id,name_en,name_zh,share,modes,waves,stay_min,stay_sd_min,halls,gates
visitor,Visitors,观众,1,metro:0.8;shuttle:0.2,08:20/09:40/40/1,150,50,,
"""
SERVICES = """line,from_node,to_node,from,to,headway_s,capacity_p,free_p,dwell_s,door_p_s
1,far.1,end.1,05:00,10:00,300,400,300,30,20
1,far.1,end.1,10:00,24:00,600,400,300,30,20
"""
TABLES = {"nodes": NODES, "links": LINKS, "gates": GATES, "audiences": AUDIENCES, "services": SERVICES}


def write_small_event(folder: Path, **tables: str) -> Path:
    """The folder; ``tables`` instead of its own by name, an empty text: not there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    for name, text in {**TABLES, **tables}.items():
        if text:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
