"""A user's mistake is one line on standard error and exit code 2; never a traceback."""

from __future__ import annotations

import errno
import os
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
        sys.stdout.flush()  # here, where a full disk can still be told in a line
    except (BadFile, PlanError) as error:
        fail(str(error))
    except MemoryError:
        fail("this needs more memory than there is; give it less at once")
    except BrokenPipeError:
        _nobody_reads()
    except OSError as error:
        if error.errno not in OUTPUT:
            raise
        fail(f"standard output: cannot be written ({error.strerror})")


OUTPUT = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF, errno.EFBIG})
"""Where no part of a command names the file it wrote, these came from what it prints."""


def _nobody_reads() -> None:
    """Whoever read us has gone; nothing more to say, also not when Python flushes what is left at its end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    raise SystemExit(0)


def fail(message: str) -> NoReturn:
    """Say what is wrong on one line and stop."""
    sys.stderr.write(f"tminus: {' '.join(message.split())}\n")
    raise SystemExit(EXIT_BAD_INPUT)
