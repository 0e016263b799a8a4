"""Addresses of this app."""

from django.urls import path

from hearth.custom_fields import views

app_name = "custom_fields"
urlpatterns = [
    path("", views.definitions, name="definitions"),
    path("new/", views.define, name="define"),
    path("<uuid:pk>/", views.change, name="change"),
    path("<slug:object_code>/<uuid:record_id>/", views.values, name="values"),
    path("<slug:object_code>/<uuid:record_id>/card/", views.card, name="card"),
]
