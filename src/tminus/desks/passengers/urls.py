"""Addresses of the passengers desk."""

from django.urls import path

from tminus.desks.passengers.views import counters, tables, today

urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/now.json", today.now, name="today-now"),
    path("counters/", counters.counters, name="counters"),
    path("counters/c/<str:code>/", counters.counter, name="counter"),
    path("counters/c/<str:code>/<str:act>/", counters.counter_act, name="counter-act"),
    path("counters/import/", tables.hand_in, name="counters-import"),
    path("counters/import/<int:pk>/", tables.one, name="counters-import-one"),
    path("counters/import/<int:pk>/take/", tables.take, name="counters-import-take"),
    path("counters/export.csv", tables.export, name="counters-export"),
]
