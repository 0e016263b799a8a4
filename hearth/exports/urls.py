"""Addresses of files that go out."""

from django.urls import path

from hearth.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="list"),
    path("all/", views.all_exports, name="all"),
    path("approvals/", views.approvals, name="approvals"),
    path("new/<slug:key>/", views.new, name="new"),
    path("new/<slug:key>/<uuid:source_id>/", views.new_from_source, name="new-from"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/approve/", views.approve, name="approve"),
    path("<uuid:pk>/refuse/", views.refuse, name="refuse"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/file/", views.download, name="file"),
]
