"""Addresses of the passengers desk."""

from django.urls import path

from tminus.desks.passengers.views import (
    accuracy,
    analogues,
    counters,
    forecast_files,
    forecast_map,
    forecasts,
    outlook,
    tables,
    today,
    watching,
)

urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/now.json", today.now, name="today-now"),
    path("today/forecast/", watching.today, name="today-forecast"),
    path("forecast/", forecasts.forecast, name="forecast"),
    path("forecast/start/", forecasts.start, name="forecast-start"),
    path("forecast/accuracy/", accuracy.accuracy, name="forecast-accuracy"),
    path("forecast/outlook/", outlook.outlook, name="forecast-outlook"),
    path("forecast/outlook/undo/", outlook.undo, name="forecast-outlook-undo"),
    path("forecast/like/", analogues.analogues, name="analogues"),
    path("forecast/like/remove/", analogues.remove, name="analogues-remove"),
    path("forecast/like/undo/", analogues.undo, name="analogues-undo"),
    path("forecast/files/", forecast_files.hand_in, name="forecast-files"),
    path("forecast/files/<int:pk>/", forecast_files.one, name="forecast-file"),
    path("forecast/files/<int:pk>/take/", forecast_files.take, name="forecast-file-take"),
    path("forecast/map/", forecast_map.forecast_map, name="forecast-map"),
    path("forecast/map/slot/", forecast_map.slot, name="forecast-map-slot"),
    path("forecast/map/ground.svg", forecast_map.ground, name="forecast-map-ground"),
    path("forecast/map/export/", forecast_map.exported, name="forecast-map-export"),
    path("forecast/day/<str:day>/", forecasts.day, name="forecast-day"),
    path("forecast/day/<str:day>/export/", forecasts.exported, name="forecast-export"),
    path("counters/", counters.counters, name="counters"),
    path("counters/c/<str:code>/", counters.counter, name="counter"),
    path("counters/c/<str:code>/<str:act>/", counters.counter_act, name="counter-act"),
    path("counters/import/", tables.hand_in, name="counters-import"),
    path("counters/import/<int:pk>/", tables.one, name="counters-import-one"),
    path("counters/import/<int:pk>/take/", tables.take, name="counters-import-take"),
    path("counters/export.csv", tables.export, name="counters-export"),
]
