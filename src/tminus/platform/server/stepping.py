"""Child processes of ``tminus serve`` that take one step after another until they are told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType


def made_ready() -> threading.Event:
    """Set up Django and the registry; what comes back is set as soon as the process is told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tminus.site.settings")
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    import django

    django.setup()
    from tminus.platform.registry import load_registry

    load_registry()
    logging.getLogger("tminus").setLevel(logging.INFO)
    return stopping


def keep_stepping(step: Callable[[], object], stopping: threading.Event, *, pause_s: float, again_s: float) -> None:
    """Step until a step was the last or ``stopping`` is set.

    :param step: takes one step; ``False`` says that it was the last.
    :param pause_s: between two steps.
    :param again_s: before a step the database did not answer to is taken once more.
    """
    from django.db import DatabaseError, close_old_connections

    going = True
    while going and not stopping.is_set():
        close_old_connections()
        try:
            going = step() is not False
        except DatabaseError:  # away for a moment
            logging.getLogger(step.__module__).exception("the database did not answer")
            stopping.wait(again_s)
        else:
            stopping.wait(pause_s)
