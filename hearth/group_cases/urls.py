"""Addresses of group complaints."""

from django.urls import path

from hearth.group_cases import views

app_name = "group_cases"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("new/", views.new, name="new"),
    path("<uuid:group_id>/", views.group, name="group"),
    path("<uuid:group_id>/change/", views.change, name="change"),
    path("<uuid:group_id>/cases/", views.add, name="add"),
    path("<uuid:group_id>/cases/<uuid:child_id>/take-out/", views.take_out, name="take_out"),
    path("<uuid:group_id>/households/<uuid:household_id>/leave/", views.leave, name="leave"),
    path("<uuid:group_id>/households/<uuid:household_id>/represent/", views.represent, name="represent"),
    path("<uuid:group_id>/sign/", views.sign, name="sign"),
    path("<uuid:group_id>/close/", views.close, name="close"),
]
