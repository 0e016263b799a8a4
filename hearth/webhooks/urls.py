"""Addresses of this app."""

from django.urls import path

from hearth.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoints, name="endpoints"),
    path("new/", views.new, name="new"),
    path("<uuid:endpoint_id>/", views.endpoint, name="endpoint"),
    path("<uuid:endpoint_id>/change/", views.change, name="change"),
    path("<uuid:endpoint_id>/pause/", views.pause, name="pause"),
    path("<uuid:endpoint_id>/resume/", views.resume, name="resume"),
    path("<uuid:endpoint_id>/remove/", views.remove, name="remove"),
    path("<uuid:endpoint_id>/rotate/", views.rotate, name="rotate"),
    path("<uuid:endpoint_id>/test/", views.try_out, name="try"),
    path("<uuid:endpoint_id>/replay/", views.replay, name="replay"),
    path("deliveries/<uuid:delivery_id>/replay/", views.replay_one, name="replay_one"),
]
