"""Turning customers into what programs see."""

from datetime import datetime, time

from django.db.models import Prefetch
from django.utils.timezone import localdate, make_aware

from hearth.api.envelope import Money
from hearth.api.v1.custom_values import custom_of
from hearth.api.v1.customer_schemas import (
    Contact,
    CustomerLine,
    CustomerRecord,
    ExplainedFigure,
    HomeOfCustomer,
    HouseholdMember,
    HouseholdOfCustomer,
    MaskedText,
    Profile,
)
from hearth.api.v1.versions import version_at
from hearth.core.actor import Actor
from hearth.core.profiling import explain_scores
from hearth.customers.models import Customer, CustomerQuerySet, UnitRole
from hearth.customers.selectors import (
    CustomerRow,
    PresentedContact,
    PresentedIdentity,
    completeness_percent,
    place_names,
    present_contacts,
    present_identity,
)
from hearth.exports.policy import rows_alone
from hearth.properties.models import Unit
from hearth.vigilance.selectors import has_been_shown


def readable_customers(actor: Actor) -> CustomerQuerySet:
    """Return the customers the actor may see, with what a record needs of them: three queries when read."""
    members = Customer.objects.visible_to(actor).order_by("name", "id")
    roles = UnitRole.objects.filter(unit__in=Unit.objects.visible_to(actor))
    roles = roles.select_related("unit__project", "unit__building", "unit__entrance")
    return (
        Customer.objects.visible_to(actor)
        .select_related("profile", "completeness", "household")
        .prefetch_related(Prefetch("household__members", queryset=members))
        .prefetch_related(Prefetch("unit_roles", queryset=roles.order_by("valid_from", "id")))
    )


def seen_alone(actor: Actor, *, now: datetime) -> Actor:
    """Return the actor, masked where their programs were shown as many customers today as one may take alone.

    Three queries.
    """
    began = make_aware(datetime.combine(localdate(now), time()))
    if actor.user_id is None or not has_been_shown(rows_alone(), actor.user_id, since=began):
        return actor
    return actor.masked()


def read_customer(customer: Customer, actor: Actor) -> CustomerRecord:
    """Return all the actor may see of a customer loaded by `readable_customers`; six queries."""
    identity = present_identity(customer, actor)
    contacts = present_contacts([customer], actor)[customer.pk]
    return CustomerRecord(
        id=customer.pk,
        number=customer.number,
        kind=customer.kind,
        name=customer.name,
        sex=customer.sex,
        birth_date=customer.birth_date,
        identity_number=_masked(identity) if identity.text else None,
        occupation=customer.occupation,
        source=customer.source,
        household_role=customer.household_role,
        responsible_id=customer.responsible_id,
        external_key=customer.external_key,
        note=customer.usable_note,
        custom=custom_of("customer", customer, actor),
        contacts=[_contact(contact) for contact in contacts],
        household=_household(customer),
        homes=[_home(role) for role in customer.unit_roles.all()],
        profile=_profile(customer),
        profiling_refused_at=customer.profiling_refused_at,
        places=place_names([customer.pk], actor).get(customer.pk, []),
        created_at=customer.created_at,
        updated_at=customer.updated_at,
        last_contact_at=customer.last_contact_at,
        completeness=completeness_percent(customer),
    )


def read_line(row: CustomerRow) -> CustomerLine:
    customer = row.customer
    return CustomerLine(
        id=customer.pk,
        number=customer.number,
        kind=customer.kind,
        name=customer.name,
        phone=_masked(row.phone) if row.phone else None,
        owner_stage=row.owner_stage or None,
        value_tier=row.value_tier or None,
        homes=row.homes,
        places=list(row.places),
        source=customer.source,
        external_key=customer.external_key,
        household_id=customer.household_id,
        responsible_id=customer.responsible_id,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
        last_contact_at=customer.last_contact_at,
        completeness=completeness_percent(customer),
    )


def version_of(customer: Customer) -> str:
    """Return the entity tag: it changes when anybody changes the customer, not when a score does."""
    return version_at(customer.updated_at)


def _masked(value: PresentedContact | PresentedIdentity) -> MaskedText:
    return MaskedText(text=value.text, is_masked=value.is_masked)


def _contact(contact: PresentedContact) -> Contact:
    return Contact(
        id=contact.id,
        kind=contact.kind,
        text=contact.text,
        is_masked=contact.is_masked,
        label=contact.label,
        is_primary=contact.is_primary,
        is_valid=contact.is_valid,
    )


def _household(customer: Customer) -> HouseholdOfCustomer | None:
    if customer.household is None:
        return None
    others = [member for member in customer.household.members.all() if member.pk != customer.pk]
    members = [
        HouseholdMember(id=one.pk, number=one.number, name=one.name, household_role=one.household_role)
        for one in others
    ]
    return HouseholdOfCustomer(id=customer.household.pk, name=customer.household.name, members=members)


def _home(role: UnitRole) -> HomeOfCustomer:
    return HomeOfCustomer(
        unit_id=role.unit_id,
        address=role.unit.address,
        role=role.role,
        valid_from=role.valid_from,
        valid_to=role.valid_to,
    )


def _profile(customer: Customer) -> Profile | None:
    profile = getattr(customer, "profile", None)
    if profile is None:
        return None
    return Profile(
        scored_at=profile.scored_at,
        owner_stage=profile.owner_stage,
        value_tier=profile.value_tier,
        portfolio_action=profile.portfolio_action,
        recency_days=profile.recency_days,
        purchase_recency_days=profile.purchase_recency_days,
        frequency=profile.frequency,
        monetary=Money(amount=str(profile.monetary_amount)),
        open_complaints=profile.open_complaints,
        homes=profile.homes,
        explanation=profile.explanation,
        figures=[
            ExplainedFigure.model_validate(figure, from_attributes=True)
            for figure in explain_scores(customer.pk)
        ],
    )
