"""Random histories over every app: rows for customers, and what the whole database holds.

`ROWS` gives for each column that follows a merge a function that writes one row naming a customer; an app that adds
such a column adds its function, so that merges are proved over its table too.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from django.db import connection

from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.contract_changes.kinds import Wanted
from hearth.core.actor import Actor
from hearth.customers.models import ContactPoint, Customer, UnitRole
from hearth.customers.services import (
    add_contact_point,
    end_unit_role,
    make_known_at,
    reveal_contact_point,
)
from hearth.customers.services.contact_points import ContactAlreadyKept
from hearth.families.models import NeedProfile, Relationship
from hearth.inventory.models import QueueEntry, ReleaseBatch
from hearth.mailroom.models import InboundMail
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent, PersonRequest
from hearth.properties.models import Unit
from hearth.sales.models import Contract
from hearth.sales.services import receive_payment
from hearth.segments.models import SegmentCount, SegmentMember
from tests.brokers.builders import make_conflict, make_partner, make_referrer, make_visited
from tests.campaigns.builders import make_segment
from tests.cases.builders import make_case
from tests.channels.builders import make_draft, make_message
from tests.contract_changes.builders import make_request as make_change_request
from tests.contract_texts.builders import make_given, reading_of
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.gates.test_foreign_keys import list_own_models
from tests.group_cases.builders import make_complaint, make_group_case
from tests.inventory.builders import hold_for, make_batch, make_sale, queue_up
from tests.leads.builders import make_lead
from tests.mailroom.builders import make_mail
from tests.privacy.builders import make_consent, make_request
from tests.promises.builders import make_acknowledgement, make_published
from tests.promises.builders import make_draft as make_disclosure
from tests.sales.builders import make_contract, make_filed
from tests.tasks.builders import make_task

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")
_numbers = count(1)
# What grows by design: the history of acts, of changes, of merges.
GROWING = {"core.EventRecord", "audit.AuditEntry", "customers.CustomerMerge", "customers.AbsorbedCustomer"}
MakeRow = Callable[[Customer, OrgUnit, Random], object]


def add_phone(customer: Customer, company: OrgUnit, random: Random) -> None:
    """Add one of a few phones, so that two records share some."""
    kind, value = random.choice([("phone", f"1390000{random.randrange(4):04d}"), ("wechat", "wang_jg")])
    try:
        add_contact_point(
            customer, kind=kind, value=value, actor=SYSTEM, now=NOW, is_primary=random.random() < 0.5
        )
    except ContactAlreadyKept:
        return


def add_lead(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_lead(company, customer=customer, state=random.choice(["open", "pooled", "lost"]))


def add_place(customer: Customer, company: OrgUnit, random: Random) -> None:
    place = random.choice(list(OrgUnit.objects.filter(parent=company.parent).order_by("id")))
    make_known_at(customer, place, actor=SYSTEM, now=NOW)


def add_role(customer: Customer, company: OrgUnit, random: Random) -> None:
    homes = list(Unit.objects.filter(org_unit=company).order_by("id")[:2]) or [make_home(company)]
    role = random.choice([UnitRole.Role.OWNER, UnitRole.Role.RESIDENT])
    home = random.choice(homes)
    if not UnitRole.objects.filter(customer=customer, unit=home, role=role, valid_to=None).exists():
        make_unit_role(customer, home, role=role, valid_from=date(2020 + random.randrange(5), 1, 1))


def add_reveal(customer: Customer, company: OrgUnit, random: Random) -> None:
    point = ContactPoint.objects.filter(customer=customer).order_by("id").first()
    if point:
        reveal_contact_point(point, reason="回访", actor=SYSTEM, now=NOW)


def add_contract(customer: Customer, company: OrgUnit, random: Random) -> None:
    contract = make_contract(make_home(company), customer)
    for _number in range(random.randrange(3)):
        pay(contract)


def pay(contract: Any) -> None:
    receive_payment(
        contract,
        actor=SYSTEM,
        receipt_number=f"R{next(_numbers)}",
        paid_date=date(2026, 3, 1),
        amount=Decimal(1000),
        now=NOW,
    )


def add_payment(customer: Customer, company: OrgUnit, random: Random) -> None:
    contract = customer.contracts.order_by("id").first()
    pay(contract or make_contract(make_home(company), customer))


def add_case(customer: Customer, company: OrgUnit, random: Random) -> Case:
    return make_case(company, customer=customer)


def add_group_household(customer: Customer, company: OrgUnit, random: Random) -> object:
    """Write a group complaint of its own for the customer."""
    return make_group_case(company, cases=[make_complaint(company, customer=customer)])


def add_interaction(customer: Customer, company: OrgUnit, random: Random) -> Interaction:
    return Interaction.objects.create(
        org_unit=company,
        customer=customer,
        channel="phone",
        direction="inbound",
        summary="来电",
        occurred_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def add_message(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_message(make_draft(company, customer=customer, consents=False), now=NOW)


def add_mail(customer: Customer, company: OrgUnit, random: Random) -> None:
    row = make_mail(company)
    InboundMail.objects.filter(pk=row.pk).update(customer=customer)


def add_consent(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_consent(customer.pk, decision=random.choice(["given", "withdrawn"]))


def add_consent_as_guardian(customer: Customer, company: OrgUnit, random: Random) -> None:
    child = make_customer(company)
    Consent.objects.filter(pk=make_consent(child.pk).pk).update(guardian=customer)


def add_request(customer: Customer, company: OrgUnit, random: Random) -> None:
    """Have the customer ask for one of two things, unless they wait for it already."""
    kind = random.choice(["access", "correction"])
    if not PersonRequest.objects.open().filter(customer=customer, kind=kind).exists():
        make_request(company, customer=customer, kind=kind)


def add_campaign_member(customer: Customer, company: OrgUnit, random: Random) -> None:
    """Draw the customer into one of two campaigns."""
    name = f"开放日{random.randrange(2)}"
    campaign = Campaign.objects.filter(org_unit=company, name=name).first() or Campaign.objects.create(
        org_unit=company, name=name, salt=name, created_at=NOW, updated_at=NOW
    )
    arm = campaign.treatments.first() or Treatment.objects.create(
        campaign=campaign, name="邮件", channel="email", share=Decimal(1), created_at=NOW, updated_at=NOW
    )
    if not campaign.members.filter(customer=customer).exists():
        CampaignMember.objects.create(
            campaign=campaign,
            customer=customer,
            household_key=customer.household_id or customer.pk,
            treatment=arm,
            token=f"token{next(_numbers)}",
            created_at=NOW,
            updated_at=NOW,
        )


def add_segment_member(customer: Customer, company: OrgUnit, random: Random) -> None:
    counted = SegmentCount.objects.order_by("id").first()
    if counted is None:
        make_segment(company)
        counted = SegmentCount.objects.order_by("id")[0]
    SegmentMember.objects.get_or_create(count=counted, customer=customer)


def end_role(customer: Customer, company: OrgUnit, random: Random) -> None:
    """End a role, which leaves what was thought of it before."""
    role = UnitRole.objects.filter(customer=customer, valid_to=None).order_by("id").first()
    if role:
        end_unit_role(role, last_day=date(2026, 3, 1), actor=SYSTEM, now=NOW)


def add_relationship(customer: Customer, company: OrgUnit, random: Random) -> None:
    others = list(Customer.objects.unmerged().exclude(pk=customer.pk).order_by("id"))
    if not others:
        return
    other, kind = random.choice(others), random.choice(["payer", "referrer"])
    if not Relationship.objects.filter(customer=customer, other=other, kind=kind).exists():
        Relationship.objects.create(customer=customer, other=other, kind=kind, created_at=NOW, updated_at=NOW)


def add_need(customer: Customer, company: OrgUnit, random: Random) -> None:
    NeedProfile.objects.create(customer=customer, purpose="upgrade", created_at=NOW, updated_at=NOW)


def add_task(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_task(company, customer_id=customer.pk)


def add_hold(customer: Customer, company: OrgUnit, random: Random) -> None:
    hold_for(customer, make_sale(company, floors=1, lines=1)[0])


def change_contract(customer: Customer, company: OrgUnit, random: Random) -> None:
    """File a contract, which leaves what it said before."""
    contract = Contract.objects.filter(customer=customer, state="signed").order_by("id").first()
    if contract:
        make_filed(contract)


def add_change_request(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_change_request(company, kind="owner_added", wanted=Wanted(customer=customer))


def add_queue_number(customer: Customer, company: OrgUnit, random: Random) -> None:
    batch = ReleaseBatch.objects.filter(org_unit=company).order_by("id").first() or make_batch(company)
    if not QueueEntry.objects.filter(customer=customer, batch=batch).exists():
        queue_up(customer, batch)


def add_acknowledgement(customer: Customer, company: OrgUnit, random: Random) -> None:
    make_acknowledgement(make_published(make_disclosure(company)), customer)


def add_referrer(customer: Customer, company: OrgUnit, _random: Random) -> None:
    make_referrer(company, customer, partner=make_partner(company, kind="referral"))


def add_text_reading(customer: Customer, company: OrgUnit, _random: Random) -> None:
    reading = reading_of(make_given(company))
    reading.customer = customer
    reading.save()


def add_registration(customer: Customer, company: OrgUnit, _random: Random) -> None:
    make_visited(company, customer=customer)


def add_registration_conflict(customer: Customer, company: OrgUnit, _random: Random) -> None:
    conflict = make_conflict(company)
    conflict.customer = customer
    conflict.save()


ROWS: dict[str, MakeRow] = {
    "customers.ContactPoint.customer": add_phone,
    "customers.CustomerPlace.customer": add_place,
    "leads.Lead.customer": add_lead,
    "brokers.Broker.customer": add_referrer,
    "brokers.ChannelRegistration.customer": add_registration,
    "brokers.RegistrationConflict.customer": add_registration_conflict,
    "customers.UnitRole.customer": add_role,
    "customers.UnitRoleVersion.customer": end_role,
    "customers.Reveal.customer": add_reveal,
    "families.Relationship.customer": add_relationship,
    "families.Relationship.other": add_relationship,
    "families.NeedProfile.customer": add_need,
    "tasks.Task.customer": add_task,
    "sales.Contract.customer": add_contract,
    "sales.Payment.customer": add_payment,
    "sales.ContractVersion.customer": change_contract,
    "contract_changes.ChangeRequest.customer": add_change_request,
    "inventory.Hold.customer": add_hold,
    "inventory.QueueEntry.customer": add_queue_number,
    "promises.Acknowledgement.customer": add_acknowledgement,
    "contract_texts.TextReading.customer": add_text_reading,
    "cases.Case.customer": add_case,
    "group_cases.GroupHousehold.customer": add_group_household,
    "channels.Interaction.customer": add_interaction,
    "channels.Message.customer": add_message,
    "mailroom.InboundMail.customer": add_mail,
    "privacy.Consent.customer": add_consent,
    "privacy.Consent.guardian": add_consent_as_guardian,
    "privacy.PersonRequest.customer": add_request,
    "campaigns.CampaignMember.customer": add_campaign_member,
    "segments.SegmentMember.customer": add_segment_member,
}
# Written by merges themselves.
BY_MERGES = {"customers.Customer.merged_into"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of every app, but for what only grows."""
    found = {}
    with connection.cursor() as cursor:
        for model in list_own_models():
            if model._meta.label in GROWING:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT to_jsonb(kept)::text FROM {table} AS kept")
            rows = [json.loads(text) for (text,) in cursor.fetchall()]
            if rows:
                found[model._meta.label] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
    return found


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)
