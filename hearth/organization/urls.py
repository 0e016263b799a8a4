"""Addresses of this app."""

from django.urls import path

from hearth.organization.views import field_rules, people, rules, units

app_name = "organization"
urlpatterns = [
    path("", units.tree, name="tree"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/add/", units.add_unit, name="add_unit"),
    path("units/<int:pk>/rename/", units.rename_unit, name="rename_unit"),
    path("units/<int:pk>/move/", units.move_unit, name="move_unit"),
    path("units/<int:pk>/close/", units.close_unit, name="close_unit"),
    path("units/<int:pk>/appoint/", people.appoint_at, name="appoint_at"),
    path("units/<int:pk>/settings/<str:key>/", rules.setting, name="setting"),
    path("units/<int:pk>/calendar/", rules.calendar, name="calendar"),
    path("units/<int:pk>/calendar/day/", rules.calendar_day, name="calendar_day"),
    path("users/", people.users, name="users"),
    path("users/add/", people.add_user, name="add_user"),
    path("users/invite/", people.invite, name="invite"),
    path("users/<int:pk>/invite/", people.invite_once_more, name="invite_again"),
    path("users/<int:pk>/", people.user, name="user"),
    path("users/<int:pk>/appoint/", people.appoint_user, name="appoint_user"),
    path("users/<int:pk>/deactivate/", people.deactivate, name="deactivate_user"),
    path("users/<int:pk>/reactivate/", people.reactivate, name="reactivate_user"),
    path("memberships/<int:pk>/end/", people.end, name="end_membership"),
    path("roles/", rules.roles, name="roles"),
    path("roles/<int:pk>/", rules.role, name="role"),
    path("fields/", field_rules.field_rules, name="field_rules"),
    path("fields/<int:pk>/<slug:field>/<int:unit_pk>/remove/", field_rules.remove, name="remove_field_rule"),
]
