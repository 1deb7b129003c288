"""Address of the event's clock."""

from django.urls import path

from tminus.platform.ticker import views

urlpatterns = [path("settings/clock/", views.clock_page, name="clock")]
