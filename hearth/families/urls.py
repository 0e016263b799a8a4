"""Addresses of this app."""

from django.urls import path

from hearth.families.views import needs, origins, relationships

app_name = "families"
urlpatterns = [
    path("blocked/", origins.blocked, name="blocked"),
    path("<uuid:customer_id>/", relationships.card, name="card"),
    path("<uuid:customer_id>/people/", relationships.people, name="people"),
    path("<uuid:customer_id>/relationships/", relationships.add, name="relate"),
    path("<uuid:customer_id>/relationships/<uuid:relationship_id>/end/", relationships.end, name="end"),
    path("<uuid:customer_id>/needs/", needs.needs, name="needs"),
    path("<uuid:customer_id>/needs/state/", needs.state, name="state-needs"),
    path("<uuid:customer_id>/income/reveal/", needs.reveal, name="reveal-income"),
    path("<uuid:customer_id>/origins/", origins.origins, name="origins"),
    path("<uuid:customer_id>/origins/<slug:kind>/<slug:reference>/", origins.state, name="state-origin"),
    path(
        "<uuid:customer_id>/origins/<slug:kind>/<slug:reference>/remove/",
        origins.remove,
        name="remove-blocked",
    ),
]
