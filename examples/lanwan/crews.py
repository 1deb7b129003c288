"""Crews, equipment, shifts, hours of rest and what each task needs of them: `resources.json`. All of it invented."""

import re
from collections.abc import Iterator

from .worksheet import Work

_SUPPLIES = """
road|Road crews|道路班组|crew|4|long-day
  Mend paving|Relay drains|Mill and resurface|Kerbs|Widen the|retaining|expansion joints|Noise screens
  underpass, roof|movable barriers|shade sails|Screens around
marking|Marking and painting crews|标线油漆班组|crew|4|long-day
  Road marking|Repaint|Flag|Expo flags|floor arrows|Guide signs|Expo signs
lights|Lighting crews|照明班组|crew|7|long-day
  Street lighting|Underpass lighting|Fit lights|west ring|ring lighting|Bay lights|sound, light
platform|Access platforms|高空作业车|equipment|13|*
  Street lighting|Fit lights|Façades|Hang direction|5G aerials|footbridges|radio repeaters
crane|Mobile cranes|汽车吊|equipment|4|long-day
  canopy|machines installed|levelling plates|Load test of Dock|Rigging grid|Black-out|Reinforce the slab
  Cold store|Catwalk|Net cage|Shielded room|expansion joints|test track
truck|Heavy trucks|重型卡车|equipment|6|*
  Load test of Dock|street trees|movable barriers|Waste sorting|Kiosks|Uniforms|mobile generators
  Lay out barriers|with 120 trucks
hall|Hall fit-out crews|展馆布展班组|crew|18|two-shift
  Build-up of stands|Black-out|Catwalk|Net cage|Shielded room|Cold store|Grease traps|Secure cases
  Meeting rooms|Stage and|test track|Rigging grid|Isolation rooms|Service centre for|Press centre fitted
  Rapid test room|first-aid posts|Signing hall|Dismantle|turnstiles|rest rooms
drawings|Drawing checkers|图纸审查组|crew|12|*
  stand drawings|floor plan of|stand designs|Seat plan|Post plan
fire|Fire and safety inspectors|消防安全检查组|crew|7|*
  Fire acceptance|sprinklers|smoke extraction|Survey of hidden|Evacuation drill|Third sweep|Acceptance of Gate
network|Network and commissioning teams|网络调试组|crew|10|*
  5G aerials|Wi-Fi for|radio repeaters|Move headquarters|Penetration|findings of the pen|Stand connections
  Transfer test|Power, network|Turnstile integ|Load test:|Protection settings|Commission 60|Guidance system
  90 s: night|Infrared|fibre and data|sensors at
planting|Planting crews|绿化班组|crew|3|long-day
  Flower beds|street trees
lifts|Lift and escalator mechanics|电扶梯技工班|crew|3|*
  scalators|lift inspection
training|Training and drill teams|培训演练组|crew|7|*
  [Tt]rain (?!roster)|training|rill|rehears|Rehears|Online course|Table-top|Trial|trial|Sign language|Briefing
acceptance|Joint acceptance teams|联合验收组|crew|16|*
  Joint acceptance|Station acceptance|safety walk|Check radio|Technical rehearsal
survey|Measuring and inspection teams|检测巡查组|crew|4|*
  Measure|Occupancy cap|Second inspection|caterers|Inspect halls|Night inspection|Bridge checks
cleaning|City cleaning and check teams|市容保洁检查组|crew|6|long-day
  cleanliness|toilets|Waste sorting|debris booms|Repaint
"""
"""Code, English, Chinese, kind, how many, shift (`*`: whenever the task works); indented, what its tasks are called."""

_MORE = {("lights", "Fit lights"): 2, ("platform", "Fit lights"): 2, ("planting", "street trees"): 2}
"""Where a task needs more than one."""

_CALENDARS = {
    "long-day": {"working_weekdays": list(range(7)), "hours": [["07:00", "19:00"]]},
    "two-shift": {"working_weekdays": list(range(7)), "hours": [["06:00", "22:00"]]},
}
_MASKS = [
    {"mark": "noise", "hours": "22:00-07:00"},
    {"mark": "noise", "days": "Sunday"},
    {"mark": "trucks", "days": "Mon-Fri", "hours": "07:00-09:30, 16:30-19:00"},
    {"mark": "trucks", "days": "Sat, Sun", "hours": "16:30-19:00"},
]
"""Night and Sunday rest beside dwellings; heavy traffic keeps off the ring in rush hours."""
_NOISY = re.compile(r"Lime Tree Road$|Mend paving|Relay drains")
_BY_TRUCK = re.compile(r"Load test of Dock|street trees|movable barriers|Waste sorting")


def document(works: list[Work]) -> dict[str, object]:
    """`resources.json`, in the JSON form of the resources file."""
    leaves = [work for work in works if work.days]
    lines = [line.split("|") for line in re.sub(r"\|?\n  ", "|", _SUPPLIES).strip().splitlines()]
    return {
        "resources": [_supply(line) for line in lines],
        "capacity": [{"resource": "crane", "from": "2026-10-15", "until": "2026-11-02", "capacity": 5}],
        "needs": [need for line in lines for need in _needs(line, leaves)],
        "masks": _MASKS,
        "marks": [*_marks(leaves, _NOISY, "noise"), *_marks(leaves, _BY_TRUCK, "trucks")],
        "calendars": _CALENDARS,
    }


def _supply(line: list[str]) -> dict[str, object]:
    code, english, chinese, kind, capacity, shift = line[:6]
    named = {"resource": code, "name": f"{english} / {chinese}", "kind": kind, "capacity": int(capacity)}
    return named if shift == "*" else {**named, "calendar": shift}


def _needs(line: list[str], leaves: list[Work]) -> Iterator[dict[str, object]]:
    for work in leaves:
        called = next((name for name in line[6:] if re.search(name, work.name_en)), None)
        if called is not None:
            yield {"task": work.id, "resource": line[0], "units": _MORE.get((line[0], called), 1)}


def _marks(leaves: list[Work], called: re.Pattern[str], mark: str) -> list[dict[str, object]]:
    return [{"task": work.id, "mark": mark} for work in leaves if called.search(work.name_en)]
