"""Addresses of contracts."""

from django.urls import path

from hearth.sales import loan_views, plan_views, views

app_name = "sales"
urlpatterns = [
    path("", views.contracts, name="contracts"),
    path("receivables/", plan_views.receivables, name="receivables"),
    path("receivables/by/<slug:by>/", plan_views.owed, name="owed"),
    path("instalments/<uuid:instalment_id>/", plan_views.instalment, name="instalment"),
    path("ways-to-pay/", plan_views.templates, name="plan_templates"),
    path("ways-to-pay/new/", plan_views.new_template, name="new_plan_template"),
    path("ways-to-pay/<uuid:template_id>/", plan_views.template, name="plan_template"),
    path("stages/<uuid:project_id>/", plan_views.stages, name="stages"),
    path("payments/<uuid:payment_id>/instalment/", plan_views.name_payment, name="name_payment"),
    path("sign/<uuid:unit_id>/<uuid:customer_id>/", views.sign, name="sign"),
    path("<uuid:contract_id>/", views.contract, name="contract"),
    path("<uuid:contract_id>/pay/", views.pay, name="pay"),
    path("<uuid:contract_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:contract_id>/file/", loan_views.file, name="file"),
    path("<uuid:contract_id>/loan/", loan_views.begin, name="begin_loan"),
    path("loans/<uuid:loan_id>/<slug:step>/", loan_views.move, name="move_loan"),
    path("loans/<uuid:loan_id>/", loan_views.end, name="end_loan"),
    path("<uuid:contract_id>/plan/", plan_views.new_plan, name="new_plan"),
]
