"""A harbour with one duty in it: the paver is to pave the quay, due in ten days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.harbour import Harbour
from tests.platform.duties.steps import DUE, NOW, new_duty
from tminus.platform.models import ClockShift, Duty


@pytest.fixture
def clock(harbour: Harbour) -> object:
    """``clock(at)`` sets the event's clock."""

    def stand_at(at: datetime) -> None:
        from django.utils import timezone

        ClockShift.objects.update_or_create(
            event=harbour.event, defaults={"real_from": timezone.now(), "event_from": at, "rate": 0.0}
        )

    stand_at(NOW)
    return stand_at


@pytest.fixture
def duty(harbour: Harbour, clock: object) -> Duty:
    assert timedelta(days=9) < DUE - NOW
    return new_duty(harbour)
