"""Addresses of the board desk."""

from django.urls import path

from tminus.desks.board import views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/weights/", views.weights, name="outcome-weights"),
    path("board/weights/set/", views.set_weight, name="outcome-weight-set"),
    path("checkpoints/<str:t>/report.<str:form>", views.report, name="checkpoint-report"),
    path("frozen/<int:number>/report.<str:form>", views.frozen_report, name="frozen-report"),
]
