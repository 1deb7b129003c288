"""A new event begun from a past one has its counters and the files that hold for it too, dates moved with opening."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.desks.passengers.counters import new_counter
from tests.desks.passengers.test_counted_days import count
from tests.desks.passengers.test_forecasts import FILES, OPENING, act, hand_in
from tests.harbour import Harbour
from tminus.desks.passengers.acts.copies import shifted_days
from tminus.desks.passengers.forecasting.kept_folder import content_of, current, laid_out
from tminus.desks.passengers.models import Counter
from tminus.formats.event_folder.history import read_history
from tminus.platform.models import Event
from tminus.platform.registry import perform

NEXT = date(2027, 11, 4)
SHIFT = NEXT - OPENING
HISTORY = "time,node,in,out\n" + "".join(
    f"2026-11-0{day} 0{hour}:00,st-1,{day},{hour}\n" for day in (3, 4, 5) for hour in (7, 8, 9)
)


def copied(harbour: Harbour) -> Event:
    args = {"source": "harbour", "slug": "harbour-2027", "name_en": "Harbour 2027", "opening": NEXT.isoformat()}
    done: Any = perform("event.copy", args, person=harbour.people["admin"])
    assert (done["copied"]["counters"], done["copied"]["forecast_files"]) == (1, 5)
    return Event.objects.get(slug="harbour-2027")


def test_counters_and_files_are_taken_along(planned: Harbour, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    gates = FILES["gates"] + "gate-2,2026-11-06,09:00,16:00,8,3\n"
    programme = "id,name_en,name_zh,day,from,to,audience,persons,hall\nopen,,,2026-11-05,10:00,,visitor,50,\n"
    for what, text in (FILES | {"gates": gates, "programme": programme, "history": HISTORY}).items():
        act(planned, "passengers.forecast.take", {"file": hand_in(planned, what, text)["file"]})
    new_counter(planned.event, "g1", node="gate-1", edge=True, every_s=300, note="east")
    new_counter(planned.event, "old", key_hash="old", retired_at="2026-08-01T00:00:00+08:00")
    count(planned, "g1", OPENING - timedelta(days=1), 50)
    planned.event.settings["further"] = {
        "attendance": {"expected_visits": 9000, "capacity": {"2026-11-06": 4000}}, "visiting_hours": {"open": "10:00"},
        "city": "there",
    }  # fmt: skip
    planned.event.save()
    event = copied(planned)
    (counter,) = Counter.objects.filter(event=event)
    assert (counter.code, counter.every_s, counter.edge, counter.note) == ("g1", 300, True, "east")
    assert counter.key_hash != "g1" and not counter.hours.exists()
    rows = current(event)
    assert rows.keys() == {"nodes.csv", "audiences.csv", "gates.csv", "programme.csv", "history.parquet"}
    assert "gate-2,2027-11-05,09:00" in content_of(rows["gates.csv"]).decode()
    assert "open,,,2027-11-04," in content_of(rows["programme.csv"]).decode()
    further = {"attendance": {"expected_visits": 9000, "capacity": {"2027-11-05": 4000}}}
    assert event.settings["further"] == further | {"visiting_hours": {"open": "10:00"}}
    with laid_out(event, rows) as path:
        history = read_history(path)
    assert history is not None and [one.day for one in history.days] == [date(2026, 11, 3), date(2026, 11, 4)]
    assert history.values[1, 0, 0].tolist() == [4, 7]


def test_days_move_and_all_else_stays() -> None:
    table = 'id,day,note\na,2026-12-31,"x, y"\nb,,2026-12-31\n'
    assert shifted_days(table.encode(), timedelta(days=1)).decode() == table.replace("a,2026-12-31", "a,2027-01-01")
    assert shifted_days(b"id,name\na,b\n", timedelta(days=9)) == b"id,name\na,b\n"
