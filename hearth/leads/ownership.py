"""Who is in charge of leads."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from hearth.core.ownership import Holding, register_holding, register_mark
from hearth.leads.models import Lead
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.services import pass_on_leads


def _describe(row: Lead) -> tuple[str, str]:
    return row.next_step, reverse("leads:lead", args=[row.pk])


register_holding(
    Holding(
        code="leads",
        label=pgettext_lazy("leads", "Open leads"),
        icon="user-plus",
        field="consultant",
        place="org_unit",
        permission=CHANGE_LEAD,
        group=Coalesce(F("customer__household_id"), F("customer_id"), F("id")),
        open_rows=Lead.objects.open,
        pass_on=pass_on_leads,
        describe=_describe,
    )
)
register_mark("leads.LeadOwnership.instead_of", "whose turn it was is history")
register_mark("leads.Absence.user", "who is away")
register_mark("leads.Absence.deputy", "who stands in for the days of the absence")
register_mark("leads.LeadDispute.claimant", "who claimed the lead is history")
register_mark("leads.LeadDispute.holder", "who had the lead is history")
register_mark("leads.LeadDispute.awarded_to", "whom the lead went to is history")
register_mark("leads.LeadDispute.decided_by", "who decided")
register_mark("leads.LeadOwnership.consultant", "whose a lead was is history")
