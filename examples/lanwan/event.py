"""event.json: names, dates, phases and the accounts shown on the demo's sign-in page."""

from .attendance import OUTLOOK
from .days import AS_OF_T, CLOSING, OPENING
from .people import BY_ENGLISH
from .posts import DEMO_ROLES
from .visitors import VISITING_HOURS

PHASES = [
    ("preparation", "Preparation", "筹备", -150, -15),
    ("move_in", "Move-in", "进馆布展", -14, -1),
    ("live", "Live", "展期", 0, 5),
    ("move_out", "Move-out", "撤展", 6, 9),
    ("close_out", "Close-out", "收尾", 10, 20),
]


def document() -> dict[str, object]:
    return {
        "schema": "tminus-event/1",
        "id": "lanwan-2026",
        "name": {"en": "Lanwan Import Expo 2026", "zh": "2026 澜湾进口博览会"},
        "city": {"en": "Lanwan", "zh": "澜湾"},
        "timezone": "Asia/Shanghai",
        "opening": OPENING.isoformat(),
        "closing": CLOSING.isoformat(),
        "phases": [
            {"id": id_, "name": {"en": english, "zh": chinese}, "from_t": first, "to_t": last}
            for id_, english, chinese, first, last in PHASES
        ],
        "checkpoint_days": 10,
        "visiting_hours": VISITING_HOURS,
        "attendance": OUTLOOK,
        "fictional": True,
        "as_of": f"T{AS_OF_T}",
        "demo_accounts": [
            {"person": BY_ENGLISH[name].id, "role": {"en": english, "zh": chinese}}
            for name, english, chinese in DEMO_ROLES
        ],
        "installation_admins": [BY_ENGLISH["Lu Shiyao"].id],
    }
