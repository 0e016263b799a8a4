"""Addresses of partners, registrations and conflicts."""

from django.urls import path

from hearth.brokers.views import conflicts, partners, registrations

app_name = "brokers"
urlpatterns = [
    path("registrations/", registrations.registrations, name="registrations"),
    path("registrations/new/", registrations.new_registration, name="new_registration"),
    path("registrations/<uuid:registration_id>/", registrations.registration, name="registration"),
    path("registrations/<uuid:registration_id>/object/", registrations.object_to, name="object"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/<uuid:conflict_id>/", conflicts.conflict, name="conflict"),
    path("partners/", partners.partners, name="partners"),
    path("partners/new/", partners.new_partner, name="new_partner"),
    path("partners/<uuid:partner_id>/", partners.partner, name="partner"),
    path("partners/<uuid:partner_id>/change/", partners.change, name="change_partner"),
    path("partners/<uuid:partner_id>/brokers/", partners.new_broker, name="new_broker"),
    path("brokers/<uuid:broker_id>/end/", partners.end_broker, name="end_broker"),
    path("brokers/<uuid:broker_id>/link/", partners.renew, name="renew_link"),
    path("brokers/<uuid:broker_id>/link/withdraw/", partners.withdraw, name="withdraw_link"),
]
