"""Kinds of jobs by dotted name, and what a running one can do."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.functional import Promise

from tminus.platform.jobs import progress
from tminus.platform.models import Event, Job, Person

WRITE_EVERY_S = 0.25


@dataclass(slots=True)
class Running:
    """The job as its body sees it."""

    job: Job
    args: dict[str, Any]
    _written: float = field(default=0.0)

    @property
    def event(self) -> Event | None:
        return self.job.event

    @property
    def person(self) -> Person | None:
        return self.job.started_by

    def progress(self, done: int, total: int, doing: str = "", **values: str) -> None:
        """Show how far it is; call as often as you like, it is written four times a second.

        ``doing`` is translated when it is read; what stands in its places (``%(n)s``) comes as ``values``.
        """
        now = time.monotonic()
        if done < total and now - self._written < WRITE_EVERY_S:
            return
        self._written = now
        progress.write(self.job.pk, done, total, doing, values)


Body = Callable[[Running], Any]


class Kind(NamedTuple):
    code: str
    body: Body
    again: bool
    name: Promise | str
    page: str


KINDS: dict[str, Kind] = {}


def job(code: str, *, again: bool = False, name: Promise | str = "", page: str = "") -> Callable[[Body], Body]:
    """Register the body of a kind of job; what it returns is the job's result (JSON).

    :param again: run it once more when the worker was killed under it; for bodies that do all or nothing.
    :param name: what people call it. :param page: name of the address at which its result is seen.
    """

    def keep(body: Body) -> Body:
        if code in KINDS:
            raise ValueError(f"job {code} is registered twice")
        KINDS[code] = Kind(code, body, again, name or code, page)
        return body

    return keep
