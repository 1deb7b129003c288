"""Counters that publish: through a real broker, across its restarts and ours, with nothing lost and nothing doubled."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from django.db import OperationalError
from paho.mqtt.enums import CallbackAPIVersion

from tests.cli.server import free_port
from tests.desks.passengers.counters import T0, new_counter, totals
from tests.harbour import Harbour
from tests.mosquitto import Mosquitto
from tminus.desks.passengers.intake import messages
from tminus.desks.passengers.intake.broker import Broker, broker_of
from tminus.desks.passengers.intake.messages import Message, take
from tminus.desks.passengers.models import Counter, RefusedReading
from tminus.desks.passengers.subscriber import Subscriber

BROKER = Broker("127.0.0.1", 1883, "", "", "tminus", False)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    found = Mosquitto(tmp_path, free_port())
    found.start()
    yield found
    found.stop()


def reading(minute: int, ins: int = 1, **more: Any) -> dict[str, Any]:
    return {"time": f"2026-08-17T08:{minute:02}:00+08:00", "in": ins, "out": 0, **more}


class Counters:
    """What publishes, as a sensor does: QoS 1, waiting for the broker's word."""

    def __init__(self, port: int) -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def send(self, code: str, content: Any, slug: str = "harbour") -> None:
        payload = content if isinstance(content, str) else json.dumps(content)
        self.client.publish(f"tminus/{slug}/counts/{code}", payload, qos=1).wait_for_publish(10)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def subscriber(port: int) -> Subscriber:
    found = Subscriber(broker_of(f"mqtt://127.0.0.1:{port}"), "tminus-test")
    found.start()
    until = time.monotonic() + 10
    while not found.client.is_connected() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)  # the subscription's own answer
    return found


def step_until(found: Subscriber, n: int, within_s: float = 15) -> None:
    until = time.monotonic() + within_s
    while n > 0 and time.monotonic() < until:
        n -= found.step(0.2)
    assert n <= 0, f"{n} messages did not come"


def test_what_is_published_is_counted_once(planned: Harbour, broker: Mosquitto) -> None:
    one, other = new_counter(planned.event), new_counter(planned.event, "g2")
    follower, sensors = subscriber(broker.port), Counters(broker.port)
    for minute in range(30):
        sensors.send("g1", reading(minute))
        sensors.send("g1", reading(minute))
    sensors.send("g2", [reading(0, 5), reading(1, 6)])
    sensors.send("g2", "not a reading")
    sensors.send("g9", reading(0))
    sensors.send("g1", reading(0), slug="elsewhere")
    step_until(follower, 64)
    follower.stop()
    sensors.stop()
    assert (totals(one), totals(other)) == ((30, 0), (11, 0))
    assert sorted(row.source for row in RefusedReading.objects.all()) == ["mqtt", "mqtt"]


def test_what_is_published_while_we_are_away_comes_later(planned: Harbour, broker: Mosquitto) -> None:
    counter = new_counter(planned.event)
    subscriber(broker.port).stop()
    sensors = Counters(broker.port)
    for minute in range(10):
        sensors.send("g1", reading(minute))
    follower = subscriber(broker.port)
    step_until(follower, 10)
    follower.stop()
    sensors.stop()
    assert totals(counter) == (10, 0)


def test_what_could_not_be_stored_is_not_lost(
    planned: Harbour, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = new_counter(planned.event)
    follower, sensors = subscriber(broker.port), Counters(broker.port)
    sensors.send("g1", reading(0, 7))
    with monkeypatch.context() as away:
        away.setattr(messages, "receive", _away)
        with pytest.raises(OperationalError):
            step_until(follower, 1)
    follower.stop()  # killed before it was stored: the broker still has it
    again = subscriber(broker.port)
    step_until(again, 1)
    again.stop()
    sensors.stop()
    assert totals(counter) == (7, 0)


def _away(*given: Any) -> None:
    raise OperationalError("away")


def test_the_broker_may_restart(planned: Harbour, broker: Mosquitto) -> None:
    counter = new_counter(planned.event)
    follower = subscriber(broker.port)
    broker.stop()
    time.sleep(0.5)
    broker.start()
    until = time.monotonic() + 15
    while not follower.client.is_connected() and time.monotonic() < until:
        time.sleep(0.05)
    sensors = Counters(broker.port)
    sensors.send("g1", reading(3, 9))
    step_until(follower, 1)
    follower.stop()
    sensors.stop()
    assert totals(counter) == (9, 0)


def test_a_line_that_names_another_counter_than_its_topic_is_refused(planned: Harbour) -> None:
    counter = new_counter(planned.event)
    new_counter(planned.event, "g2")
    sent = [Message("tminus/harbour/counts/g1", json.dumps(reading(0, 1, counter="g2")).encode())]
    assert take(BROKER, [*sent, Message("tminus/harbour/other/g1", b"{}"), Message("else", b"{}")]) == 0
    assert "g2 (topic: g1)" in RefusedReading.objects.get().reason
    assert totals(counter) == (0, 0) and Counter.objects.count() == 2 and T0


@pytest.mark.parametrize(
    "url", ["http://host", "mqtt://", "mqtt://host:port", "host", "mqtt://host/a/+/b", "mqtt://h:99999"]
)
def test_an_address_that_is_none_says_what_is_allowed(url: str) -> None:
    with pytest.raises(ValueError, match="allowed: mqtt://"):
        broker_of(url)


def test_an_address_has_what_a_broker_wants() -> None:
    assert broker_of("mqtts://gate:p%40ss@broker.example.org/expo/2026") == Broker(
        "broker.example.org", 8883, "gate", "p@ss", "expo/2026", True
    )
    assert broker_of("mqtt://h").topic == "tminus/+/counts/+"
