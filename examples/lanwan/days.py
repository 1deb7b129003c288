"""Days counted from opening, and the two working calendars of the event."""

from datetime import date, timedelta

OPENING = date(2026, 11, 5)
CLOSING = date(2026, 11, 10)
AS_OF_T = -80

# State Council notice on 2026 holidays, as the `holidays` package publishes it (the tests compare).
HOLIDAYS = (
    [date(2026, 6, 19)]
    + [date(2026, 9, 25) + timedelta(n) for n in range(3)]
    + [date(2026, 10, 1) + timedelta(n) for n in range(7)]
)
MAKE_UP_DAYS = [date(2026, 9, 20), date(2026, 10, 10)]
STANDARD, SEVEN_DAY = "standard", "seven-day"


def on(t: int) -> date:
    """The calendar date of T+t (T-80 is t = -80)."""
    return OPENING + timedelta(t)


def t_of(day: date) -> int:
    """Days from opening: negative before it."""
    return (day - OPENING).days


def is_working(day: date, calendar: str) -> bool:
    if calendar == SEVEN_DAY or day in MAKE_UP_DAYS:
        return True
    return day.weekday() < 5 and day not in HOLIDAYS


def at_or_after(day: date, calendar: str) -> date:
    """The first working day on or after `day`."""
    while not is_working(day, calendar):
        day += timedelta(1)
    return day


def at_or_before(day: date, calendar: str) -> date:
    """The last working day on or before `day`."""
    while not is_working(day, calendar):
        day -= timedelta(1)
    return day


def shift(day: date, working_days: int, calendar: str) -> date:
    """`day` moved by a number of working days, either way; `day` itself must be a working day."""
    step = timedelta(1 if working_days > 0 else -1)
    left = abs(working_days)
    while left:
        day += step
        left -= is_working(day, calendar)
    return day


def working_days(first: date, last: date, calendar: str) -> int:
    """Working days from `first` to `last`, both included; 0 where last is earlier."""
    span = (last - first).days + 1
    return sum(is_working(first + timedelta(n), calendar) for n in range(max(span, 0)))


def calendar_document() -> dict[str, object]:
    """calendar.json: one working day is 8 hours in both calendars."""
    hours = [["09:00", "17:00"]]
    return {
        "name": STANDARD,
        "working_weekdays": [0, 1, 2, 3, 4],
        "hours": hours,
        "holidays": [day.isoformat() for day in HOLIDAYS],
        "workdays": [day.isoformat() for day in MAKE_UP_DAYS],
        "calendars": {SEVEN_DAY: {"working_weekdays": list(range(7)), "hours": hours, "holidays": [], "workdays": []}},
    }
