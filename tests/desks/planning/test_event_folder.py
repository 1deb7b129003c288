"""An event folder into the database, out again, and in again: nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tminus.desks.planning import adapter
from tminus.desks.planning.causes import causes_of
from tminus.desks.planning.event_folder import EventExists, folder_of, load_event
from tminus.desks.planning.models import RiskCause
from tminus.desks.planning.models import Task as Row
from tminus.engines.schedule import Duration, Estimate, EstimateKind, Task, TaskKind
from tminus.engines.schedule.risk import RiskDriver
from tminus.formats.event_folder import read_folder, write_folder
from tminus.platform.models import Appointment, Duty, Event, Unit

EXAMPLE = Path(__file__).parents[3] / "examples" / "lanwan-expo"

pytestmark = pytest.mark.django_db


def _plain(task: Task) -> Task:
    """A summary's dates and length come from what stands under it."""
    return replace(task, start=None, finish=None, duration=Duration(0)) if task.kind is TaskKind.SUMMARY else task


def test_round_trip_of_the_demonstration_event(tmp_path: Path) -> None:
    first = load_event(read_folder(EXAMPLE)).event
    write_folder(folder_of(first), tmp_path / "out")
    again = read_folder(tmp_path / "out")
    event = dict(again.event) | {"id": "second"}
    second = load_event(
        type(again)(**{name: getattr(again, name) for name in again.__slots__} | {"event": event})
    ).event
    one, two = adapter.plan_of(first), adapter.plan_of(second)
    assert [_plain(task) for task in two.tasks] == [_plain(task) for task in one.tasks]
    assert set(two.links) == set(one.links)
    assert two.calendars == one.calendars
    assert {key: (p.actual_start, p.actual_finish) for key, p in two.progress.items()} == {
        key: (p.actual_start, p.actual_finish) for key, p in one.progress.items()
    }
    for model in (Unit, Duty):
        assert model._default_manager.filter(event=second).count() == model._default_manager.filter(event=first).count()
    held = Appointment.objects.order_by("post__code").values_list("post__code", "person__username", "home_unit__code")
    assert list(held.filter(post__event=second)) == list(held.filter(post__event=first))
    causes = RiskCause.objects.values_list("code", "name_en", "name_zh", "definition", "active", "unit__code")
    assert list(causes.filter(event=second)) == list(causes.filter(event=first))
    assert causes.filter(event=second).count() == 4
    dates = Row.objects.order_by("key").values_list("key", "published_start", "published_finish")
    assert list(dates.filter(event=second)) == list(dates.filter(event=first))


def test_an_event_that_stands_is_not_overwritten() -> None:
    folder = read_folder(EXAMPLE)
    load_event(folder)
    with pytest.raises(EventExists):
        load_event(folder)
    assert Event.objects.count() == 1


def test_each_published_leaf_with_a_holder_has_one_duty() -> None:
    event = load_event(read_folder(EXAMPLE)).event
    leaves = Row.objects.filter(event=event, published_finish__isnull=False).exclude(kind="summary")
    held = leaves.filter(responsible__isnull=False)
    assert held.filter(duty=None).count() == 0
    assert leaves.filter(responsible=None).exclude(duty=None).count() == 0
    assert Duty.objects.filter(event=event).count() == held.count() > 500


def test_estimates_go_round_too(tmp_path: Path) -> None:
    event = load_event(read_folder(EXAMPLE)).event
    estimates = {
        "PT0505": Estimate(EstimateKind.TRIANGULAR, (2400.0, 2880.0, 4800.0)),
        "RD1104": Estimate(EstimateKind.LOGNORMAL, (1.1, 1.9), relative=True),
        "HL3304": Estimate(EstimateKind.CLASS, of="novel"),
    }
    for key, estimate in estimates.items():
        kept = {"kind": estimate.kind.value, "values": list(estimate.values), "relative": estimate.relative}
        Row.objects.filter(event=event, key=key).update(estimate={**kept, "of": estimate.of})
    write_folder(folder_of(event), tmp_path / "out")
    folder = read_folder(tmp_path / "out")
    assert folder.plan is not None
    assert {task.id: task.estimate for task in folder.plan.tasks if task.estimate} == estimates
    again = load_event(replace(folder, event=dict(folder.event) | {"id": "second"})).event
    assert {task.id: task.estimate for task in adapter.plan_of(again).tasks if task.estimate} == estimates


def test_a_cause_outlives_its_tasks() -> None:
    """A task that is taken out is hit no more; a cause that named nothing else hits nothing, rather than everything."""
    event = load_event(read_folder(EXAMPLE)).event
    Row.objects.filter(event=event, key__in=["PT0505", "CA01"]).delete()
    hit = {cause.id: cause.hits.ids for cause in causes_of(event) if isinstance(cause, RiskDriver)}
    assert hit["approvals"] == {"RD1104", "PT0608", "PT0706"}
    assert "crews-west" not in hit
    assert {one.cause.id for one in folder_of(event).causes} == {"approvals", "steel-lifts", "typhoon"}
