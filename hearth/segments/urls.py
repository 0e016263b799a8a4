"""Addresses of segments."""

from django.urls import path

from hearth.segments import views

app_name = "segments"
urlpatterns = [
    path("", views.segments, name="segments"),
    path("new/", views.new, name="new"),
    path("estimate/", views.estimate_rule, name="estimate"),
    path("<uuid:segment_id>/", views.segment, name="segment"),
    path("<uuid:segment_id>/edit/", views.edit, name="edit"),
    path("<uuid:segment_id>/count/", views.count, name="count"),
    path("<uuid:segment_id>/why/", views.why, name="why"),
]
