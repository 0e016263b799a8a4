"""Addresses of partners, registrations, conflicts and commissions."""

from django.urls import path

from hearth.brokers.views import commissions, conflicts, partners, registrations

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
    path("partners/<uuid:partner_id>/settlements/", commissions.new_settlement, name="new_settlement"),
    path("rules/", commissions.rules, name="rules"),
    path("rules/new/", commissions.new_rule, name="new_rule"),
    path("rules/<uuid:rule_id>/", commissions.rule, name="rule"),
    path("settlements/", commissions.settlements, name="settlements"),
    path("settlements/<uuid:settlement_id>/", commissions.settlement, name="settlement"),
    path("settlements/<uuid:settlement_id>/gather/", commissions.gather, name="gather"),
    path("settlements/<uuid:settlement_id>/submit/", commissions.submit, name="submit"),
    path("settlements/<uuid:settlement_id>/approve/", commissions.approve, name="approve"),
    path("settlements/<uuid:settlement_id>/return/", commissions.send_back, name="send_back"),
    path("settlements/<uuid:settlement_id>/pay/", commissions.pay, name="pay"),
    path("brokers/<uuid:broker_id>/end/", partners.end_broker, name="end_broker"),
    path("brokers/<uuid:broker_id>/link/", partners.renew, name="renew_link"),
    path("brokers/<uuid:broker_id>/link/withdraw/", partners.withdraw, name="withdraw_link"),
]
