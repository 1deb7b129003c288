"""The event's site on a day: who comes, by what, through which gates, into which halls, how long they stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.panel import ForecastError


@dataclass(frozen=True, slots=True)
class Wave:
    """Arrivals of one wave: ``first_minute`` plus a gamma-distributed delay; minutes after midnight.

    ``share``: of the audience that does not come for a booked time.
    """

    first_minute: float
    mean_minute: float
    sd_min: float
    share: float = 1.0

    def __post_init__(self) -> None:
        if not (self.mean_minute > self.first_minute and self.sd_min > 0 and self.share >= 0):
            raise ForecastError(
                f"arrival wave {self.first_minute:g} → {self.mean_minute:g} ± {self.sd_min:g} min, share "
                f"{self.share:g}; allowed: mean after first, spread above 0, share at least 0"
            )


@dataclass(frozen=True, slots=True)
class Audience:
    """One kind of visitor.

    ``share`` of a day's visits and ``modes`` (mode → share) are taken relative to their sums. ``waves`` empty: those of
    :class:`ArrivalParams`. ``stay_min`` ± ``stay_sd_min``: minutes on site of who enters at opening; later arrivals
    stay shorter. ``halls``: hall → share of the time spent in halls; empty: by the halls' size. ``gates``: the gates
    open to it; empty: all.
    """

    id: str
    share: float
    modes: Mapping[str, float]
    waves: tuple[Wave, ...] = ()
    stay_min: float | None = None
    stay_sd_min: float | None = None
    halls: Mapping[str, float] = field(default_factory=dict)
    gates: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.share >= 0:
            raise ForecastError(f"audience {self.id!r}: share {self.share}; allowed: at least 0")
        if not self.modes or min(self.modes.values()) < 0 or not sum(self.modes.values()) > 0:
            raise ForecastError(f"audience {self.id!r}: modes {dict(self.modes)}; allowed: shares above 0 by mode")


@dataclass(frozen=True, slots=True)
class Opened:
    """Lanes open at a gate from ``begin`` to ``end`` (minutes after midnight), each ``service_s`` seconds a person."""

    begin: float
    end: float
    lanes: float
    service_s: float


@dataclass(frozen=True, slots=True)
class Gate:
    """``opened`` empty: its lanes are not known, and nobody waits."""

    id: str
    opened: tuple[Opened, ...] = ()

    def __post_init__(self) -> None:
        for one in self.opened:
            if not (one.end > one.begin and one.lanes >= 0 and one.service_s > 0):
                raise ForecastError(f"gate {self.id!r}: {one}; allowed: end after begin, lanes ≥ 0, service above 0 s")


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where people of ``mode`` change to their feet before the gates; ``weight``: share where no origins decide."""

    id: str
    mode: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Hall:
    id: str
    size: float = 1.0
    """Relative; persons or m²."""


