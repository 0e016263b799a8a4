"""Addresses of this app."""

from django.urls import path

from hearth.properties import views

app_name = "properties"
urlpatterns = [
    path("", views.project_list, name="list"),
    path("new/", views.project_new, name="project_new"),
    path("<uuid:pk>/", views.project_detail, name="project"),
    path("<uuid:pk>/buildings/new/", views.building_new, name="building_new"),
    path("buildings/<uuid:pk>/", views.building_detail, name="building"),
    path("buildings/<uuid:pk>/units/new/", views.unit_new, name="unit_new"),
    path("units/", views.units, name="units"),
    path("units/<uuid:pk>/", views.unit_detail, name="unit"),
    path("units/<uuid:pk>/state/", views.unit_state, name="unit_state"),
]
