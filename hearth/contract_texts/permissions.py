"""Rights over the texts of contracts."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_TEXT = permission("contract_texts.view", _("See the texts of contracts and print them"))
CHANGE_TEXT = permission(
    "contract_texts.change", _("Draft texts of contracts, give them to buyers and note that they were signed")
)
KEEP_TEMPLATES = permission(
    "contract_texts.keep_templates", _("Write templates of contracts, and wordings that no text may have")
)
APPROVE_TEXT = permission(
    "contract_texts.approve",
    _("Approve, as the second person, templates of contracts and what departs from them"),
)
