"""Addresses of the record under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.recordbook import views

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/export.<str:form>", views.export, name="record-export"),
]
