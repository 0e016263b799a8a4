"""Addresses of cases."""

from django.urls import path

from hearth.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("new/", views.new, name="new"),
    path("times/", views.times, name="times"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("<uuid:case_id>/answer/", views.answer, name="answer"),
    path("<uuid:case_id>/change/", views.change, name="change"),
    path("<uuid:case_id>/close/", views.close, name="close"),
]
