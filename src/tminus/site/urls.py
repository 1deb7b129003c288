"""Every address. An event's pages stand under ``/e/<event>/``; each slice lists its own in ``urls.py``."""

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("tminus.platform.urls")),
    path("", include("tminus.desks.board.wall_urls")),
    path("", include("tminus.desks.passengers.intake_urls")),
    path("e/<slug:event>/", include("tminus.desks.planning.urls")),
    path("e/<slug:event>/", include("tminus.desks.board.urls")),
    path("e/<slug:event>/", include("tminus.desks.passengers.urls")),
]

handler500 = "tminus.platform.database_away.server_error"
