"""Addresses of this app."""

from django.urls import path

from hearth.channels import views

app_name = "channels"
urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/<uuid:message_id>/again/", views.repeat_message, name="repeat_message"),
    path("contacts/<uuid:interaction_id>/pin/", views.pin, name="pin"),
    path("files/<uuid:attachment_id>/", views.file, name="file"),
]
