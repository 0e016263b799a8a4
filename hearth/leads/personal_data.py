"""Leads of a person, given out and erased."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import pgettext_lazy

from hearth.core.personal_data import (
    Person,
    Table,
    delete_rows,
    holds_none,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.retention import KeptKind, Way, keep_for_a_time, ties
from hearth.leads.models import (
    Absence,
    AssignmentRule,
    Grade,
    Lead,
    LeadDispute,
    LeadOwnership,
    LossReason,
    StageRule,
)


def export_leads(person: Person) -> Table:
    rows = Lead.objects.filter(customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows,
        ("created_at", pgettext_lazy("lead", "came in")),
        "source",
        "source_detail",
        "state",
        "stage",
        "next_step",
        "next_step_date",
        "last_contact_at",
        "lost_reason",
        "win_back_date",
    )


def erase_leads(person: Person, now: datetime) -> int:
    """Remove the leads of the person, and strike the person out where others name them."""
    number = delete_rows(Lead.objects.filter(customer__in=person.ids))
    return number + strike_out_in(Lead.objects.all(), person, "source_detail", "next_step", "lost_reason")


def export_disputes(person: Person) -> Table:
    rows = LeadDispute.objects.filter(lead__customer__in=person.ids).order_by("created_at", "id")
    return table_of(
        rows, ("created_at", pgettext_lazy("dispute", "claimed")), "claim", "decided_at", "reason"
    )


def erase_disputes(person: Person, now: datetime) -> int:
    """Remove the disputes about the person, and strike the person out where others name them."""
    number = delete_rows(LeadDispute.objects.filter(lead__customer__in=person.ids))
    return number + strike_out_in(LeadDispute.objects.all(), person, "claim", "reason")


register_personal_data(
    "leads.disputes",
    pgettext_lazy("leads", "Disputes about leads"),
    LeadDispute,
    export=export_disputes,
    erase=erase_disputes,
)
register_personal_data(
    "leads.leads", pgettext_lazy("leads", "Leads"), Lead, export=export_leads, erase=erase_leads
)
holds_none(LeadOwnership, because="Colleagues and times; it goes with its lead.")
holds_none(Grade, because="What letters mean.")
holds_none(AssignmentRule, because="Among which colleagues leads are shared out.")
holds_none(Absence, because="When colleagues are away.")
holds_none(StageRule, because="What stages ask for.")
holds_none(LossReason, because="Words for why leads are lost.")


def worked_on(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who may still buy."""
    rows = Lead.objects.live().filter(customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


def remove_leads(ids: Sequence[UUID], now: datetime) -> int:
    return delete_rows(Lead.objects.filter(pk__in=ids))


ties.register("leads.leads", worked_on)
keep_for_a_time(
    KeptKind(
        code="leads.closed",
        label=pgettext_lazy("leads", "Closed leads"),
        due=lambda before: Lead.objects.filter(closed_at__lt=before, is_sample=False),
        ways={Way.ERASE: remove_leads},
    ),
)
