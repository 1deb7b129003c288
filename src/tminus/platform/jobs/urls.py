"""Addresses of jobs, under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.jobs import views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/progress/", views.progress, name="job-progress"),
]
