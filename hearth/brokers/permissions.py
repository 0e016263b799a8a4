"""Rights over brokers, what they register, and what they earn."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_BROKER = permission("brokers.view", _("See partners, their brokers and what they have registered"))
REGISTER = permission("brokers.register", _("Register customers at the desk in the name of a broker"))
CHANGE_BROKER = permission("brokers.change", _("Change partners and brokers, and give brokers their links"))
DECIDE_CONFLICT = permission(
    "brokers.decide", _("Decide, as neither side, whose customer it is where registrations conflict")
)
VIEW_COMMISSION = permission(
    "brokers.view_commission", _("See rules of commission, what partners earned and their settlements")
)
CHANGE_COMMISSION = permission("brokers.change_commission", _("Write rules of commission"))
SETTLE = permission("brokers.settle", _("Make settlements of commissions, and note what was paid"))
APPROVE_SETTLEMENT = permission(
    "brokers.approve", _("Approve, as the second person, settlements of commissions")
)
