"""Every address of the site; each app owns the list behind its prefix."""

from django.urls import include, path

urlpatterns = [
    path("", include("hearth.workspace.urls")),
    path("accounts/", include("hearth.accounts.urls")),
    path("accounts/", include("hearth.accounts.sign_in_urls")),
    path("organization/", include("hearth.organization.urls")),
    path("lists/", include("hearth.lists.urls")),
    path("audit/", include("hearth.audit.urls")),
    path("exports/", include("hearth.exports.urls")),
    path("imports/", include("hearth.imports.urls")),
    path("webhooks/", include("hearth.webhooks.urls")),
    path("homes/", include("hearth.properties.urls")),
    path("customers/", include("hearth.customers.urls")),
    path("families/", include("hearth.families.urls")),
    path("custom-fields/", include("hearth.custom_fields.urls")),
    path("privacy/", include("hearth.privacy.urls")),
    path("vigilance/", include("hearth.vigilance.urls")),
    path("registers/", include("hearth.registers.urls")),
    path("warehouse/", include("hearth.warehouse.urls")),
    path("channels/", include("hearth.channels.urls")),
    path("books/", include("hearth.books.urls")),
    path("tasks/", include("hearth.tasks.urls")),
    path("inventory/", include("hearth.inventory.urls")),
    path("contracts/", include("hearth.sales.urls")),
    path("contract-changes/", include("hearth.contract_changes.urls")),
    path("leads/", include("hearth.leads.urls")),
    path("brokers/", include("hearth.brokers.urls")),
    path("cases/", include("hearth.cases.urls")),
    path("repairs/", include("hearth.repairs.urls")),
    path("radar/", include("hearth.radar.urls")),
    path("payment-reminders/", include("hearth.payment_reminders.urls")),
    path("contract-texts/", include("hearth.contract_texts.urls")),
    path("promises/", include("hearth.promises.urls")),
    path("market/", include("hearth.market.urls")),
    path("sales-figures/", include("hearth.sales_figures.urls")),
    path("group-cases/", include("hearth.group_cases.urls")),
    path("segments/", include("hearth.segments.urls")),
    path("campaigns/", include("hearth.campaigns.urls")),
    path("insight/", include("hearth.insight.urls")),
    path("p/", include("hearth.portal.urls")),
    path("api/", include("hearth.api.urls")),
    path("demo/", include("hearth.demo.urls")),
]
handler403 = "hearth.core.views.forbidden"
handler404 = "hearth.core.views.not_found"
handler500 = "hearth.core.views.server_error"
