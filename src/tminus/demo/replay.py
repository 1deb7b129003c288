"""The replay process: ``python -m tminus.demo.replay EVENT FOLDER SPEED``, kept running by ``tminus demo``.

The event's clock runs ``SPEED`` times as fast as real time, and the readings of the folder's live day go to the
counters' intake as it passes them. It ends when the day is over, and the clock then runs as fast as any other; so it
does when the process is stopped, that no night at sixty times the speed passes while nobody looks. What the intake
has it takes once: a process started again begins at the first reading.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tminus.platform.server.stepping import keep_stepping, made_ready

if TYPE_CHECKING:
    from tminus.demo.live_day import Sent
    from tminus.platform.models import Event

LOG = logging.getLogger("tminus.demo.replay")
STEP_S = 1.0
"""Real seconds between two looks at the clock."""
OVERRUN = timedelta(hours=1)
"""A clock found farther than this beyond the day's end ran on unwatched and is set back to it."""
CHANNEL = "replay"


class Replay:
    """The rest of the event's day from the instant at which it is begun."""

    def __init__(self, event: Event, sent: Sequence[Sent], speed: float) -> None:
        """Set the clock to run at ``speed`` unless it does; the record keeps that the replay did."""
        from tminus.demo.live_day import of_day
        from tminus.platform import clock

        self.event, self.speed, self.next = event, speed, 0
        shift, now = clock.shift_of(event), clock.now(event)
        running = shift is not None and shift.rate == speed != 1
        # a clock that ran on while nobody watched is still in the day it was begun in
        begun = shift.event_from.astimezone(event.zone) if shift is not None and running else now
        self.sent = of_day(sent, begun.date())
        ends = max((one.came for one in self.sent), default=datetime.min).replace(tzinfo=event.zone)
        midnight = datetime.combine(begun.date() + timedelta(days=1), time(), event.zone)
        self.until, self.feeds = (ends, True) if ends > begun else (midnight, False)
        if not running and speed != 1:
            self._shift(now, speed)

    @property
    def has_work(self) -> bool:
        """Whether there is a clock to watch or anything to hand over."""
        return self.speed != 1 or self.feeds

    def step(self) -> bool:
        """Hand over what the clock has passed; whether the day goes on."""
        from tminus.demo.live_day import take_in
        from tminus.platform import clock

        now = clock.now(self.event)
        come = self.next
        while come < len(self.sent) and self.sent[come].came.replace(tzinfo=self.event.zone) <= now:
            come += 1
        if come > self.next:
            take_in(self.event, self.sent[self.next : come])
            self.next = come
        return now < self.until

    def settle(self) -> None:
        """From here the clock runs as fast as any other."""
        from tminus.platform import clock

        shift, now = clock.shift_of(self.event), clock.now(self.event)
        if shift is not None and shift.rate == self.speed != 1:  # else somebody has set it meanwhile
            self._shift(self.until if now > self.until + OVERRUN else now, 1.0)

    def _shift(self, at: datetime, rate: float) -> None:
        from tminus.platform.registry import perform

        args = {"at": at.isoformat(), "rate": rate, "reason": "demonstration"}
        perform("clock.shift", args, event=self.event, system=True, channel=CHANNEL)


def main() -> None:
    stopping = made_ready()
    from tminus.demo.live_day import FILE, sent_in
    from tminus.platform import clock
    from tminus.platform.models import Event

    slug, folder, speed = sys.argv[1:4]
    file = Path(folder) / FILE
    replay = Replay(Event.objects.get(slug=slug), sent_in(file.read_bytes() if file.exists() else b""), float(speed))
    if replay.has_work:  # what was not taken while the database was away is handed over again
        keep_stepping(replay.step, stopping, pause_s=STEP_S, again_s=STEP_S)
    replay.settle()
    LOG.info("the replay of %s ends, by its clock at %s", slug, clock.now(replay.event))


if __name__ == "__main__":
    main()
