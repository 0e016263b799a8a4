"""Addresses of leads."""

from django.urls import path

from hearth.leads import assignment_views, dispute_views, pipeline_views, views, visitor_views

app_name = "leads"
urlpatterns = [
    path("", views.leads, name="leads"),
    path("visit/", views.visit, name="visit"),
    path("visit/code/", visitor_views.find, name="find_visitor"),
    path("visit/screens/", visitor_views.screens, name="screens"),
    path("visit/screens/<uuid:project_id>/", visitor_views.screen, name="screen"),
    path("new/", views.new, name="new"),
    path("grades/", views.grades, name="grades"),
    path("grades/<int:grade_id>/", views.grade, name="grade"),
    path("win-back/", pipeline_views.win_back, name="win_back"),
    path("stages/", pipeline_views.stages, name="stages"),
    path("stages/<slug:stage>/", pipeline_views.stage, name="stage"),
    path("loss-reasons/", pipeline_views.loss_reasons, name="loss_reasons"),
    path("loss-reasons/new/", pipeline_views.loss_reason, name="new_loss_reason"),
    path("loss-reasons/<int:reason_id>/", pipeline_views.loss_reason, name="loss_reason"),
    path("disputes/", dispute_views.disputes, name="disputes"),
    path("disputes/<uuid:dispute_id>/", dispute_views.dispute, name="dispute"),
    path("<uuid:lead_id>/dispute/", dispute_views.claim, name="claim_of_another"),
    path("assignment/", assignment_views.assignment, name="assignment"),
    path("assignment/projects/<uuid:project_id>/", assignment_views.rule, name="rule"),
    path("assignment/absences/at/<int:place_id>/", assignment_views.absence, name="absence"),
    path("assignment/absences/<uuid:absence_id>/end/", assignment_views.end, name="end_absence"),
    path("<uuid:lead_id>/", views.lead, name="lead"),
    path("<uuid:lead_id>/follow-up/", views.work, name="follow_up"),
    path("<uuid:lead_id>/assign/", views.assign, name="assign"),
    path("<uuid:lead_id>/release/", views.release, name="release"),
    path("<uuid:lead_id>/claim/", views.claim, name="claim"),
    path("<uuid:lead_id>/move/", views.move, name="move"),
    path("<uuid:lead_id>/won/", views.win, name="win"),
    path("<uuid:lead_id>/lost/", views.lose, name="lose"),
    path("<uuid:lead_id>/open/", views.reopen, name="reopen"),
]
