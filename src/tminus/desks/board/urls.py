"""Addresses of the board desk."""

from django.urls import path, re_path

from tminus.desks.board import views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/weights/", views.weights, name="outcome-weights"),
    path("board/weights/set/", views.set_weight, name="outcome-weight-set"),
    re_path(r"^checkpoints/(?P<t>T[-−]?\d+)/report\.(?P<form>pdf|xlsx)$", views.report, name="checkpoint-report"),
]
