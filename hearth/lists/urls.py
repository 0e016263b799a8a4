"""Addresses of parts of lists and of saved views; the page of a list belongs to the app that owns the rows."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from hearth.lists.views import counts, editing, favourites, many, parts, places, runs, saved


class WayConverter(StringConverter):
    """Either of the two ways along a list."""

    regex = "previous|next"


register_converter(WayConverter, "way")

app_name = "lists"
urlpatterns = [
    path("favourites/", favourites.favourites, name="favourites"),
    path("places/", places.places, name="places"),
    path("places/choose/", places.choose, name="choose-place"),
    path("<slug:key>/count/", counts.count, name="count"),
    path("<slug:key>/totals/<str:column_key>/<slug:figure>/", counts.total, name="total"),
    path("<slug:key>/groups/", counts.groups, name="groups"),
    path("<slug:key>/filters/<str:name>/", parts.editor, name="editor"),
    path("<slug:key>/peek/<uuid:row_id>/", parts.peek, name="peek"),
    path("<slug:key>/beside/<uuid:row_id>/<way:way>/", parts.beside, name="beside"),
    path("<slug:key>/move/<uuid:row_id>/", parts.move, name="move"),
    path("<slug:key>/<uuid:row_id>/fields/<slug:name>/", editing.edit_field, name="edit-field"),
    path("<slug:key>/<uuid:row_id>/fields/<slug:name>/shown/", editing.show_field, name="show-field"),
    path("<slug:key>/<uuid:row_id>/fields/<slug:name>/undo/", editing.undo_field, name="undo-field"),
    path("<slug:key>/views/new/", saved.new, name="new-view"),
    path("<slug:key>/change/<slug:action_key>/", many.change, name="change-many"),
    path("<slug:key>/open/<slug:opening_key>/", many.open_chosen, name="open-chosen"),
    path("runs/<uuid:run_id>/", runs.run, name="run"),
    path("runs/<uuid:run_id>/file/", runs.run_file, name="run-file"),
    path("runs/<uuid:run_id>/undo/", runs.undo, name="undo-run"),
    path("views/<uuid:view_id>/edit/", saved.edit, name="edit-view"),
    path("views/<uuid:view_id>/save/", saved.save, name="save-view"),
    path("views/<uuid:view_id>/delete/", saved.delete, name="delete-view"),
    path("views/<uuid:view_id>/pin/", saved.pin, name="pin-view"),
    path("views/<uuid:view_id>/default/", saved.default, name="default-view"),
]
