"""What is answered when something went wrong: the database is away, full or cannot be written, or it is our mistake."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

AGAIN_S = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database does not answer or cannot be written, 500 otherwise; neither asks the database."""
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status = 503 if away else 500
    if request.path.startswith("/api/"):
        message = "the database does not answer; nothing was saved, try again" if away else "something went wrong"
        answer: HttpResponse = JsonResponse({"error": {"field": "", "value": None, "message": message}}, status=status)
    else:
        answer = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if away:
        answer["Retry-After"] = str(AGAIN_S)
    return answer
