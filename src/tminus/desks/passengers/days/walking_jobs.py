"""The jobs of days that wait or run, and those that came to nothing."""

from __future__ import annotations

from tminus.platform.models import Event, Job, JobState

WALK, PROPOSE = "passengers.day", "passengers.day.proposal"


def under_way(event: Event | None, kind: str = "", key: str = "") -> list[Job]:
    """Of one scenario where ``key`` is given; the one started last first."""
    rows = Job.objects.filter(event=event, state__in=(JobState.WAITING, JobState.RUNNING))
    rows = rows.filter(kind__in=[kind] if kind else [WALK, PROPOSE]).select_related("started_by").order_by("-id")
    return [row for row in rows if not key or row.args.get("key") == key]


def failed_last(event: Event | None) -> dict[str, Job]:
    """By the key of a scenario: the job begun last for it, where it failed."""
    rows = Job.objects.filter(event=event, kind__in=[WALK, PROPOSE]).select_related("started_by").order_by("id")
    latest = {row.args.get("key", ""): row for row in rows}
    return {key: row for key, row in latest.items() if row.state == JobState.FAILED}
