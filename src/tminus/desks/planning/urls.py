"""Addresses of the planning desk."""

from django.urls import URLPattern, URLResolver, path

from tminus.desks.planning.views import (
    baselines,
    book,
    checkpoints,
    exporting,
    frozen,
    imports,
    operations_map,
    timetable,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("book/", book.book, name="book"),
    path("book/assign/", book.assign, name="book-assign"),
    path("book/new/", book.create, name="book-new"),
    path("book/undo/", book.undo, name="book-undo"),
    path("export/plan.<str:form>", exporting.export, name="plan-export"),
    path("export/template.xlsx", exporting.template, name="plan-template"),
    path("book/t/<path:key>/act/<slug:name>/", book.act, name="task-act"),
    path("book/t/<path:key>/", book.task, name="task"),
    path("import/", imports.hand_in, name="plan-import"),
    path("import/<int:pk>/", imports.one, name="plan-import-one"),
    path("import/<int:pk>/columns/", imports.adjust, name="plan-import-columns"),
    path("import/<int:pk>/apply/", imports.apply, name="plan-import-apply"),
    path("import/<int:pk>/problems.csv", imports.problems, name="plan-import-problems"),
    path("checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("checkpoints/automatic/", frozen.automatic, name="checkpoints-automatic"),
    path("checkpoints/<str:t>/", checkpoints.checkpoint, name="checkpoint"),
    path("checkpoints/<str:t>/freeze/", frozen.freeze, name="checkpoint-freeze"),
    path("frozen/<int:number>/", frozen.frozen, name="frozen"),
    path("frozen/<int:number>/document.json", frozen.document, name="frozen-document"),
    path("frozen/<int:number>/compare/", frozen.compare, name="frozen-compare"),
    path("timetable/", timetable.timetable, name="timetable"),
    path("timetable/what-if/", timetable.what_if, name="timetable-what-if"),
    path("timetable/move/", timetable.move, name="timetable-move"),
    path("timetable/reschedule/", checkpoints.reschedule, name="timetable-reschedule"),
    path("timetable/publish/", checkpoints.publish, name="timetable-publish"),
    path("baselines/", baselines.baselines, name="baselines"),
    path("baselines/export.xlsx", baselines.exported, name="baselines-export"),
    path("map/", operations_map.operations_map, name="map"),
    path("map/day.json", operations_map.day, name="map-day"),
    path("map/ground.json", operations_map.ground, name="map-ground"),
]
