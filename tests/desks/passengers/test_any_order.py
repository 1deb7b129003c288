"""However readings are cut into batches, ordered and repeated, what is kept in the end is the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desks.passengers.counters import T0, new_counter, state, totals
from tests.harbour import Harbour
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import recount, store
from tminus.desks.passengers.models import CountDay, CounterPulse, CountHour, Kind

AT = st.integers(0, 40).map(lambda n: T0 + 3600 * 23 + n * 137) | st.sampled_from([T0 + 3599, T0 + 3600, T0 + 200_000])
READINGS = st.lists(st.builds(Given, AT, st.integers(-1, 2), st.integers(0, 99), st.integers(0, 99)), max_size=30)
QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def forget() -> None:
    for model in (CountHour, CountDay, CounterPulse):
        model.objects.all().delete()


@pytest.mark.parametrize("kind", Kind.values)
@QUICK
@given(data=st.data())
def test_any_order_batches_and_repeats_end_in_the_same_state(harbour: Harbour, kind: str, data: st.DataObject) -> None:
    from tminus.desks.passengers.models import Counter

    Counter.objects.all().delete()
    counter = new_counter(harbour.event, kind=kind)
    readings = data.draw(READINGS)
    store({counter: readings}, T0)
    at_once = state(counter)
    forget()
    for again in (readings, data.draw(st.permutations(readings + readings[:5]))):
        rest = list(again)
        while rest:
            n = data.draw(st.integers(1, len(rest)))
            store({counter: rest[:n]}, T0)
            rest = rest[n:]
        assert state(counter) == at_once
        forget_now = data.draw(st.booleans())
        if forget_now:
            forget()
            store({counter: list(reversed(readings))}, T0)
    recount(counter)
    assert state(counter) == at_once, "slots kept by differences are those computed anew"


def test_two_counters_in_one_batch_are_as_if_they_came_alone(harbour: Harbour) -> None:
    one, other = new_counter(harbour.event), new_counter(harbour.event, "g2", kind="cumulative")
    rows = [Given(T0 + 60 * n, n, n, 2 * n) for n in range(100)]
    late = [Given(T0 + 10 * 86_400 + 60 * n, n, n, n) for n in range(3)]
    store({one: rows, other: rows + late}, T0)
    together = state(one), state(other)
    forget()
    for row in reversed(rows + late):
        store({other: [row]}, T0)
    store({one: rows}, T0)
    assert (state(one), state(other)) == together


def test_a_meter_gives_what_it_rose_also_when_readings_are_missing(harbour: Harbour) -> None:
    meter = new_counter(harbour.event, kind="cumulative")
    store({meter: [Given(T0, -1, 1000, 500), Given(T0 + 7200, -1, 1300, 560)]}, T0)
    assert totals(meter) == (300, 60)
    store({meter: [Given(T0 + 3600, -1, 1290, 500)]}, T0)
    assert totals(meter) == (300, 60), "the same persons, placed better in time"
    table = next(iter(state(meter)[1].values()))
    assert sum(row[0] for row in table[:4]) == 290 and sum(row[1] for row in table[:4]) == 0


def test_a_meter_that_fell_has_begun_anew_and_a_jump_is_nobody(harbour: Harbour) -> None:
    meter = new_counter(harbour.event, kind="cumulative", most_per_min=100)
    rises = [(0, 1000), (60, 1050), (120, 30), (180, 31), (240, 900_000), (300, 900_010)]
    store({meter: [Given(T0 + at, -1, count, 0) for at, count in rises]}, T0)
    assert totals(meter) == (50 + 30 + 1 + 10, 0)


def test_after_a_day_of_silence_a_meter_begins_anew(harbour: Harbour) -> None:
    meter = new_counter(harbour.event, kind="cumulative")
    store({meter: [Given(T0, -1, 10, 0), Given(T0 + 86_401, -1, 500, 0), Given(T0 + 86_461, -1, 501, 0)]}, T0)
    assert totals(meter) == (1, 0)


def test_higher_number_corrects_and_same_number_keeps_the_larger(harbour: Harbour) -> None:
    counter = new_counter(harbour.event)
    assert store({counter: [Given(T0, 1, 9, 9)]}, T0) == (1, 0, 0)
    assert store({counter: [Given(T0, 2, 3, 4)]}, T0) == (0, 1, 0)
    assert store({counter: [Given(T0, 1, 50, 50)]}, T0) == (0, 0, 1)
    assert totals(counter) == (3, 4)
    assert store({counter: [Given(T0, 2, 5, 0)]}, T0) == (0, 1, 0)
    assert totals(counter) == (5, 0)
    assert state(counter)[0][T0 // 3600][0].doubtful
