"""Addresses of this app."""

from django.urls import path

from hearth.audit import views

app_name = "audit"
urlpatterns = [path("", views.entries, name="entries")]
