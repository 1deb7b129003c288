"""TaskJuggler projects (.tjp): the part that schedules, read and scheduled by that tool's own rules."""

from tminus.formats.taskjuggler.reader import read_taskjuggler

__all__ = ["read_taskjuggler"]
