"""Addresses of incidents."""

from django.urls import path

from hearth.registers import views

app_name = "registers"
urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.new_incident, name="new_incident"),
    path("incidents/<uuid:incident_id>/", views.incident, name="incident"),
    path("incidents/<uuid:incident_id>/extent/", views.judge, name="judge"),
    path("incidents/<uuid:incident_id>/authority/", views.authority, name="authority"),
    path("incidents/<uuid:incident_id>/notice/", views.notice, name="notice"),
    path("incidents/<uuid:incident_id>/note/", views.note, name="note"),
    path("incidents/<uuid:incident_id>/close/", views.close, name="close"),
    path("incidents/<uuid:incident_id>/search/", views.search, name="search"),
    path("affected/", views.affected, name="affected"),
    path("affected/<uuid:affected_id>/", views.affected_person, name="affected_person"),
]
