"""Addresses of wall screens: opened by their secret, not by signing in, so they stand outside ``/e/<event>/``."""

from django.urls import path

from tminus.desks.board import wall

urlpatterns = [
    path("wall/<str:token>/", wall.screen, name="wall"),
    path("wall/<str:token>/now.json", wall.stands, name="wall-now"),
]
