"""``/healthz``: whether this process answers and reaches its database."""

from __future__ import annotations

from importlib.metadata import version

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path


def healthz(request: HttpRequest) -> JsonResponse:
    """200 with the version, or 503 when the database does not answer; nothing about what is in it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok", "version": version("tminus")})


urlpatterns = [path("healthz", healthz, name="healthz")]
