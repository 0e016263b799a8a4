"""Addresses of this app. The page of one customer belongs to the workspace, which joins all apps."""

from django.urls import path

from hearth.customers.views import duplicates, editing, homes, listing, merges, recording, revealing

app_name = "customers"
urlpatterns = [
    path("", listing.customers, name="customers"),
    path("new/", recording.new, name="new"),
    path("new/hint/", recording.hint, name="hint"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:pair_id>/judge/", duplicates.judge, name="judge-duplicate"),
    path("duplicates/<uuid:pair_id>/take-back/", duplicates.take_back, name="take-back-judgement"),
    path("merges/", merges.merges, name="merges"),
    path("merges/<uuid:merge_id>/undo/", merges.undo, name="undo-merge"),
    path("<uuid:customer_id>/compare/", duplicates.compare, name="compare"),
    path("<uuid:customer_id>/edit/", editing.edit, name="edit"),
    path("<uuid:customer_id>/contacts/", editing.add_contact, name="add-contact"),
    path("<uuid:customer_id>/household/join/", editing.join, name="join-household"),
    path("<uuid:customer_id>/household/leave/", editing.leave, name="leave-household"),
    path("<uuid:customer_id>/identity/reveal/", revealing.reveal_identity, name="reveal-identity"),
    path("<uuid:customer_id>/homes/add/", homes.add_home, name="add-home"),
    path("homes/<uuid:unit_id>/history/", homes.home_history, name="home-history"),
    path("homes/roles/<uuid:role_id>/", homes.correct_home, name="correct-home"),
    path("contacts/<uuid:point_id>/remove/", editing.remove_contact, name="remove-contact"),
    path("contacts/<uuid:point_id>/prefer/", editing.prefer_contact, name="prefer-contact"),
    path("contacts/<uuid:point_id>/reveal/", revealing.reveal_contact, name="reveal-contact"),
]
