"""Addresses under ``/e/<event>/`` of what every desk uses: duties, notices, jobs, live."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tminus.platform.duties.urls")),
    path("", include("tminus.platform.notices.urls")),
    path("", include("tminus.platform.jobs.urls")),
    path("", include("tminus.platform.live.urls")),
    path("", include("tminus.platform.search.urls")),
    path("", include("tminus.platform.ticker.urls")),
]
