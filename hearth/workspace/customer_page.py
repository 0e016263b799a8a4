"""The page of a customer: everything the apps know, in one budget of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from hearth.campaigns.models import CampaignMember
from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.cases.selectors import cases_of_customer
from hearth.core.actor import Actor
from hearth.core.profiling import Figure, explain_scores
from hearth.customers.models import Customer, CustomerProfile, UnitRole
from hearth.properties.models import Unit
from hearth.sales.models import Contract
from hearth.sales.permissions import VIEW_CONTRACT
from hearth.sales.selectors import Money, contracts_of_customer, money_of_customer
from hearth.workspace.timeline import People, with_aliases

CARD_ROWS = 3


@dataclass(frozen=True)
class CustomerPage:
    """What the page shows; a part is None when the actor may not see it."""

    customer: Customer
    profile: CustomerProfile | None
    figures: Sequence[Figure]
    household: Sequence[Customer]
    homes: Sequence[UnitRole]
    cases: Sequence[Case] | None
    money: Money | None
    merged: Sequence[Customer]
    people: People

    @property
    def open_cases(self) -> Sequence[Case]:
        return [case for case in self.cases or [] if case.state != Case.State.CLOSED]

    @property
    def severe_complaints(self) -> Sequence[Case]:
        return [
            case
            for case in self.open_cases
            if case.kind == Case.Kind.COMPLAINT and case.grade != Case.Grade.ORDINARY
        ]


def customer_page(customer: Customer, actor: Actor) -> CustomerPage:
    """Gather what stands around the tabs; five queries, whatever the customer has."""
    household, homes = _household(customer, actor), _homes(customer, actor)
    members = {member.pk: member.name for member in household}
    absorbed = list(
        Customer.objects.filter(merged_into__in=[customer.pk, *members]).order_by("created_at", "id")
    )
    aliases = {row.pk: row.merged_into_id for row in absorbed if row.merged_into_id}
    addresses = {role.unit_id: role.unit.address for role in homes}
    return CustomerPage(
        customer=customer,
        profile=getattr(customer, "profile", None),
        figures=explain_scores(customer.pk),
        household=household,
        homes=homes,
        cases=cases_of_customer(customer.pk, actor) if actor.can(VIEW_CASE) else None,
        money=money_of_customer(customer.pk, actor) if actor.can(VIEW_CONTRACT) else None,
        merged=[row for row in absorbed if row.merged_into_id == customer.pk],
        people=with_aliases(customer.pk, members, addresses, aliases),
    )


def _household(customer: Customer, actor: Actor) -> Sequence[Customer]:
    if customer.household_id is None:
        return []
    members = (
        Customer.objects.visible_to(actor).filter(household=customer.household_id).exclude(pk=customer.pk)
    )
    return list(members.order_by("name", "id"))


def _homes(customer: Customer, actor: Actor) -> Sequence[UnitRole]:
    """Roles on homes the actor may see: those in force first, then the newest."""
    roles = UnitRole.objects.filter(customer=customer, unit__in=Unit.objects.visible_to(actor))
    loaded = list(
        roles.select_related("unit__project", "unit__building", "unit__entrance").order_by(
            "-valid_from", "-id"
        )
    )
    today = timezone.localdate()
    return sorted(loaded, key=lambda role: role.valid_to is not None and role.valid_to <= today)


def contracts_shown(customer: Customer, actor: Actor) -> Sequence[Contract]:
    """Return the contracts for the tab of the money; nothing for who may not see any. At most one query."""
    return contracts_of_customer(customer.pk, actor) if actor.can(VIEW_CONTRACT) else []


def campaigns_shown(customer: Customer, actor: Actor) -> Sequence[CampaignMember]:
    """Return the last campaigns for their tab, as far as the actor may see them; at most one query."""
    if not actor.can(VIEW_CAMPAIGN):
        return []
    scope = actor.scope(VIEW_CAMPAIGN)
    members = CampaignMember.objects.filter(customer=customer).select_related("campaign", "treatment")
    if not scope.everywhere:
        members = members.filter(campaign__org_unit_id__in=sorted(scope.org_unit_ids))
    return list(members.order_by("-campaign__created_at", "-id")[:10])
