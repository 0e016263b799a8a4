"""Addresses of the market."""

from django.urls import path

from hearth.market import views

app_name = "market"
urlpatterns = [
    path("", views.market, name="market"),
    path("projects/<uuid:project_id>/", views.project, name="project"),
    path("competitors/", views.competitors, name="competitors"),
    path("competitors/new/", views.new_competitor, name="new_competitor"),
    path("competitors/<uuid:competitor_id>/", views.competitor, name="competitor"),
    path("competitors/<uuid:competitor_id>/edit/", views.edit_competitor, name="edit_competitor"),
    path("competitors/<uuid:competitor_id>/prices/", views.add_price, name="note_price"),
    path("prices/<uuid:price_id>/strike/", views.strike, name="strike_price"),
    path("events/", views.events, name="events"),
    path("events/new/", views.new_event, name="new_event"),
    path("events/<uuid:event_id>/", views.event, name="event"),
    path("events/<uuid:event_id>/edit/", views.edit_event, name="edit_event"),
]
