"""Addresses of repairs."""

from django.urls import path

from hearth.repairs import phone_views, planning_views, views, warranty_views

app_name = "repairs"
urlpatterns = [
    path("", views.repairs, name="repairs"),
    path("cases/<uuid:case_id>/", views.of_case, name="of_case"),
    path("cases/<uuid:case_id>/new/", views.new, name="new"),
    path("orders/<uuid:order_id>/", views.order, name="order"),
    path("orders/<uuid:order_id>/book/", views.book, name="book"),
    path("orders/<uuid:order_id>/cancel/", views.cancel, name="cancel"),
    path("orders/<uuid:order_id>/supervise/", views.sign_for_us, name="supervise"),
    path("visits/<uuid:visit_id>/parts/", views.correct, name="correct_parts"),
    path("photos/<uuid:photo_id>/", views.photo, name="photo"),
    path("signatures/<uuid:sign_off_id>/", views.signature, name="signature"),
    path("day/", planning_views.day, name="day"),
    path("day/slots/", planning_views.cut, name="cut_days"),
    path("slots/<uuid:slot_id>/remove/", planning_views.remove, name="remove_slot"),
    path("parts/", planning_views.parts, name="parts"),
    path("parts/new/", planning_views.new_part, name="new_part"),
    path("parts/<uuid:part_id>/", planning_views.part, name="part"),
    path("mine/", phone_views.my_day, name="my_day"),
    path("mine/<uuid:order_id>/", phone_views.visit, name="visit"),
    path("mine/<uuid:order_id>/came/", phone_views.came, name="came"),
    path("mine/<uuid:order_id>/report/", phone_views.report, name="report"),
    path("mine/<uuid:order_id>/sign/", phone_views.sign, name="sign"),
    path("homes/<uuid:unit_id>/", warranty_views.warranty, name="warranty"),
    path("homes/<uuid:unit_id>/card/", warranty_views.of_home, name="of_home"),
    path("homes/<uuid:unit_id>/acceptance/", warranty_views.accept, name="accept_building"),
]
