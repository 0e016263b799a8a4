"""What privacy offers to the rail and says on timelines."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.installation import installation_steps, sealed_tables
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.templatetags.ui import in_language
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow, rows_stay
from hearth.privacy import lists, retention_kinds  # noqa: F401  (each registers what it offers)
from hearth.privacy.models import Consent, Erasure, PersonRequest
from hearth.privacy.permissions import CHANGE_RETENTION, TAKE_REQUEST, VIEW_CONSENT
from hearth.privacy.selectors import count_overdue
from hearth.privacy.services import sync_retention

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
register_place(
    Place(
        _("Times of keeping"),
        "hourglass",
        "privacy:retention",
        CHANGE_RETENTION,
        order=33,
        section=Section.SETTINGS,
    )
)
register_place(
    Place(
        _("Requests of persons"),
        "inbox",
        "privacy:requests",
        TAKE_REQUEST,
        order=45,
        section=Section.DATA,
        count=count_overdue,
    )
)
register_place(
    Place(
        _("Request of a person"),
        "inbox",
        "privacy:new_request",
        TAKE_REQUEST,
        order=45,
        section=Section.DATA,
        is_creation=True,
        is_in_rail=False,
    )
)


@timeline_detail(
    "privacy.request_received",
    "privacy.request_taken_up",
    "privacy.request_answered",
    "privacy.request_refused",
    "privacy.erasure_proposed",
)
def request_details(events: Sequence[EventRecord], actor: Actor) -> dict[UUID, Detail]:
    """Say what was asked for, and lead there; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    rows = PersonRequest.objects.visible_to(actor).filter(pk__in=wanted).in_bulk()
    return {
        event.id: Detail(
            f"#{row.number} · {row.get_kind_display()}", url=reverse("privacy:request", args=[row.pk])
        )
        for event in events
        if event.subject_id and (row := rows.get(event.subject_id))
    }


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
            words = [
                consent.get_decision_display(),
                consent.get_channel_display(),
                in_language(consent.purpose),
            ]
            details[event.id] = Detail(" · ".join(words), body=consent.how)
    return details


rows_follow(Consent, "customer")
rows_follow(Consent, "guardian")
rows_follow(PersonRequest, "customer")
sealed_tables.register("privacy.requests", "SELECT 1 FROM privacy_personrequest")
rows_stay(Erasure, "customer", because="a proof names the record that was erased")


def keep_rules(now: datetime) -> None:
    """Add the shipped rules of retention that are missing."""
    sync_retention()


installation_steps.register("privacy.retention", keep_rules)
