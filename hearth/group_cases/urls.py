"""Addresses of group complaints."""

from django.urls import path

from hearth.group_cases import desk_views, meeting_views, review_views, views

app_name = "group_cases"
urlpatterns = [
    path("", views.groups, name="groups"),
    path("new/", views.new, name="new"),
    path("of-case/<uuid:case_id>/", views.of_case, name="of_case"),
    path("years/", review_views.years, name="years"),
    path("library/", review_views.library, name="library"),
    path("library/<slug:code>/", review_views.entry, name="entry"),
    path("plan/", desk_views.plan, name="plan"),
    path("plan/new/", desk_views.plan_step, name="new_plan_step"),
    path("plan/<int:step_id>/", desk_views.plan_step, name="plan_step"),
    path("checks/", review_views.checks, name="checks"),
    path("checks/<uuid:check_id>/", review_views.check, name="check"),
    path("checks/<uuid:check_id>/answer/", review_views.answer_check, name="answer_check"),
    path("<uuid:group_id>/", views.group, name="group"),
    path("<uuid:group_id>/change/", views.change, name="change"),
    path("<uuid:group_id>/cases/", views.add, name="add"),
    path("<uuid:group_id>/cases/<uuid:child_id>/take-out/", views.take_out, name="take_out"),
    path("<uuid:group_id>/households/<uuid:household_id>/leave/", views.leave, name="leave"),
    path("<uuid:group_id>/households/<uuid:household_id>/represent/", views.represent, name="represent"),
    path("<uuid:group_id>/sign/", views.sign, name="sign"),
    path("<uuid:group_id>/close/", views.close, name="close"),
    path("<uuid:group_id>/desk/", desk_views.desk, name="desk"),
    path("<uuid:group_id>/steps/<uuid:step_id>/done/", desk_views.step_done, name="step_done"),
    path("<uuid:group_id>/team/", desk_views.team, name="team"),
    path("<uuid:group_id>/team/<uuid:member_id>/leave/", desk_views.team_leave, name="team_leave"),
    path("<uuid:group_id>/statements/<slug:kind>/write/", desk_views.write, name="write"),
    path("<uuid:group_id>/statements/<uuid:statement_id>/approve/", desk_views.approve, name="approve"),
    path("<uuid:group_id>/statements/<uuid:statement_id>/publish/", desk_views.publish, name="publish"),
    path("<uuid:group_id>/talks/", meeting_views.talks, name="talks"),
    path("<uuid:group_id>/promises/", meeting_views.promise, name="promise"),
    path("<uuid:group_id>/promises/<uuid:commitment_id>/kept/", meeting_views.kept, name="kept"),
    path("<uuid:group_id>/said/", meeting_views.say, name="say"),
    path("<uuid:group_id>/meetings/new/", meeting_views.new_meeting, name="new_meeting"),
    path("<uuid:group_id>/meetings/<uuid:meeting_id>/", meeting_views.meeting, name="meeting"),
    path("<uuid:group_id>/meetings/<uuid:meeting_id>/attend/", meeting_views.attend, name="attend"),
    path("<uuid:group_id>/meetings/<uuid:meeting_id>/end/", meeting_views.end, name="end"),
    path("<uuid:group_id>/review/", review_views.review, name="review"),
    path("<uuid:group_id>/review/write/", review_views.write_review_words, name="write_review"),
    path("<uuid:group_id>/review/finish/", review_views.finish, name="finish_review"),
]
