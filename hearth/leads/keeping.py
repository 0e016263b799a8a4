# domain data
"""For how long a lead stays whose it is without a contact, before it goes to the public pool 公海.

A followed customer is kept for 30 to 40 days in the practice of one developer; a group changes the number at a place.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils.timezone import localdate, make_aware
from django.utils.translation import pgettext_lazy

from hearth.channels.models import Interaction
from hearth.leads.models import Lead, LeadOwnership, LeadQuerySet
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

KEEP_DAYS = declare(
    SettingDefinition(
        "leads.keep_days",
        pgettext_lazy("leads", "Days without contact after which a lead goes to the public pool"),
        "int",
        30,
        minimum=0,
        maximum=365,
        help_text=pgettext_lazy(
            "leads", "0: never. A grade that asks for a contact less often keeps its leads for as long."
        ),
    )
)
# Proposed: so many days before, whoever has the lead is told.
WARN_DAYS = 3


def with_keeping(leads: LeadQuerySet, days: int) -> LeadQuerySet:
    """Tell of leads when they were last touched (`touched_at`), and for how many days they are kept (`days_kept`).

    A lead is touched by a contact, and by coming into the hands of whoever has it. Contacts are those noted with the
    lead, and those with the customer that its consultant recorded at the place, for its project or for none.
    """
    owned = LeadOwnership.objects.running().filter(lead=OuterRef("pk")).values("began_at")[:1]
    spoke = Interaction.objects.filter(
        Q(project=OuterRef("project")) | Q(project__isnull=True),
        customer=OuterRef("customer"),
        org_unit=OuterRef("org_unit"),
        recorded_by=OuterRef("consultant"),
    )
    last = spoke.exclude(direction=Interaction.Direction.INTERNAL).order_by("-occurred_at", "-id")
    return leads.annotate(
        touched_at=Greatest(
            "created_at",
            Coalesce("last_contact_at", "created_at"),
            Coalesce(Subquery(owned), "created_at"),
            Coalesce(Subquery(last.values("occurred_at")[:1]), "created_at"),
        ),
        days_kept=Greatest(Value(days), Coalesce("grade__follow_up_days", 0), output_field=IntegerField()),
    )


def day_begins(day: date) -> datetime:
    """Return the time at which a day begins here."""
    return make_aware(datetime.combine(day, time()))


def going_by(leads: LeadQuerySet, days: int, *, day: date) -> LeadQuerySet:
    """Keep the open leads of somebody whose days without contact are over on a day or before."""
    began = Value(day_begins(day), output_field=DateTimeField())
    kept = ExpressionWrapper(F("days_kept") * Value(timedelta(days=1)), output_field=DurationField())
    ends = ExpressionWrapper(began - kept, output_field=DateTimeField())
    owned = leads.open().filter(consultant__isnull=False)
    return with_keeping(owned, days).filter(touched_at__lt=ends)  # type: ignore[misc]  # annotated


def day_of_pool(lead: Any, *, soon: date) -> date:
    """Return the day on which an annotated lead goes to the pool: its days are over, and its consultant was told.

    Who was not told yet is told today at the earliest, and keeps the lead until `soon`: `WARN_DAYS` from today.
    """
    warned = lead.pool_warned_at
    if warned is not None and warned >= lead.touched_at:
        told_until = min(soon, localdate(warned) + timedelta(days=WARN_DAYS))
    else:
        told_until = soon
    return max(localdate(lead.touched_at) + timedelta(days=lead.days_kept + 1), told_until)


def pool_day(lead: Lead, *, today: date) -> date | None:
    """Return the day on which a lead goes to the public pool if nothing happens, None if it never does; two queries."""
    if not lead.is_open or lead.consultant_id is None:
        return None
    days = int(setting_at(KEEP_DAYS.key, lead.org_unit))
    if not days:
        return None
    found = with_keeping(Lead.objects.filter(pk=lead.pk), days).get()
    return max(today, day_of_pool(found, soon=today + timedelta(days=WARN_DAYS)))
