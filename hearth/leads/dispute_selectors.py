# domain data
"""What a dispute is decided on: who saw and called the customer, when, and whether it still counted then.

The days are those of the practice: a call speaks for its consultant for 15 days, a visit for 7. A group changes them at
a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.channels.events import InteractionRecorded
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.leads.models import LeadDispute
from hearth.leads.selectors import Evidence, evidence_of
from hearth.organization.selectors import settings_at_each
from hearth.organization.settings_catalogue import SettingDefinition, declare

CALL_DAYS = declare(
    SettingDefinition(
        "leads.call_days",
        pgettext_lazy("leads", "Days for which a call speaks for its consultant"),
        "int",
        15,
        minimum=0,
        maximum=365,
    )
)
VISIT_DAYS = declare(
    SettingDefinition(
        "leads.visit_days",
        pgettext_lazy("leads", "Days for which a visit speaks for its consultant"),
        "int",
        7,
        minimum=0,
        maximum=365,
    )
)
MOST_DISPUTES = 100


@dataclass(frozen=True)
class Line:
    """One thing on record, whose side it is on, and until when it counts, None for what has no such day."""

    evidence: Evidence
    is_claimants: bool
    is_holders: bool
    counts_until: date | None
    counted: bool


def lines_of(dispute: LeadDispute, actor: Actor) -> Sequence[Line]:
    """Return what was on record when the lead was claimed, the oldest first; three queries."""
    place = dispute.lead.org_unit
    asked = {setting.key: setting.default for setting in (CALL_DAYS, VISIT_DAYS)}
    found = settings_at_each(asked, [place])[place.pk]
    days = {
        Channel.PHONE.value: int(found[CALL_DAYS.key].value),
        Channel.VISIT.value: int(found[VISIT_DAYS.key].value),
    }
    claimed = localdate(dispute.created_at)
    lines = []
    for each in reversed(evidence_of(dispute.lead, actor, until=dispute.created_at)):
        event = each.event
        kept = days.get(event.channel) if event.type == InteractionRecorded.type else None
        until = localdate(event.occurred_at) + timedelta(days=kept) if kept is not None else None
        whose = event.payload.get("to_user_id") or event.actor_id
        lines.append(
            Line(
                each,
                whose is not None and whose == dispute.claimant_id,
                whose is not None and whose == dispute.holder_id,
                until,
                until is not None and until >= claimed,
            )
        )
    return lines


def disputes_for(actor: Actor) -> Sequence[LeadDispute]:
    """Return the disputes the actor may see, those that wait first; one query."""
    rows = LeadDispute.objects.visible_to(actor).select_related(
        "lead__project", "claimant", "holder", "awarded_to"
    )
    return list(rows.order_by(F("decided_at").desc(nulls_first=True), "-created_at", "-id")[:MOST_DISPUTES])
