"""Rights over customers and their personal data."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CUSTOMER = permission("customers.view", _("See customers, personal data masked"))
CHANGE_CUSTOMER = permission("customers.change", _("Create and change customers"))
VIEW_CONTACT = permission("customers.view_contact", _("See phones, e-mails and addresses in full"))
VIEW_IDENTITY = permission("customers.view_identity", _("See identity numbers in full"))
REVEAL_CONTACT = permission("customers.reveal", _("Uncover one masked value, stating a reason"))
MERGE_CUSTOMER = permission("customers.merge_customer", _("Merge records of one customer, and undo it"))
STATE_ORIGIN = permission(
    "customers.state_origin", _("State where personal data come from, block, release and remove them")
)
