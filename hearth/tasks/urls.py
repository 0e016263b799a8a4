"""Addresses of tasks."""

from django.urls import path

from hearth.tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("new/", views.new, name="new"),
    path("list/", views.every, name="list"),
    path("<uuid:task_id>/", views.task, name="task"),
    path("<uuid:task_id>/take/", views.take, name="take"),
    path("<uuid:task_id>/done/", views.complete, name="complete"),
    path("<uuid:task_id>/open/", views.reopen, name="reopen"),
    path("<uuid:task_id>/drop/", views.drop, name="drop"),
    path("<uuid:task_id>/postpone/", views.postpone, name="postpone"),
    path("<uuid:task_id>/assign/", views.assign, name="assign"),
]
