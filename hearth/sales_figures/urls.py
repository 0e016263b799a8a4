"""Addresses of the figures of sales."""

from django.urls import path

from hearth.sales_figures import views

app_name = "sales_figures"
urlpatterns = [
    path("", views.figures, name="funnel"),
    path("today/", views.own_day, name="today"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/<uuid:group_id>/", views.incident, name="incident"),
]
