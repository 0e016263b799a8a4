"""Addresses of repairs."""

from django.urls import path

from hearth.repairs import warranty_views

app_name = "repairs"
urlpatterns = [
    path("homes/<uuid:unit_id>/", warranty_views.warranty, name="warranty"),
    path("homes/<uuid:unit_id>/card/", warranty_views.of_home, name="of_home"),
    path("homes/<uuid:unit_id>/acceptance/", warranty_views.accept, name="accept_building"),
]
