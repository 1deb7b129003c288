"""``serve`` with a broker: what is published is stored by a child of its own, watched and stopped with the rest."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.server import Server, free_port, python, tminus
from tests.desks.passengers.test_mqtt import Counters
from tests.mosquitto import Mosquitto

pytestmark = pytest.mark.slow

MAKE = """
from datetime import UTC, datetime
from tests.harbour import build_harbour
from tests.desks.passengers.counters import new_counter
new_counter(build_harbour().event)
"""
COUNTED = """
from tests.desks.passengers.counters import totals
from tminus.desks.passengers.models import Counter
print(totals(Counter.objects.get()))
"""


def test_published_readings_are_stored(tmp_path: Path) -> None:
    (tmp_path / "broker").mkdir()
    broker = Mosquitto(tmp_path / "broker", free_port())
    broker.start()
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    python(home, MAKE)
    try:
        with Server(home, TMINUS_MQTT_URL=f"mqtt://127.0.0.1:{broker.port}") as server:
            sensors = Counters(broker.port)
            until, counted = time.monotonic() + 30, ""
            while "(4, 1)" not in counted and time.monotonic() < until:
                sensors.send("g1", {"time": "2026-08-17T08:00:00+08:00", "in": 4, "out": 1})
                counted = python(home, COUNTED)
            sensors.stop()
            assert "(4, 1)" in counted, server.log.read_text()
            assert server.stop() < 10
    finally:
        broker.stop()


def test_an_address_of_no_broker_stops_serving_in_one_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    (home / "tminus.toml").write_text('mqtt_url = "http://broker"\n')
    refused = tminus(home, "serve", "--home", str(home), "--port", str(free_port()))
    assert refused.returncode == 2 and "mqtt_url: 'http'; allowed: mqtt://" in refused.stderr
