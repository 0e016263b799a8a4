"""Addresses of this app."""

from django.urls import path

from hearth.campaigns import calls_views, views

app_name = "campaigns"
urlpatterns = [
    path("", views.campaigns, name="list"),
    path("new/", views.create, name="create"),
    path("calls/", calls_views.call_lists, name="call_lists"),
    path("<uuid:campaign_id>/", views.campaign, name="campaign"),
    path("<uuid:campaign_id>/result/", views.report, name="report"),
    path("<uuid:campaign_id>/plan/", views.plan, name="plan"),
    path("<uuid:campaign_id>/arms/", views.change_arms, name="change_arms"),
    path("<uuid:campaign_id>/arms/<uuid:treatment_id>/trial/", views.trial, name="trial"),
    path("<uuid:campaign_id>/audience/", views.audience, name="audience"),
    path("<uuid:campaign_id>/draw/", views.draw, name="draw"),
    path("<uuid:campaign_id>/launch/", views.launch, name="launch"),
    path("<uuid:campaign_id>/end/", views.end, name="end"),
    path("<uuid:campaign_id>/calls/", calls_views.calls, name="calls"),
    path("<uuid:campaign_id>/calls/<uuid:member_id>/", calls_views.close_call, name="close_call"),
]
