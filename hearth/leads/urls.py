"""Addresses of leads."""

from django.urls import path

from hearth.leads import views

app_name = "leads"
urlpatterns = [
    path("", views.leads, name="leads"),
    path("visit/", views.visit, name="visit"),
    path("new/", views.new, name="new"),
    path("grades/", views.grades, name="grades"),
    path("grades/<int:grade_id>/", views.grade, name="grade"),
    path("<uuid:lead_id>/", views.lead, name="lead"),
    path("<uuid:lead_id>/follow-up/", views.work, name="follow_up"),
    path("<uuid:lead_id>/assign/", views.assign, name="assign"),
    path("<uuid:lead_id>/release/", views.release, name="release"),
    path("<uuid:lead_id>/claim/", views.claim, name="claim"),
    path("<uuid:lead_id>/won/", views.win, name="win"),
    path("<uuid:lead_id>/lost/", views.lose, name="lose"),
    path("<uuid:lead_id>/open/", views.reopen, name="reopen"),
]
