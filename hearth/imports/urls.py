"""Addresses of this app."""

from django.urls import path

from hearth.imports import mapping_views, source_views, views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.new_import, name="new"),
    path("template/<slug:kind>/", views.template_file, name="template"),
    path("<uuid:pk>/", views.import_detail, name="detail"),
    path("<uuid:pk>/reading/", views.read_again, name="reading"),
    path("<uuid:pk>/mapping/", views.map_and_check, name="mapping"),
    path("<uuid:pk>/commit/", views.commit_import, name="commit"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/pause/", views.pause, name="pause"),
    path("<uuid:pk>/resume/", views.resume, name="resume"),
    path("<uuid:pk>/revert/", views.revert, name="revert"),
    path("<uuid:pk>/revert/report/", views.revert_report, name="revert-report"),
    path("sources/", source_views.source_list, name="sources"),
    path("sources/new/", source_views.new_source, name="source-new"),
    path("sources/<uuid:pk>/", source_views.edit_source, name="source-edit"),
    path("sources/<uuid:pk>/look/", source_views.look_now, name="source-look"),
    path("sources/<uuid:pk>/forget/", source_views.forget_source, name="source-forget"),
    path("mappings/", mapping_views.mapping_list, name="mappings"),
    path("mappings/<uuid:pk>/", mapping_views.mapping_edit, name="mapping-edit"),
    path("mappings/<uuid:pk>/forget/", mapping_views.mapping_forget, name="mapping-forget"),
    path("<uuid:pk>/result/", views.result_file, name="result"),
    path("<uuid:pk>/source/", views.source_file, name="source"),
]
