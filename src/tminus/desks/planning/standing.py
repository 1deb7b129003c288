"""The event's schedule as it stands, kept in memory until the plan changes or the day does.

Pages ask for it many times between two changes; a plan of 20,000 tasks takes most of a second to read and schedule.
Acts do not use it: they schedule what they have just written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from datetime import date, datetime
from threading import Lock

from django.db.models import Q

from tminus.desks.planning.adapter import scheduled
from tminus.engines.schedule import Demands, Schedule, demands_of
from tminus.platform.models import Event, RecordLine
from tminus.platform.record import chain_of

KEPT = 4
"""Events kept at once in one process."""

IDLE = (
    "planning.baseline.imported", "planning.baseline.withdraw",
    "planning.import.read", "planning.import.map", "planning.import.started", "planning.task.comment",
    "planning.checkpoint.freeze", "planning.checkpoint.freeze_ended", "planning.checkpoint.freeze_started",
    "planning.new_day",
    "planning.simulate.start", "planning.simulate.night", "planning.simulate.keep",
    "planning.scenario.set", "planning.scenario.remove", "planning.scenario.start", "planning.scenario.keep",
    "planning.proposal.make", "planning.proposal.decline",
    "planning.resources.import", "planning.supply.set", "planning.supply.remove",
    "planning.levelling.start", "planning.levelling.keep",
)  # fmt: skip
"""Acts of the planning desk that leave the plan as it is."""

_KEPT: OrderedDict[Hashable, Schedule] = OrderedDict()
_LOCK = Lock()


def standing(event: Event, now: datetime) -> Schedule:
    """The schedule of the plan with its draft dates, as of the day of ``now``.

    :raises PlanError: the plan contradicts itself.
    """
    stands = version(event)
    if not stands:
        return scheduled(event, now)  # no act has ever been recorded: nothing would tell us of a change
    key = (event.pk, stands, now.date(), event.opening, event.checkpoint_days, repr(event.settings))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    made = scheduled(event, now)
    with _LOCK:
        for old in [other for other in _KEPT if isinstance(other, tuple) and other[0] == event.pk]:
            del _KEPT[old]
        _KEPT[key] = made
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return made


_ASKED: OrderedDict[tuple[int, date], tuple[Schedule, Demands]] = OrderedDict()
"""By the schedule's identity, which is safe as long as the schedule is kept beside the answer."""


def demands_on(schedule: Schedule, day: date) -> Demands:
    """What a checkpoint on ``day`` asks of each task, kept like the schedule itself."""
    key = (id(schedule), day)
    with _LOCK:
        if key in _ASKED:
            _ASKED.move_to_end(key)
            return _ASKED[key][1]
    assert schedule.network is not None  # noqa: S101 - a cyclic plan has no checkpoints
    made = demands_of(schedule.network.plan, schedule.tasks, day, schedule.today)
    with _LOCK:
        _ASKED[key] = schedule, made
        while len(_ASKED) > 4 * KEPT:
            _ASKED.popitem(last=False)
    return made


def version(event: Event) -> str:
    """Grows with each act that can change the plan: hash of its last line in the record."""
    lines = RecordLine.objects.filter(chain=chain_of(event))
    plan = Q(code__startswith="planning.") | Q(code__startswith="event.")
    return lines.filter(plan).exclude(code__in=IDLE).order_by("-seq").values_list("hash", flat=True).first() or ""
