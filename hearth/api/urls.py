"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path, re_path

from hearth.api import views
from hearth.api.door import enter, enter_all, unknown_address
from hearth.api.openapi import show_document
from hearth.api.v1 import api

app_name = "api"
patterns, library, namespace = api.urls
urlpatterns: list[URLPattern | URLResolver] = [
    path("problems/", views.show_problems, name="problems"),
    path("problems/<slug:code>", views.show_problem, name="problem"),
    path("v1/docs", views.show_operations, name="docs"),
    path("v1/openapi.json", enter(show_document), name="openapi"),
    path("v1/", (enter_all(patterns), library, namespace)),
    # Programs get an answer they can read also where there is nothing.
    re_path(r"^(?P<address>.*)$", enter(unknown_address), name="unknown"),
]
