"""Which unit would carry out a measure whose scenario names none: by what was published and written, then by names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tminus.desks.passengers.models import DayScenarioKept, PublishedMeasure
from tminus.formats.event_folder.day_scenarios import Does, Measure, scenario_of
from tminus.platform.models import Event, Unit

GUARDS = ("gate|entrance|入口", "security|安保|安全保卫", "police|公安")
GUIDING = ("guid|steward|crowd|引导|疏导", "volunteer|志愿", *GUARDS)
TRAINS = ("metro|subway|rail|地铁|轨道", "transport|transit|交通")
CALLED: Mapping[Does, Sequence[str]] = {
    Does.LANES: ("screening|安检", *GUARDS),
    Does.ONE_WAY: GUIDING, Does.WAY_CLOSED: GUIDING, Does.REDIRECT: GUIDING, Does.ADVICE: GUIDING,
    Does.HEADWAY: TRAINS, Does.INFLOW: TRAINS,
    Does.SHUTTLE: ("bus(?!i)|shuttle|coach|公交|客运|大巴", "transport|transit|交通"),
    Does.RELEASE: ("hall|展馆", "venue|会展|场馆"),
}  # fmt: skip
"""Words in the names of units that carry such a measure out, the likeliest first."""


class UnitProposals:
    """Of one event and day; what is published and what scenarios say is read once."""

    def __init__(self, event: Event, day: date) -> None:
        units = Unit.objects.filter(event=event).order_by("path")
        self._units = [one for one in units if one.stands_on(day)]
        known = {one.code for one in self._units}
        rows = PublishedMeasure.objects.filter(event=event, withdrawn_at=None)
        self._here = {replace(one, unit=""): one.unit for one in _measures([row.what for row in rows.filter(day=day)])}
        scenarios = DayScenarioKept.objects.filter(event=event, withdrawn_at=None)
        said = [row for one in scenarios for row in _measures(one.measures)] + _measures([row.what for row in rows])
        self._usual = Counter((one.kind, one.element, one.unit) for one in said if one.unit in known)

    def published(self, measure: Measure) -> str:
        """The unit the same measure of the same day is published with."""
        return self._here.get(replace(measure, unit=""), "")

    def of(self, measure: Measure) -> str:
        """The code of the unit: the one that does so there, else such things elsewhere, else one called so."""
        there = Counter({key[2]: n for key, n in self._usual.items() if key[:2] == (measure.kind, measure.element)})
        such: Counter[str] = Counter()
        for (kind, _element, unit), n in self._usual.items():
            if kind is measure.kind:
                such[unit] += n
        return next((code for code, _n in [*there.most_common(1), *such.most_common(1)]), "") or self._called(measure)

    def with_units(self, measures: Sequence[Measure]) -> tuple[Measure, ...]:
        """Each with the unit it names, or else the one proposed."""
        return tuple(replace(one, unit=one.unit or self.published(one) or self.of(one)) for one in measures)

    def _called(self, measure: Measure) -> str:
        """Of several units called so the one nearest to the root of the tree."""
        for words in CALLED[measure.kind]:
            form = re.compile(rf"(?<![a-z])(?:{words})", re.IGNORECASE)
            found = [one for one in self._units if form.search(one.name_en) or form.search(one.name_zh)]
            if found:
                return min(found, key=lambda one: one.path.count("/")).code
        return ""


def _measures(rows: Sequence[Mapping[str, object]]) -> list[Measure]:
    return list(scenario_of({"id": "kept", "day": "2000-01-01", "measures": [*rows]}, "kept").measures)
