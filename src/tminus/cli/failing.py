"""A user's mistake is one line on standard error and exit code 2; never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from tminus.engines.schedule.model import PlanError
from tminus.formats.problems import BadFile

EXIT_BAD_INPUT = 2


@contextmanager
def told() -> Iterator[None]:
    try:
        yield
    except (BadFile, PlanError) as error:
        fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; nothing more to say


def fail(message: str) -> NoReturn:
    """Say what is wrong on one line and stop."""
    sys.stderr.write(f"tminus: {' '.join(message.split())}\n")
    raise SystemExit(EXIT_BAD_INPUT)
