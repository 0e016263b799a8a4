"""Addresses of this app."""

from django.urls import path

from hearth.channels import template_views, views

app_name = "channels"
urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/<uuid:message_id>/again/", views.repeat_message, name="repeat_message"),
    path("contacts/<uuid:interaction_id>/pin/", views.pin, name="pin"),
    path("contacts/<uuid:interaction_id>/mark/", views.mark, name="mark"),
    path("contacts/<uuid:interaction_id>/reveal/", views.reveal, name="reveal"),
    path("templates/", template_views.templates, name="templates"),
    path("templates/new/", template_views.new_template, name="new_template"),
    path("templates/<uuid:template_id>/", template_views.template, name="template"),
    path("files/<uuid:attachment_id>/", views.file, name="file"),
]
