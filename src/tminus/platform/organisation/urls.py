"""Addresses of the organisation under ``/e/<event>/``."""

from django.urls import path

from tminus.platform.organisation import views

urlpatterns = [
    path("organisation/", views.chart, name="organisation"),
    path("organisation/units/<str:code>/", views.unit, name="unit"),
    path("organisation/people/", views.people, name="people"),
    path("organisation/people/<int:number>/", views.person, name="person"),
    path("organisation/import/", views.import_sheet, name="organisation-import"),
    path("organisation/sheet.xlsx", views.export, name="organisation-export"),
    path("organisation/template.xlsx", views.template, name="organisation-template"),
]
