"""Addresses of contracts."""

from django.urls import path

from hearth.sales import views

app_name = "sales"
urlpatterns = [
    path("", views.contracts, name="contracts"),
    path("sign/<uuid:unit_id>/<uuid:customer_id>/", views.sign, name="sign"),
    path("<uuid:contract_id>/", views.contract, name="contract"),
    path("<uuid:contract_id>/pay/", views.pay, name="pay"),
    path("<uuid:contract_id>/cancel/", views.cancel, name="cancel"),
]
