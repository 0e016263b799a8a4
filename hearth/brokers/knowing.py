"""Whether the house knew a customer before a broker registered them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from hearth.channels.models import Channel, Interaction
from hearth.core.attribution import beyond_places
from hearth.customers.contacts import PHONE
from hearth.customers.models import ContactPoint
from hearth.leads.models import Lead
from hearth.properties.models import Project


def customers_with(index: bytes) -> set[UUID]:
    """Return who has a phone, wherever the record lies; one query."""
    with beyond_places():
        points = ContactPoint.objects.usable().filter(
            kind=PHONE, value_index=index, customer__merged_into=None, customer__erased_at=None
        )
        return set(points.values_list("customer_id", flat=True))


def was_known(ids: Collection[UUID], project: Project, *, at: datetime, days: int) -> bool:
    """Tell whether one of the customers was known for the project at a time; at most two queries.

    Known is who visited within the days before, or had a lead then that came in or was spoken with within them.
    """
    if not ids or not days:
        return False
    with beyond_places():
        return (
            _visits(ids, project, at, days).exists() or known_leads(ids, project, at=at, days=days).exists()
        )


def _contacts(project: Project, at: datetime, days: int) -> Q:
    here = Q(project=project) | Q(project=None, org_unit=project.org_unit_id)
    return here & Q(occurred_at__lt=at, occurred_at__gte=at - timedelta(days=days))


def _visits(ids: Collection[UUID], project: Project, at: datetime, days: int) -> QuerySet[Interaction]:
    return Interaction.objects.filter(_contacts(project, at, days), customer__in=ids, channel=Channel.VISIT)


def known_leads(ids: Collection[UUID], project: Project, *, at: datetime, days: int) -> QuerySet[Lead]:
    """Return the leads of customers for a project that lived at a time, and came in or were touched shortly before."""
    spoke = Interaction.objects.filter(_contacts(project, at, days), customer=OuterRef("customer"))
    spoke = spoke.exclude(direction=Interaction.Direction.INTERNAL)
    rows = Lead.objects.filter(Q(closed_at=None) | Q(closed_at__gte=at), customer__in=ids, project=project)
    came = Q(created_at__gte=at - timedelta(days=days))
    return rows.filter(created_at__lt=at).filter(came | Exists(spoke))
