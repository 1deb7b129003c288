"""Scenarios as the desk keeps them ↔ scenarios as an event folder has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tminus.desks.passengers.models import DayScenarioKept, Origin
from tminus.formats.event_folder import EventFolder
from tminus.formats.event_folder.day_scenarios import (
    FILE,
    DayScenario,
    Happening,
    Measure,
    day_scenarios_json,
    read_day_scenarios,
    row_json,
    scenario_of,
)
from tminus.platform import clock
from tminus.platform.models import Event

RESERVED = ("new", "compare", "elements", "published")
"""Words that stand in addresses where a key would."""


def standing(event: Event) -> list[DayScenarioKept]:
    """Those that are not withdrawn, by day."""
    return list(DayScenarioKept.objects.filter(event=event, withdrawn_at=None).select_related("parent", "person"))


def as_scenario(row: DayScenarioKept) -> DayScenario:
    """What studies walk."""
    name = {code: text for code, text in (("en", row.name_en), ("zh", row.name_zh)) if text}
    about = {code: text for code, text in (("en", row.about_en), ("zh", row.about_zh)) if text}
    happenings, measures = rows_of(row)
    return DayScenario(row.key, name, row.day, happenings, measures, about or None)


def rows_of(row: DayScenarioKept) -> tuple[tuple[Happening, ...], tuple[Measure, ...]]:
    """Happenings and measures out of what is kept."""
    found = scenario_of(
        {"id": row.key, "day": f"{row.day}", "happenings": row.happenings, "measures": row.measures}, row.key
    )
    return found.happenings, found.measures


def kept(event: Event, scenario: DayScenario) -> DayScenarioKept:
    """A row of an event folder's scenario; not saved yet."""
    about = scenario.about or {}
    return DayScenarioKept(
        event=event, key=scenario.id, day=scenario.day, origin=Origin.FOLDER, at=clock.now(event),
        name_en=scenario.name.get("en", "")[:120], name_zh=scenario.name.get("zh", "")[:120],
        about_en=about.get("en", "")[:500], about_zh=about.get("zh", "")[:500],
        happenings=[row_json(one) for one in scenario.happenings],
        measures=[row_json(one) for one in scenario.measures],
    )  # fmt: skip


def load_day_scenarios(event: Event, folder: EventFolder) -> dict[str, int]:
    """Put the folder's scenarios into the database; how many.

    :raises BadFile: a value that cannot be taken.
    """
    if FILE not in folder.further:
        return {"day_scenarios": 0}
    found = read_day_scenarios_of(folder.further[FILE])
    with transaction.atomic():
        DayScenarioKept.objects.bulk_create(kept(event, one) for one in found)
    return {"day_scenarios": len(found)}


def read_day_scenarios_of(content: bytes) -> tuple[DayScenario, ...]:
    """Those of the content of the file.

    :raises BadFile: a value that cannot be taken.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="tminus-days-") as place:
        (Path(place) / FILE).write_bytes(content)
        return read_day_scenarios(Path(place))


def write_day_scenarios(event: Event, folder: Path) -> int:
    """Add ``day_scenarios.json`` to an event folder; how many scenarios it has."""
    rows = standing(event)
    if rows:
        (folder / FILE).write_bytes(day_scenarios_json([as_scenario(row) for row in rows]) + b"\n")
    return len(rows)


def copy_scenarios(source: Event, target: Event, shift: timedelta) -> int:
    """Those that stand, with their days moved; units keep their codes."""
    rows = standing(source)
    for row in rows:
        row.pk, row.event, row.day, row.parent = None, target, row.day + shift, None
        row.at, row.person = timezone.now(), None
        row.save(force_insert=True)
    return len(rows)


def proposed_names(names: Mapping[str, str], how: str) -> dict[str, str]:
    """What a scenario of these names, ``en`` and ``zh``, is called with what was proposed for it."""
    found = {}
    for code, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            what = _("%(name)s: recommended") if how == Origin.RECOMMENDED else _("%(name)s: rule of the duty officer")
            if name := names.get(code):
                found[code] = (what % {"name": name})[:120]
    return found


def free_key(event: Event, wanted: str) -> str:
    """A key nothing of the event has yet: letters, digits and hyphens of ``wanted``."""
    begin = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:50] or "scenario"
    taken = {*DayScenarioKept.objects.filter(event=event).values_list("key", flat=True), *RESERVED}
    names = (begin if number == 1 else f"{begin}-{number}" for number in range(1, len(taken) + 3))
    return next(name for name in names if name not in taken)
