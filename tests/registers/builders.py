"""Incidents for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.registers.models import AffectedPerson, Incident
from hearth.registers.permissions import CHANGE_REGISTER, VIEW_REGISTER
from hearth.registers.services import NewIncident, report_incident
from tests.exports.builders import actor_of
from tests.organization.builders import make_member

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
OFFICER_RIGHTS = (SIGNED_IN, "customers.view", VIEW_REGISTER, CHANGE_REGISTER)


def make_officer(group: OrgUnit) -> User:
    """Write a user who handles incidents of the whole group."""
    return make_member(group, *OFFICER_RIGHTS)


def make_incident(
    place: OrgUnit,
    *,
    title: str = "名单外泄",
    persons: int | None = None,
    data_kinds: Sequence[str] = ("name",),
    found_at: datetime = NOW,
    reporter: User | None = None,
) -> Incident:
    """Have a colleague at a place report an incident."""
    new = NewIncident(place, title, "", data_kinds, persons, found_at)
    return report_incident(new, actor=actor_of(reporter or make_member(place, SIGNED_IN)), now=found_at)


def make_affected(customer: Customer, place: OrgUnit) -> AffectedPerson:
    """Write that an incident at a place touched a customer."""
    return AffectedPerson.objects.create(
        incident=make_incident(place),
        customer=customer,
        seen=1,
        first_at=NOW - timedelta(hours=1),
        last_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )
