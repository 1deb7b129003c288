"""Addresses of live pages, under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.live.views import live

urlpatterns = [path("live/", live, name="live")]
