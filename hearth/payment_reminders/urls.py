"""Addresses of reminders."""

from django.urls import path

from hearth.payment_reminders import views

app_name = "payment_reminders"
urlpatterns = [path("contracts/<uuid:contract_id>/", views.contract, name="of_contract")]
