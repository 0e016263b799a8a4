"""What privacy offers to the rail and says on timelines."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow, rows_stay
from hearth.privacy.models import Consent, Erasure
from hearth.privacy.permissions import VIEW_CONSENT

register_place(
    Place(
        _("Purposes of processing"),
        "shield-check",
        "privacy:purposes",
        VIEW_CONSENT,
        order=30,
        section=Section.SETTINGS,
    )
)


@timeline_detail("privacy.consent_recorded")
def consent_details(events: Sequence[EventRecord], actor: Actor) -> dict[UUID, Detail]:
    """Say what was decided; one query."""
    if not actor.can(VIEW_CONSENT):
        return {}
    wanted = {event.subject_id for event in events if event.subject_id}
    consents = Consent.objects.filter(pk__in=wanted).select_related("purpose").in_bulk()
    details = {}
    for event in events:
        if event.subject_id and (consent := consents.get(event.subject_id)):
            words = [consent.get_decision_display(), consent.get_channel_display(), consent.purpose.code]
            details[event.id] = Detail(" · ".join(words), body=consent.how)
    return details


rows_follow(Consent, "customer")
rows_follow(Consent, "guardian")
rows_stay(Erasure, "customer", because="a proof names the record that was erased")
