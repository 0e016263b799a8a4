"""The place in the rail, and what must not be lost with the keys."""

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.installation import sealed_tables
from hearth.core.navigation import Place, Section, register_place
from hearth.webhooks.models import Attempt, Delivery
from hearth.webhooks.permissions import MANAGE_WEBHOOK

register_place(
    Place(_("Webhooks"), "plug", "webhooks:endpoints", MANAGE_WEBHOOK, order=50, section=Section.SETTINGS)
)
register_place(
    Place(
        _("Webhook"),
        "plug",
        "webhooks:new",
        MANAGE_WEBHOOK,
        order=50,
        section=Section.SETTINGS,
        is_creation=True,
        is_in_rail=False,
    )
)
sealed_tables.register("webhooks", "SELECT FROM webhooks_signingsecret")

leave_unwatched(Delivery, because="The log of deliveries; its attempts are its history.")
leave_unwatched(Attempt, because="The log of deliveries; written once.")
