"""Addresses of analysis and rounds."""

from django.urls import path

from hearth.insight import duplicate_views, round_views, views

app_name = "insight"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("progress/", views.progress, name="progress"),
    path("score/", views.score_now, name="score"),
    path("runs/", views.runs, name="runs"),
    path("customers/", views.scored, name="customers"),
    path("customers/<uuid:customer_id>/profile/", views.profile, name="profile"),
    path("customers/<uuid:customer_id>/score/", views.score_one, name="score_one"),
    path("duplicates/", duplicate_views.searches, name="duplicates"),
    path("duplicates/search/", duplicate_views.search, name="search_duplicates"),
    path("rounds/", round_views.rounds, name="rounds"),
    path("rounds/new/", round_views.new_round, name="new_round"),
    path("rounds/<uuid:round_id>/", round_views.round_, name="round"),
    path("rounds/<uuid:round_id>/decide/", round_views.decide_in, name="decide"),
    path("rounds/<uuid:round_id>/close/", round_views.close, name="close"),
]
