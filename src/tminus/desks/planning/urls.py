"""Addresses of the planning desk."""

from django.urls import URLPattern, URLResolver, path, re_path

from tminus.desks.planning.views import checkpoints, operations_map, timetable

urlpatterns: list[URLPattern | URLResolver] = [
    path("checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    re_path(r"^checkpoints/(?P<t>T[-−+]?\d+)/$", checkpoints.checkpoint, name="checkpoint"),
    path("timetable/", timetable.timetable, name="timetable"),
    path("timetable/what-if/", timetable.what_if, name="timetable-what-if"),
    path("timetable/move/", timetable.move, name="timetable-move"),
    path("timetable/reschedule/", checkpoints.reschedule, name="timetable-reschedule"),
    path("timetable/publish/", checkpoints.publish, name="timetable-publish"),
    path("map/", operations_map.operations_map, name="map"),
]
