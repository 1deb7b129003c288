"""Addresses of the list of events and of an event's settings."""

from django.urls import path

from tminus.platform.events import views

urlpatterns = [
    path("", views.home, name="home"),
    path("events/new/", views.new, name="event-new"),
    path("events/copy/", views.copy, name="event-copy"),
    path("e/<slug:event>/", views.event_home, name="event-home"),
    path("e/<slug:event>/next/", views.next_steps, name="next-steps"),
    path("e/<slug:event>/settings/", views.settings_page, name="event-settings"),
]
