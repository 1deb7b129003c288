"""Addresses of notices, under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/settings/", views.settings_page, name="notice-settings"),
    path("notices/calendar/", views.renew, name="calendar-renew"),
]
