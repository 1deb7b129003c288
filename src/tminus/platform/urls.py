"""Addresses of what every desk uses: sign-in, events, organisation, duties, record, notices, jobs, live."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
