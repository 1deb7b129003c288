"""Addresses of what every desk uses: sign-in, events, organisation, duties, record, notices, jobs, live."""

from django.urls import URLPattern, URLResolver, include, path

from tminus.platform.api import api
from tminus.platform.notices.views import calendar

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("", include("tminus.platform.server.health")),
    path("", include("tminus.platform.accounts.urls")),
    path("", include("tminus.platform.events.urls")),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("e/<slug:event>/", include("tminus.platform.organisation.urls")),
    path("e/<slug:event>/", include("tminus.platform.recordbook.urls")),
    path("e/<slug:event>/", include("tminus.platform.event_urls")),
]
