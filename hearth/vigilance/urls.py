"""Addresses of alarms."""

from django.urls import path

from hearth.vigilance import emergency_views, read_views, views

app_name = "vigilance"
urlpatterns = [
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/<uuid:alarm_id>/", views.alarm, name="alarm"),
    path("alarms/<uuid:alarm_id>/examine/", views.examine, name="examine"),
    path("alarms/<uuid:alarm_id>/close/", views.close, name="close"),
    path("reads/", read_views.reads, name="reads"),
    path("rules/", views.rules, name="rules"),
    path("rules/<slug:code>/", views.rule, name="rule"),
    path("emergency/", emergency_views.emergency, name="emergency"),
    path("canaries/", views.canaries, name="canaries"),
    path("canaries/<uuid:customer_id>/lift/", views.lift, name="lift"),
]
