"""Addresses of the radar."""

from django.urls import path

from hearth.radar import views

app_name = "radar"
urlpatterns = [
    path("", views.alarms, name="alarms"),
    path("<uuid:alarm_id>/", views.alarm, name="alarm"),
    path("<uuid:alarm_id>/accept/", views.accept, name="accept"),
    path("<uuid:alarm_id>/dismiss/", views.dismiss, name="dismiss"),
    path("<uuid:alarm_id>/merge/", views.merge, name="merge"),
]
