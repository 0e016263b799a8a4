"""Places of brokers in the rail, what the timeline says, and what follows a merge of customers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from hearth.brokers import commission_lists, lists  # noqa: F401  (each registers what it offers)
from hearth.brokers.events import (
    CommissionEarned,
    CommissionReversed,
    CustomerRegistered,
    RegistrationConfirmed,
    RegistrationRefused,
)
from hearth.brokers.models import Broker, ChannelRegistration, RegistrationConflict
from hearth.brokers.numbers import REGISTERED
from hearth.brokers.permissions import REGISTER, VIEW_BROKER, VIEW_COMMISSION
from hearth.brokers.selectors import waiting_conflicts
from hearth.core.actor import Actor
from hearth.core.index_places import index_places
from hearth.core.installation import sealed_tables
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow

register_place(
    Place(
        pgettext_lazy("channel registrations", "Registrations of brokers"),
        "clipboard-list",
        "brokers:registrations",
        VIEW_BROKER,
        order=23,
    )
)
register_place(
    Place(
        pgettext_lazy("registration conflict", "Conflicts of registrations"),
        "scale",
        "brokers:conflicts",
        VIEW_BROKER,
        order=24,
        count=waiting_conflicts,
    )
)
register_place(
    Place(pgettext_lazy("brokers", "Partners"), "users-group", "brokers:partners", VIEW_BROKER, order=26)
)
register_place(
    Place(
        pgettext_lazy("commission", "Rules of commission"),
        "percentage",
        "brokers:rules",
        VIEW_COMMISSION,
        order=27,
        is_in_rail=False,
    )
)
register_place(
    Place(
        pgettext_lazy("commission sheets", "Settlements of commissions"),
        "receipt",
        "brokers:settlements",
        VIEW_COMMISSION,
        order=28,
    )
)
register_place(
    Place(
        pgettext_lazy("channel registrations", "Register a customer"),
        "clipboard-list",
        "brokers:new_registration",
        REGISTER,
        order=14,
        is_creation=True,
        is_in_rail=False,
    )
)
rows_follow(Broker, "customer")
rows_follow(ChannelRegistration, "customer")
rows_follow(RegistrationConflict, "customer")
index_places.register(REGISTERED.table, REGISTERED)
sealed_tables.register("brokers.brokers", "SELECT 1 FROM brokers_broker WHERE phone_sealed <> ''")
sealed_tables.register(
    "brokers.registrations", "SELECT 1 FROM brokers_channelregistration WHERE phone_sealed <> ''"
)


@timeline_detail(
    CustomerRegistered.type,
    RegistrationConfirmed.type,
    RegistrationRefused.type,
    CommissionEarned.type,
    CommissionReversed.type,
)
def registration_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name project, partner and broker of a registration; one query."""
    rows = ChannelRegistration.objects.visible_to(actor).select_related("project", "partner", "broker")
    by_id = {row.pk: row for row in rows.filter(pk__in=[event.subject_id for event in events])}
    return {
        event.id: Detail(
            summary=f"{row.project.name} · {row.partner} · {row.broker}",
            url=reverse("brokers:registration", args=[row.pk]),
        )
        for event in events
        if event.subject_id and (row := by_id.get(event.subject_id))
    }
