"""Addresses of this app."""

from django.urls import path

from hearth.accounts import bell_views, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("language/", views.language, name="language"),
    path("sessions/<int:pk>/end/", views.end, name="end_session"),
    path("sessions/end-others/", views.end_others, name="end_other_sessions"),
    path("tokens/add/", views.add_token, name="add_token"),
    path("tokens/<int:pk>/revoke/", views.remove_token, name="revoke_token"),
    path("bell/", bell_views.bell, name="bell"),
    path("activity/", bell_views.activity, name="activity"),
    path("notifications/", bell_views.notifications, name="notifications"),
    path("notifications/read/", bell_views.read_all, name="read_all"),
    path("notifications/<uuid:pk>/open/", bell_views.open_notification, name="open_notification"),
]
