"""The event model every desk shares."""

from tminus.platform.models.account import ApiToken, OneTimeLink
from tminus.platform.models.duty import Comment, Duty, DutyState, DutyStep, Evidence
from tminus.platform.models.event import ClockShift, Event, Phase, TDay
from tminus.platform.models.job import Job, JobState
from tminus.platform.models.kept_answer import KeptAnswer
from tminus.platform.models.notice import CalendarToken, Notice, NoticePreference
from tminus.platform.models.organisation import Appointment, Post, Rank, Reach, Unit, UnitKind
from tminus.platform.models.person import Person, PersonKey
from tminus.platform.models.record import RecordHead, RecordLine

__all__ = [
    "ApiToken",
    "Appointment",
    "CalendarToken",
    "ClockShift",
    "Comment",
    "Duty",
    "DutyState",
    "DutyStep",
    "Event",
    "Evidence",
    "Job",
    "JobState",
    "KeptAnswer",
    "Notice",
    "NoticePreference",
    "OneTimeLink",
    "Person",
    "PersonKey",
    "Phase",
    "Post",
    "Rank",
    "Reach",
    "RecordHead",
    "RecordLine",
    "TDay",
    "Unit",
    "UnitKind",
]
