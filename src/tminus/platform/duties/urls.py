"""Addresses of duties, under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.duties import views

urlpatterns = [
    path("duties/", views.mine, name="my-duties"),
    path("duties/units/", views.units, name="unit-duties"),
    path("duties/<int:pk>/", views.duty, name="duty"),
    path("duties/<int:pk>/<slug:step>/", views.take, name="duty-step"),
    path("duties/<int:pk>/papers/<int:paper>/", views.paper, name="duty-paper"),
    path("duties/<int:pk>/evidence/<int:evidence>/", views.evidence, name="duty-evidence"),
]
