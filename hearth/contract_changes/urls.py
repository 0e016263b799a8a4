"""Addresses of changes of contracts."""

from django.urls import path

from hearth.contract_changes import views

app_name = "contract_changes"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("<uuid:request_id>/", views.request_page, name="request"),
    path("<uuid:request_id>/approve/", views.approve, name="approve"),
    path("<uuid:request_id>/refuse/", views.refuse, name="refuse"),
    path("<uuid:request_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:request_id>/carry-out/", views.carry_out, name="carry_out"),
    path("contracts/<uuid:contract_id>/", views.of_contract, name="of_contract"),
    path("contracts/<uuid:contract_id>/<slug:kind>/", views.ask, name="ask"),
]
