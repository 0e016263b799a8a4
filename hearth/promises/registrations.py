"""Places of disclosures and promises in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, register_place
from hearth.customers.following import rows_follow
from hearth.promises import ledger_lists, lists  # noqa: F401  (each registers what it offers)
from hearth.promises.models import Acknowledgement
from hearth.promises.permissions import VIEW_PROMISE

register_place(Place(_("Disclosures"), "speakerphone", "promises:disclosures", VIEW_PROMISE, order=52))
register_place(Place(_("Promises"), "heart-handshake", "promises:promises", VIEW_PROMISE, order=53))
rows_follow(Acknowledgement, "customer")
