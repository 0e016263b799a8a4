"""Campaigns a person was drawn for, given out and made nobody's."""

import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import Campaign, CampaignMember, Response, Treatment
from hearth.core.personal_data import Person, Table, holds_none, register_personal_data, table_of


def export_memberships(person: Person) -> Table:
    rows = CampaignMember.objects.filter(customer__in=person.ids).select_related("campaign", "treatment")
    return table_of(
        rows.order_by("id"),
        ("campaign__name", _("campaign")),
        ("treatment__name", _("way of addressing")),
        "exclusion",
        "treated_at",
        "responded_at",
        "purchased_at",
        "call_result",
    )


def erase_memberships(person: Person, now: datetime) -> int:
    """Keep the count that the comparison rests on; the link in the message leads nowhere any more."""
    rows = list(CampaignMember.objects.filter(customer__in=person.ids))
    for row in rows:
        row.token = secrets.token_urlsafe(24)
        row.save(update_fields=["token"])
    return len(rows)


def export_responses(person: Person) -> Table:
    rows = Response.objects.filter(member__customer__in=person.ids).select_related("member__campaign")
    return table_of(
        rows.order_by("id"),
        ("member__campaign__name", _("campaign")),
        "kind",
        "source",
        "amount",
        "occurred_at",
    )


def keep_responses(person: Person, now: datetime) -> int:
    return 0


register_personal_data(
    "campaigns.memberships",
    _("Campaigns"),
    CampaignMember,
    export=export_memberships,
    erase=erase_memberships,
)
register_personal_data(
    "campaigns.responses", _("Responses"), Response, export=export_responses, erase=keep_responses
)
holds_none(Campaign, Treatment, because="What is said to many customers, and to how many.")
