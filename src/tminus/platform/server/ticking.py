"""The ticker process: ``python -m tminus.platform.server.ticking``. ``tminus serve`` keeps it running."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time


def every_s() -> float:
    """Seconds between two ticks.

    :raises ValueError: ``TMINUS_TICK_S`` is no number of seconds, with what is allowed.
    """
    said = os.environ.get("TMINUS_TICK_S", "60")
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not 0.05 <= seconds <= 3600:  # also not a number
        raise ValueError(f"TMINUS_TICK_S: {said!r}; allowed: 0.05 … 3600 (seconds)")
    return seconds


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tminus.site.settings")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    signal.signal(signal.SIGINT, lambda number, frame: sys.exit(0))
    import django

    django.setup()
    from django.db import OperationalError, close_old_connections

    from tminus.platform.ticker import tick_all

    pause = every_s()
    while True:
        close_old_connections()
        try:
            tick_all()
        except OperationalError:  # the database is away for a moment: the next tick catches up
            logging.getLogger(__name__).exception("the database did not answer")
        time.sleep(pause)


if __name__ == "__main__":
    main()
