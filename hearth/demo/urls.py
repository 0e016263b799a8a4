"""Addresses of this app."""

from django.urls import path

from hearth.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.status, name="status"),
    path("banner/", views.banner, name="banner"),
    path("load/", views.load, name="load"),
    path("clear/", views.clear, name="clear"),
]
