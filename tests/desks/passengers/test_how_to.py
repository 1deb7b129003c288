"""docs/how-to/forecast-passengers.md: its files, handed in as it says, make a forecast with the curves of a day."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.desks.passengers.test_forecasts import act, hand_in, issue, show
from tests.harbour import Harbour
from tminus.desks.passengers.acts.day_scenarios import SaveArgs
from tminus.desks.passengers.forecasting.counted_visits import ENOUGH
from tminus.desks.passengers.measure_words import BEFALLS, DOES
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.forecast_day import event_attendance

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "forecast-passengers.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```csv (\S+)\.csv\n(.*?)```", PAGE, flags=re.DOTALL))


def test_its_files_make_a_forecast_in_the_console(planned: Harbour, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    assert FILES.keys() == {"registrations", "nodes", "gates", "audiences"}
    for what in ("registrations", "nodes", "gates", "audiences"):
        found = hand_in(planned, what, FILES[what])
        assert not found["problems"], found["problems"]
        act(planned, "passengers.forecast.take", {"file": found["file"]})
    act(planned, "passengers.outlook.change", {"expected_visits": 60_000, "opens": "09:00", "closes": "18:00"})
    made = issue(planned)
    assert made.result["degraded"] == [] and made.result["total"]["mean"] > 0
    for level, node in (("gate", "gate-w"), ("terminal", "st-expo")):
        day = show(planned, "passengers.forecast.day", {"day": "2026-11-06", "level": level})
        assert [row["node"] for row in day["rows"]] == [node] and day["curves"]


def test_its_files_alone_are_a_folder(tmp_path: Path) -> None:
    from datetime import date

    folder = tmp_path / "my-event"
    folder.mkdir()
    event = (
        '{"schema": "tminus-event/1", "id": "my-event", "name": {"en": "Fair"}, "timezone": "Asia/Shanghai", '
        '"opening": "2026-11-05", "closing": "2026-11-07"}'
    )
    (folder / "event.json").write_text(event)
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    read_folder(folder)
    assert len(event_attendance(folder, date(2026, 10, 6), 0).days) == 3


def test_what_it_says_of_whole_days_is_so() -> None:
    assert f"at least {100 * ENOUGH:.0f} %" in PAGE


def test_the_how_to_of_a_day_names_every_kind_and_its_command_is_taken() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "plan-the-day.md").read_text(encoding="utf-8")
    rows = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("|"))
    for word in (*BEFALLS.values(), *DOES.values()):
        assert str(word).removeprefix("a ") in rows, word
    (given,) = re.findall(r"passengers\.day\.save .*?--args '(.*?)'", page, flags=re.DOTALL)
    assert SaveArgs.model_validate(json.loads(given)).happenings[0].element == "gate-w"
