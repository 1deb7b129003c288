"""Steps go on over a database that is away, and end when told."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from tminus.platform.server.stepping import keep_stepping

pytestmark = pytest.mark.django_db


def test_steps_go_on_over_a_database_that_is_away_until_the_last(caplog: pytest.LogCaptureFixture) -> None:
    answers = [True, OperationalError("away"), 0, None, False, True]

    def step() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    keep_stepping(step, threading.Event(), pause_s=0, again_s=0)
    assert answers == [True]
    assert "the database did not answer" in caplog.text


def test_no_step_is_taken_after_it_was_told_to_stop() -> None:
    stopping, taken = threading.Event(), []

    def step() -> None:
        taken.append(1)
        stopping.set()

    keep_stepping(step, stopping, pause_s=60, again_s=60)
    assert taken == [1]
