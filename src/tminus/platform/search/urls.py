"""Addresses of search, under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/palette/", views.palette, name="search-palette"),
]
