"""Addresses of the pages that join apps."""

from django.urls import path

from hearth.workspace import (
    card_views,
    first_steps_views,
    history_views,
    palette_views,
    timeline_views,
    views,
)

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", first_steps_views.first_steps, name="first_steps"),
    path("start/<slug:code>/", first_steps_views.first_step, name="first_step"),
    path("places/<int:pk>/cards/", card_views.arrange, name="cards"),
    path("search/", views.search, name="search"),
    path("palette/", palette_views.palette, name="palette"),
    path("palette/keys/", palette_views.keys, name="keys"),
    path("customers/<uuid:customer_id>/", views.customer, name="customer"),
    path("customers/<uuid:customer_id>/overview/", views.customer_overview, name="overview"),
    path("customers/<uuid:customer_id>/tasks/", views.customer_tasks, name="customer_tasks"),
    path("customers/<uuid:customer_id>/timeline/", timeline_views.timeline, name="timeline"),
    path("customers/<uuid:customer_id>/colleagues/", timeline_views.colleagues, name="colleagues"),
    path("customers/<uuid:customer_id>/templates/", timeline_views.text_templates, name="templates"),
    path("customers/<uuid:customer_id>/compose/<slug:code>/", timeline_views.compose, name="compose"),
    path("history/<slug:key>/<uuid:record_id>/", history_views.history, name="history"),
    path("homes/units/<uuid:unit_id>/people/", views.unit_people, name="unit_people"),
]
