"""The address of the counters' own door: opened by a counter's key, so it stands outside ``/e/<event>/``."""

from django.urls import path

from tminus.desks.passengers.door import door

urlpatterns = [path("counts/", door, name="counts-door")]
