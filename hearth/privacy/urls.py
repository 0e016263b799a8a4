"""Addresses of this app."""

from django.urls import path

from hearth.privacy import request_views, retention_views, views

app_name = "privacy"
urlpatterns = [
    path("purposes/", views.purposes, name="purposes"),
    path("purposes/<slug:code>/", views.purpose, name="purpose"),
    path("customers/<uuid:customer_id>/", views.customer_consents, name="customer_consents"),
    path("customers/<uuid:customer_id>/change/", views.change_consent, name="change_consent"),
    path("customers/<uuid:customer_id>/profiling/", views.change_profiling, name="change_profiling"),
    path("consents/<uuid:consent_id>/evidence/", views.evidence, name="evidence"),
    path("requests/", request_views.requests, name="requests"),
    path("requests/new/", request_views.new_request, name="new_request"),
    path("requests/<uuid:request_id>/", request_views.request_page, name="request"),
    path("requests/<uuid:request_id>/identify/", request_views.identify, name="identify"),
    path("requests/<uuid:request_id>/take/", request_views.take_up, name="take_up"),
    path("requests/<uuid:request_id>/package/", request_views.package, name="package"),
    path("requests/<uuid:request_id>/answer/", request_views.answer, name="answer"),
    path("requests/<uuid:request_id>/refuse/", request_views.refuse, name="refuse"),
    path("requests/<uuid:request_id>/propose/", request_views.propose, name="propose"),
    path("requests/<uuid:request_id>/decide/", request_views.decide, name="decide"),
    path("requests/<uuid:request_id>/lift/", request_views.lift_restriction, name="lift"),
    path("retention/", retention_views.retention, name="retention"),
    path("retention/gone/", retention_views.gone, name="gone"),
    path("retention/<str:kind>/", retention_views.rule, name="retention_rule"),
]
