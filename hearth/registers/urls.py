"""Addresses of the registers."""

from django.urls import path

from hearth.registers import desk_views, letter_views, views

app_name = "registers"
urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.new_incident, name="new_incident"),
    path("incidents/<uuid:incident_id>/", views.incident, name="incident"),
    path("incidents/<uuid:incident_id>/extent/", views.judge, name="judge"),
    path("incidents/<uuid:incident_id>/authority/", views.authority, name="authority"),
    path("incidents/<uuid:incident_id>/notice/", views.notice, name="notice"),
    path("incidents/<uuid:incident_id>/note/", views.note, name="note"),
    path("incidents/<uuid:incident_id>/close/", views.close, name="close"),
    path("incidents/<uuid:incident_id>/search/", views.search, name="search"),
    path("incidents/<uuid:incident_id>/letter/", letter_views.letter, name="letter"),
    path("incidents/<uuid:incident_id>/letter/write/", letter_views.write, name="write_letter"),
    path("incidents/<uuid:incident_id>/letter/submit/", letter_views.submit, name="submit_letter"),
    path("incidents/<uuid:incident_id>/letter/approve/", letter_views.approve, name="approve_letter"),
    path("incidents/<uuid:incident_id>/letter/return/", letter_views.send_back, name="return_letter"),
    path("incidents/<uuid:incident_id>/letter/send/", letter_views.send, name="send_letter"),
    path("incidents/<uuid:incident_id>/letter/publish/", letter_views.publish, name="publish_letter"),
    path("incidents/<uuid:incident_id>/letter/withdraw/", letter_views.withdraw, name="withdraw_letter"),
    path("affected/", views.affected, name="affected"),
    path("affected/<uuid:affected_id>/", views.affected_person, name="affected_person"),
    path("assessments/", desk_views.assessments, name="assessments"),
    path("assessments/new/", desk_views.new_assessment, name="new_assessment"),
    path("assessments/<uuid:assessment_id>/", desk_views.assessment, name="assessment"),
    path("assessments/<uuid:assessment_id>/write/", desk_views.write, name="write"),
    path("assessments/<uuid:assessment_id>/submit/", desk_views.submit, name="submit"),
    path("assessments/<uuid:assessment_id>/approve/", desk_views.approve, name="approve"),
    path("assessments/<uuid:assessment_id>/return/", desk_views.send_back, name="send_back"),
    path("assessments/<uuid:assessment_id>/renew/", desk_views.renew, name="renew"),
    path("assessments/<uuid:assessment_id>/print/", desk_views.assessment_print, name="assessment_print"),
    path("assessments/<uuid:assessment_id>/file/", desk_views.assessment_file, name="assessment_file"),
    path("processors/", desk_views.processors, name="processors"),
    path("processors/new/", desk_views.new_processor, name="new_processor"),
    path("processors/<uuid:processor_id>/", desk_views.processor, name="processor"),
    path("processors/<uuid:processor_id>/change/", desk_views.change, name="change"),
    path("processors/<uuid:processor_id>/visit/", desk_views.visit, name="visit"),
    path("processors/<uuid:processor_id>/end/", desk_views.end, name="end"),
    path("audits/", desk_views.audits, name="audits"),
    path("audits/new/", desk_views.new_audit, name="new_audit"),
    path("audits/<uuid:audit_id>/", desk_views.audit, name="audit"),
]
