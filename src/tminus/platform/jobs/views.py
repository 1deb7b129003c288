"""Pages of jobs and the part of a page that shows one's progress."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tminus.platform.asking import asked


@login_required
@require_GET
def jobs(request: HttpRequest, event: str) -> HttpResponse:
    return render(request, "jobs/list.html", asked(request, "job.list"))


@login_required
@require_GET
def job(request: HttpRequest, event: str, pk: int) -> HttpResponse:
    return render(request, "jobs/job.html", {"job": asked(request, "job.show", {"job": pk})})


@login_required
@require_GET
def progress(request: HttpRequest, event: str, pk: int) -> HttpResponse:
    """The part alone; it asks for itself again each second until the job has ended."""
    return render(request, "jobs/progress.html", {"job": asked(request, "job.show", {"job": pk})})
