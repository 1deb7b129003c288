"""A scenario of a day walked from the files as they are kept: nothing is written here."""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple, Protocol

from django.utils.translation import gettext_noop

from tminus.desks.passengers.days.replay_kept import packed
from tminus.desks.passengers.days.walk_figures import figures_of
from tminus.desks.passengers.forecasting.kept_folder import current, inputs_of, laid_out
from tminus.formats.crowd.element_names import ElementNames, read_element_names
from tminus.formats.crowd.replay_data import replay_data
from tminus.formats.event_folder.day_scenarios import DayScenario, clock_of, row_json
from tminus.platform.models import Event
from tminus.studies.prepared_day import PreparedDay, prepared_day
from tminus.studies.simulated_day import START_MIN, middling_sample
from tminus.studies.walked_day import WalkedDay, walk

MODEL = "walked day 1"
"""What computed a walk; another number when the figures of the same files and scenario would differ."""
NETWORK_FILES = ("nodes.csv", "links.csv", "gtfs.zip", "services.csv")
PREPARED, WALKED, WHOLE = 10, 95, 100
"""Per cent done when the forecast stands, when everybody is home, and when it is kept."""


class Told(Protocol):
    """Told how far it is: done, total, a sentence of the catalogues and what stands in its places."""

    def __call__(self, done: int, total: int, doing: str = "", **values: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """``as_of``: what was known at the end of that day; ``sample``: path of the forecast, none: the middling one."""

    day: date
    as_of: date
    seed: int = 0
    sample: int | None = None


class Ready(NamedTuple):
    """A day prepared, and what it was made from."""

    day: PreparedDay
    names: ElementNames
    inputs: dict[str, str]
    network_digest: str


def known_until(day: date, now: datetime) -> date:
    """The day before the earlier of today and ``day``: a past day is walked as it could have been known."""
    return min(now.date(), day) - timedelta(days=1)


_AT_HAND: dict[Hashable, Ready] = {}
"""The day last prepared in this process: its scenarios are walked one after another."""
_LOCK = Lock()


def prepared(event: Event, asked: Asked, told: Told) -> Ready:
    """The day forecast from the files that count, at hand after the first time.

    :raises BadFile: files no day can be forecast from.
    """
    told(0, WHOLE, gettext_noop("forecast of the day"))
    rows = current(event)
    inputs = inputs_of(event, rows)
    key = (event.pk, asked.day, asked.as_of, asked.seed, *sorted(inputs.items()))
    with _LOCK:
        if key not in _AT_HAND:
            with laid_out(event, rows) as folder:
                day = prepared_day(folder, asked.day, as_of=asked.as_of, seed=asked.seed)
                names = read_element_names(folder)
            _AT_HAND.clear()
            _AT_HAND[key] = Ready(day, names, inputs, network_digest({name: row.digest for name, row in rows.items()}))
        return _AT_HAND[key]


def network_digest(digests: Mapping[str, str]) -> str:
    """Of the files that say where people can walk and ride."""
    said = "".join(f"{name} {digests[name]}\n" for name in NETWORK_FILES if name in digests)
    return hashlib.sha256(said.encode()).hexdigest()


def computed(event: Event, scenario: DayScenario, asked: Asked, told: Told) -> dict[str, Any]:
    """A walk as ``passengers.day.keep_walk`` takes it.

    :raises BadFile: files no day can be forecast from, or an element that is not there.
    """
    begun = time.perf_counter()
    ready = prepared(event, asked, told)
    told(PREPARED, WHOLE, gettext_noop("people and their plans"))
    walked = walk(
        ready.day, scenario, sample=asked.sample, seed=asked.seed, on_progress=walking(ready.day, asked.sample, told)
    )
    told(WALKED, WHOLE, gettext_noop("keeping the figures"))
    return _told_of(ready, scenario, asked, walked) | {"elapsed_s": round(time.perf_counter() - begun, 3)}


def _told_of(ready: Ready, scenario: DayScenario, asked: Asked, walked: WalkedDay) -> dict[str, Any]:
    network, crowd = walked.scenario.network, walked.scenario
    document = replay_data(
        scenario.name or scenario.id, network, walked.result, ready.day.start, ready.day.shapes,
        names=ready.names, runs=crowd.runs, shifts=crowd.gates,
    )  # fmt: skip
    return {
        "as_of": asked.as_of,
        "seed": asked.seed,
        "sample": asked.sample,
        "model": MODEL,
        "inputs": ready.inputs,
        "happenings": [row_json(one) for one in scenario.happenings],
        "measures": [row_json(one) for one in scenario.measures],
        "figures": figures_of(walked.result, document) | {"rests_on": list(ready.day.warnings)},
        "replay": b64encode(packed(document)).decode(),
        "network_digest": ready.network_digest,
    }


def walking(day: PreparedDay, sample: int | None, told: Told) -> Callable[[float, int, int], None]:
    """Says what time it is on the simulated day, how many have set off and how many are home."""
    chosen = middling_sample(day.forecast) if sample is None else sample
    people = max(float(day.forecast.arrivals[chosen].sum()), 1.0)

    def tell(at_s: float, out: int, home: int) -> None:
        share = min((out + home) / (2 * people), 1.0)
        told(
            PREPARED + round((WALKED - PREPARED) * share), WHOLE,
            gettext_noop("walking: %(at)s, %(out)s set off, %(home)s home"),
            at=clock_of(START_MIN + at_s / 60), out=f"{out:,}", home=f"{home:,}",
        )  # fmt: skip

    return tell
