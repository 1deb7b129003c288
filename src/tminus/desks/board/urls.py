"""Addresses of the board desk."""

from django.urls import path

from tminus.desks.board import views, wall

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/weights/", views.weights, name="outcome-weights"),
    path("board/weights/set/", views.set_weight, name="outcome-weight-set"),
    path("checkpoints/<str:t>/report.<str:form>", views.report, name="checkpoint-report"),
    path("frozen/<int:number>/report.<str:form>", views.frozen_report, name="frozen-report"),
    path("walls/", wall.walls, name="walls"),
    path("walls/<int:pk>/off/", wall.switch_off, name="wall-off"),
]
