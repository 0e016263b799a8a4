"""Addresses of cases."""

from django.urls import path

from hearth.cases import clock_views, grade_views, intake_views, settlement_views, views

app_name = "cases"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("new/", intake_views.new, name="new"),
    path("desk/", intake_views.desk, name="desk"),
    path("times/", views.times, name="times"),
    path("levels/", clock_views.levels, name="levels"),
    path("causes/", settlement_views.causes, name="causes"),
    path("causes/new/", settlement_views.cause, name="new_cause"),
    path("causes/<int:cause_id>/", settlement_views.cause, name="cause"),
    path("settlements/<uuid:settlement_id>/file/", settlement_views.evidence, name="evidence"),
    path("<uuid:case_id>/settlement/", settlement_views.settle, name="settle"),
    path("<uuid:case_id>/settlement/approve/", settlement_views.approve, name="approve"),
    path("<uuid:case_id>/costs/", settlement_views.cost, name="cost"),
    path("<uuid:case_id>/costs/<uuid:cost_id>/strike-out/", settlement_views.strike_out, name="strike_out"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("<uuid:case_id>/account/", intake_views.account, name="account"),
    path("<uuid:case_id>/answer/", views.answer, name="answer"),
    path("<uuid:case_id>/change/", views.change, name="change"),
    path("<uuid:case_id>/close/", views.close, name="close"),
    path("<uuid:case_id>/pause/", clock_views.pause, name="pause"),
    path("<uuid:case_id>/resume/", clock_views.resume, name="resume"),
    path("<uuid:case_id>/visit/", clock_views.visit, name="visit"),
    path("<uuid:case_id>/signal/", grade_views.signal, name="signal"),
    path("<uuid:case_id>/escalate/", grade_views.escalate, name="escalate"),
    path("<uuid:case_id>/call-back/", clock_views.called_back, name="call_back"),
]
