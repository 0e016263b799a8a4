"""Addresses of this app; they go into messages, so they are short and stay."""

from django.urls import path

from hearth.portal import broker_views, letter_views, preference_views, reading_views, views, visit_views

app_name = "portal"
urlpatterns = [
    path("r/<str:token>", views.respond, name="respond"),
    path("c/<str:token>", preference_views.preferences, name="preferences"),
    path("n/<uuid:letter_id>", letter_views.letter, name="letter"),
    path("v/<str:token>", visit_views.visit, name="visit"),
    path("b/<str:token>", broker_views.broker, name="broker"),
    path("b/<str:token>/<uuid:registration_id>/object", broker_views.broker_objects, name="broker_objects"),
    path("t/<str:token>", reading_views.reading, name="reading"),
    path("t/<str:token>/pdf", reading_views.reading_pdf, name="reading_pdf"),
    path("u/<str:token>", views.opt_out_page, name="opt_out"),
]
