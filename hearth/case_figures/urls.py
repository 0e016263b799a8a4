"""Addresses of the figures of cases."""

from django.urls import path

from hearth.case_figures import views

app_name = "case_figures"
urlpatterns = [
    path("", views.show, name="figures"),
    path("workbook/", views.workbook, name="workbook"),
]