@dataclass(frozen=True, slots=True)
class Booked:
    """``persons`` of ``audience`` who come for ``minute``, for a programme in ``hall`` until ``end``."""

    audience: str
    minute: float
    persons: float
    hall: str = ""
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Tickets:
    """Timed tickets of an audience: ``share`` of its visits, 0 … 1, holds one; ``slots``: (minute, persons), of which
    only the proportions count. The rest comes for programmes or in waves."""

    audience: str
    share: float
    slots: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        persons = [one for _, one in self.slots]
        if not (0 <= self.share <= 1 and min(persons, default=-1) >= 0 and sum(persons) > 0):
            raise ForecastError(
                f"tickets of audience {self.audience!r}: share {self.share:g}, {sum(persons):g} persons; allowed: a "
                "share of 0 … 1, persons above 0"
            )


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the expansion of a day needs; all minutes are after midnight, all lengths in minutes of walking.

    ``walk_min[terminal, gate]`` and ``hall_walk_min[gate, hall]``; ``origins`` with ``origin_weight[origin]`` send
    visitors by ``origin_mode``, whose ``travel_min[origin, terminal]`` is infinite for terminals of other modes.
    """

    opening_minute: float
    closing_minute: float
    audiences: tuple[Audience, ...]
    gates: tuple[Gate, ...]
    terminals: tuple[Terminal, ...]
    walk_min: NDArray[np.float64]
    halls: tuple[Hall, ...] = ()
    hall_walk_min: NDArray[np.float64] | None = None
    origins: tuple[str, ...] = ()
    origin_weight: NDArray[np.float64] | None = None
    origin_mode: str = "metro"
    travel_min: NDArray[np.float64] | None = None
    booked: tuple[Booked, ...] = ()
    last_entry_minute: float | None = None
    """Gates admit nobody after it; None: an hour before closing."""
    rests_on: tuple[str, ...] = ()
    """In words: what of all this was assumed."""
    tickets: tuple[Tickets, ...] = ()

    def __post_init__(self) -> None:
        """:raises ForecastError: what does not fit together, by name."""
        _hours(self)
        _named_once(self)
        _shapes(self)
        _known(self)

    @property
    def last_entry(self) -> float:
        chosen = self.closing_minute - 60 if self.last_entry_minute is None else self.last_entry_minute
        return float(max(chosen, self.opening_minute))


def _hours(site: Site) -> None:
    if not site.closing_minute > site.opening_minute:
        raise ForecastError(
            f"closing at minute {site.closing_minute:g}, opening at {site.opening_minute:g}; allowed: closing after it"
        )


def _named_once(site: Site) -> None:
    for what, ids in (
        ("audience", [one.id for one in site.audiences]),
        ("gate", [one.id for one in site.gates]),
        ("terminal", [one.id for one in site.terminals]),
        ("hall", [one.id for one in site.halls]),
        ("origin", list(site.origins)),
    ):
        if len(set(ids)) < len(ids):
            raise ForecastError(f"{what} {next(id for id in ids if ids.count(id) > 1)!r} is there twice")
        if not ids and what in ("audience", "gate", "terminal"):
            raise ForecastError(f"no {what}; allowed: at least one")
    if not sum(one.share for one in site.audiences) > 0:
        raise ForecastError("shares of audiences sum to 0; allowed: above 0")


def _shapes(site: Site) -> None:
    wanted = [("walk_min", site.walk_min, (len(site.terminals), len(site.gates)))]
    if site.hall_walk_min is not None:
        wanted.append(("hall_walk_min", site.hall_walk_min, (len(site.gates), len(site.halls))))
    if site.origins:
        if site.travel_min is None or site.origin_weight is None:
            raise ForecastError("origins need travel_min and origin_weight")
        wanted.append(("travel_min", site.travel_min, (len(site.origins), len(site.terminals))))
        if site.origin_weight.shape != (len(site.origins),) or not (site.origin_weight >= 0).all():
            raise ForecastError("origin_weight: one number of at least 0 for each origin is needed")
    for name, found, shape in wanted:
        if found.shape != shape:
            raise ForecastError(f"{name}: shape {found.shape} where {shape} is needed")


def _known(site: Site) -> None:
    audiences, halls = {one.id for one in site.audiences}, {one.id for one in site.halls}
    gates, modes = {one.id for one in site.gates}, {one.mode for one in site.terminals}
    for audience in site.audiences:
        for what, named, known in (("hall", set(audience.halls), halls), ("gate", set(audience.gates), gates)):
            if named - known:
                raise ForecastError(f"audience {audience.id!r}: {what} {min(named - known)!r} is not of the site")
        if missing := sorted(mode for mode, share in audience.modes.items() if share > 0 and mode not in modes):
            raise ForecastError(f"audience {audience.id!r}: no terminal for mode {missing[0]!r}")
    for held in site.tickets:
        if held.audience not in audiences:
            raise ForecastError(f"tickets of audience {held.audience!r}: not of the site")
    for one in site.booked:
        if one.audience not in audiences or (one.hall and one.hall not in halls):
            raise ForecastError(f"booked for minute {one.minute:g}: audience {one.audience!r}, hall {one.hall!r}")
        if not one.persons >= 0:
            raise ForecastError(f"booked for minute {one.minute:g}: {one.persons} persons; allowed: at least 0")
