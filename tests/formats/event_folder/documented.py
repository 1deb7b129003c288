"""The example of docs/reference/event-folder.md as a folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "event-folder.md"
EVENT = {
    "schema": "tminus-event/1", "id": "harbour", "name": {"en": "Harbour fair"}, "timezone": "Asia/Shanghai",
    "opening": "2026-11-05", "closing": "2026-11-07",
    "visiting_hours": {"open": "09:00", "close": "18:00", "last_entry": "17:00"},
}  # fmt: skip
NODES = (
    "id,kind,x,y,area_m2,capacity_p\ntown,station,0,9000,,\nharbour,station,0,4000,,\nfair,station,0,300,,\n"
    "park,car_park,400,200,,900\ngate-w,gate,0,100,,\ngate-e,gate,300,100,,\nhall-1,hall,50,0,2000,\n"
    "hall-2,hall,200,0,6000,\n"
)
LINKS = (
    "id,from,to,length_m,kind,travel_s\nr1,town,harbour,5000,rail,420\nr2,harbour,fair,3700,rail,330\n"
    "w1,fair,gate-w,200,walk,\nw2,fair,gate-e,380,walk,\nw3,park,gate-e,140,walk,\nw4,gate-w,hall-1,110,walk,\n"
    "w5,gate-e,hall-2,140,walk,\nw6,hall-1,hall-2,150,corridor,\n"
)


def documented_folder(path: Path) -> Path:
    """Every example of the page, and the nodes they name."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "event.json").write_text(json.dumps(EVENT))
    (path / "nodes.csv").write_text(NODES)
    (path / "links.csv").write_text(LINKS)
    for name, text in re.findall(r"```csv (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL):
        (path / name).write_text(text, encoding="utf-8")
    return path
