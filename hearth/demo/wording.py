"""What kinds of rows are called when the removal tells what it kept."""

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "accounts.user": _("Accounts"),
    "campaigns.campaign": _("Campaigns"),
    "campaigns.campaignmember": _("Campaign members"),
    "cases.case": _("Cases"),
    "channels.interaction": _("Contacts with customers"),
    "channels.message": _("Messages"),
    "core.eventrecord": _("Acts"),
    "custom_fields.fielddefinition": _("Custom fields"),
    "customers.contactpoint": _("Phones, e-mails and addresses"),
    "customers.customer": _("Customers"),
    "customers.customerplace": _("Places of customers"),
    "customers.household": _("Households"),
    "customers.unitrole": _("Roles on homes"),
    "families.needprofile": _("Needs"),
    "families.relationship": _("Relations between customers"),
    "imports.importjob": _("Imports"),
    "lists.savedview": _("Saved views"),
    "organization.membership": _("Appointments"),
    "organization.orgunit": _("Places of the organisation"),
    "privacy.consent": _("Consents"),
    "properties.building": _("Buildings"),
    "properties.entrance": _("Entrances"),
    "properties.project": _("Projects"),
    "properties.unit": _("Units"),
    "sales.contract": _("Contracts"),
    "sales.payment": _("Payments"),
    "segments.segment": _("Segments"),
    "tasks.task": _("Tasks"),
}


def kind_name(label: str) -> str:
    """Return what people call the rows of a model, given as `app.model`."""
    return str(KINDS.get(label) or apps.get_model(label)._meta.verbose_name_plural)
