"""Addresses of this app."""

from django.urls import path

from hearth.privacy import views

app_name = "privacy"
urlpatterns = [
    path("purposes/", views.purposes, name="purposes"),
    path("purposes/<slug:code>/", views.purpose, name="purpose"),
    path("customers/<uuid:customer_id>/", views.customer_consents, name="customer_consents"),
    path("customers/<uuid:customer_id>/change/", views.change_consent, name="change_consent"),
]
