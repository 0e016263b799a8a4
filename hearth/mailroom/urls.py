"""Addresses of the mailroom."""

from django.urls import path

from hearth.mailroom import mailbox_views, views

app_name = "mailroom"
urlpatterns = [
    path("", views.mails, name="mails"),
    path("mailboxes/", mailbox_views.mailboxes, name="mailboxes"),
    path("mailboxes/new/", mailbox_views.new, name="new_mailbox"),
    path("mailboxes/<uuid:mailbox_id>/", mailbox_views.change, name="mailbox"),
    path("of-case/<uuid:case_id>/", views.of_case, name="of_case"),
    path("of-case/<uuid:case_id>/answer/", views.answer, name="answer"),
    path("of-case/<uuid:case_id>/kind/", views.kind, name="kind"),
    path("files/<uuid:file_id>/", views.file, name="file"),
    path("<uuid:mail_id>/", views.mail, name="mail"),
    path("<uuid:mail_id>/raw/", views.raw, name="raw"),
    path("<uuid:mail_id>/case/", views.make_case, name="make_case"),
    path("<uuid:mail_id>/attach/", views.attach, name="attach"),
    path("<uuid:mail_id>/dismiss/", views.dismiss, name="dismiss"),
]
