"""Addresses of books."""

from django.urls import path

from hearth.books import views

app_name = "books"
urlpatterns = [
    path("", views.handovers, name="handovers"),
    path("without-owner/", views.unowned, name="unowned"),
    path("without-owner/<slug:code>/give/", views.give, name="give"),
    path("of/<int:user_id>/", views.new, name="new"),
    path("<uuid:handover_id>/", views.handover, name="handover"),
    path("<uuid:handover_id>/mine/", views.mine, name="mine"),
    path("<uuid:handover_id>/undo/", views.undo, name="undo"),
]
