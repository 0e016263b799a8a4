"""Rights over what buyers are told and promised."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_PROMISE = permission("promises.view", _("See disclosures and the promise ledger"))
CHANGE_PROMISE = permission(
    "promises.change", _("Write disclosures and promises, and say what became of promises")
)
APPROVE_PROMISE = permission(
    "promises.approve", _("Approve, as the second person, disclosures and what became of promises")
)
ACKNOWLEDGE = permission("promises.acknowledge", _("Note that buyers have acknowledged a disclosure"))
