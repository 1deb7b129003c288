"""A small scenario as files, for tests to spoil."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "scenario.json": '{"name": "Small", "start": "2026-11-06T08:00", "step_s": 1}',
    "nodes.csv": "id,kind,x,y\nstation,station,0,0\ngate,gate,80,0\nhall,hall,130,0\n",
    "links.csv": (
        "id,from,to,length_m,width_m,kind,twoway\nwalk,station,gate,80,4,corridor,1\ndoor,gate,hall,5,1,door,1\n"
    ),
    "trips.csv": (
        "depart_s,origin,destination,id,speed_m_s,via\n"
        "60,station,hall,b,,\n"
        "0,station,station,a,1.5,hall:600;gate:30.5\n"
        "60,station,hall,c,,\n"
    ),
    "gates.csv": "node,from_s,to_s,lanes,mean_s,cv\ngate,0,3600,2,3.5,0.5\n",
    "controls.csv": "at_s,element,field,value\n900,gate,lanes,1\n600,walk,open,0\n",
    "timetable.csv": "run,line,node,arrive_s,depart_s,capacity_p\nr1,S,gate,100,110,80\nr1,S,station,0,10,80\n",
}


def write(folder: Path, **changed: str | None) -> Path:
    """The scenario in ``folder``; files by their stem (``trips=…``) replaced, or left out where None."""
    files = {name: text for name, text in FILES.items() if changed.get(name.partition(".")[0], text) is not None}
    files |= {name: text for name in FILES if (text := changed.get(name.partition(".")[0])) is not None}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
