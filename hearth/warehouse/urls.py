"""Addresses of the warehouse."""

from django.urls import path

from hearth.warehouse import views

app_name = "warehouse"
urlpatterns = [
    path("", views.snapshots, name="snapshots"),
    path("take/", views.take, name="take"),
]
