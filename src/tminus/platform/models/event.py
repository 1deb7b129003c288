"""The event: its names, zone, opening, phases, and dates counted as T−n and T+n."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language


class TDay(NamedTuple):
    """A day counted from opening: negative before, 0 on opening day, positive after it."""

    n: int

    def __str__(self) -> str:
        return f"T+{self.n}" if self.n > 0 else f"T−{-self.n}"

    @classmethod
    def parse(cls, text: str) -> TDay:
        """Read ``T-80``, ``T−80``, ``T+3`` or ``T0``.

        :raises ValueError: anything else, named with what is allowed.
        """
        digits = text.strip().upper().replace("−", "-").replace("–", "-").removeprefix("T")
        try:
            return cls(int(digits))
        except ValueError:
            raise ValueError(f"{text!r} is not a day of the event; allowed: T-80, T-0, T+3") from None


class Phase(NamedTuple):
    id: str
    name_en: str
    name_zh: str
    from_t: int
    to_t: int

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)


DEFAULT_PHASES = [
    Phase("preparation", "Preparation", "筹备", -400, -8),
    Phase("move_in", "Move-in", "布展", -7, -1),
    Phase("live", "Live", "举办", 0, 5),
    Phase("move_out", "Move-out", "撤展", 6, 9),
    Phase("close_out", "Close-out", "收尾", 10, 60),
]


def default_phases() -> list[list[object]]:
    return [list(phase) for phase in DEFAULT_PHASES]


def known_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("%(value)s is not a time zone; for example: Asia/Shanghai"), params={"value": value})


class Event(models.Model):
    """One event of this installation."""

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai", validators=[known_zone])
    opening = models.DateField(_("opening day"))
    closing = models.DateField(_("closing day"))
    checkpoint_days = models.PositiveSmallIntegerField(_("days between checkpoints"), default=10)
    phases = models.JSONField(_("phases"), default=default_phases)
    fictional = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("event")
        ordering: ClassVar = ["-opening"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def opens_at(self) -> datetime:
        """T−0: local midnight with which opening day begins."""
        return datetime.combine(self.opening, time.min, tzinfo=self.zone)

    def t(self, day: date | datetime) -> TDay:
        """Count a day, or the event-local day of an instant, from opening."""
        if isinstance(day, datetime):
            day = day.astimezone(self.zone).date() if day.tzinfo else day.date()
        return TDay((day - self.opening).days)

    def day(self, t: TDay | int) -> date:
        return self.opening + timedelta(days=t if isinstance(t, int) else t.n)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def phase_list(self) -> list[Phase]:
        return [Phase(*phase) for phase in self.phases]

    def phase_on(self, day: date) -> Phase | None:
        n = self.t(day).n
        return next((phase for phase in self.phase_list() if phase.from_t <= n <= phase.to_t), None)

    def checkpoint_dates(self, first_t: int = -100) -> list[date]:
        """Checkpoints back from opening, the earliest first, ending on opening day itself."""
        count = -first_t // self.checkpoint_days
        return [self.opening - timedelta(days=self.checkpoint_days * k) for k in range(count, -1, -1)]


class ClockShift(models.Model):
    """Since ``real_from`` the event's clock stands at ``event_from`` and runs on at ``rate``."""

    class Reason(models.TextChoices):
        DEMONSTRATION = "demonstration", _("demonstration")
        EXERCISE = "exercise", _("exercise")

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="clock_shift")
    real_from = models.DateTimeField()
    event_from = models.DateTimeField()
    rate = models.FloatField(default=1.0)
    reason = models.CharField(max_length=20, choices=Reason.choices, default=Reason.DEMONSTRATION)

    def __str__(self) -> str:
        return f"{self.event_id}: {self.event_from} since {self.real_from}"
