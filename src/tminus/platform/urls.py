"""Addresses of what every desk uses: sign-in, events, organisation, duties, record, notices, jobs, live."""

from django.urls import URLPattern, URLResolver, include, path

from tminus.platform.notices.views import calendar

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tminus.platform.server.health")),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("e/<slug:event>/", include("tminus.platform.event_urls")),
]
