"""Who is in charge of customers, and which keys to people only say who did something."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.ownership import Holding, register_holding, register_mark
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.services.passing_on import pass_on_customers


def _describe(row: Customer) -> tuple[str, str]:
    return row.name, reverse("workspace:customer", args=[row.pk])


register_holding(
    Holding(
        code="customers",
        label=_("Customers"),
        icon="users",
        field="responsible",
        place="places__org_unit",
        permission=VIEW_CUSTOMER,
        group=Coalesce(F("household_id"), F("id")),
        open_rows=lambda: Customer.objects.unmerged().defer("identity_sealed", "name_tokens"),
        pass_on=pass_on_customers,
        describe=_describe,
    )
)
register_mark("customers.Reveal.user", "who uncovered a value")
register_mark("customers.UnitRoleVersion.superseded_by", "who corrected it")
register_mark("customers.DuplicatePair.decided_by", "who compared the two")
register_mark("customers.CustomerMerge.merged_by", "who merged")
register_mark("customers.CustomerMerge.undone_by", "who undid the merge")
