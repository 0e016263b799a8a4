"""Records of every kind that the API shows, for tests."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from hearth.campaigns.models import Campaign
from hearth.channels.models import Interaction
from hearth.channels.services.interactions import record_interaction
from hearth.core.actor import Actor
from hearth.customers.models import UnitRole
from hearth.inventory.models import Hold, QueueEntry
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent
from hearth.privacy.services import record_consent, sync_purposes
from hearth.sales.models import Contract, Loan, Payment
from hearth.sales.services import receive_payment
from hearth.segments.models import Segment
from hearth.tasks.models import Task
from tests.api.builders import open_case_at
from tests.campaigns.builders import make_campaign, make_segment
from tests.customers.builders import make_customer, make_home, make_household, make_unit_role
from tests.exports.builders import make_export, make_exporter
from tests.imports.builders import make_file, make_received
from tests.inventory.builders import hold_for, make_batch, make_sale, queue_up
from tests.leads.builders import make_lead
from tests.organization.builders import make_member
from tests.sales.builders import make_contract
from tests.sales.plans import make_loan
from tests.segments.builders import make_segment as make_segment_of
from tests.tasks.builders import make_task
from tests.vigilance.builders import make_alarm
from tests.webhooks.builders import make_delivery, make_endpoint

SYSTEM = Actor.system("test")


def write_loan(company: OrgUnit) -> Loan:
    return make_loan(write_contract(company))


def write_hold(company: OrgUnit) -> Hold:
    return hold_for(make_customer(company), make_sale(company)[0], now=timezone.now())


def write_number(company: OrgUnit) -> QueueEntry:
    return queue_up(make_customer(company), make_batch(company))


def write_contract(company: OrgUnit) -> Contract:
    return make_contract(make_home(company), make_customer(company))


def write_payment(company: OrgUnit) -> Payment:
    """Write a payment of a contract of its own."""
    contract, now = write_contract(company), timezone.now()
    paid_date = timezone.localdate(now) - timedelta(days=1)
    return receive_payment(
        contract,
        actor=SYSTEM,
        receipt_number=contract.number,
        paid_date=paid_date,
        amount=contract.total_amount,
        now=now,
    )


def write_interaction(company: OrgUnit) -> Interaction:
    return record_interaction(
        make_customer(company),
        org_unit=company,
        channel="phone",
        direction="inbound",
        summary="Asked for a visit",
        actor=SYSTEM,
        now=timezone.now(),
    )


def write_consent(company: OrgUnit) -> Consent:
    sync_purposes()
    return record_consent(
        make_customer(company),
        purpose_code="marketing",
        channel="email",
        decision="given",
        how="form",
        actor=SYSTEM,
        now=timezone.now(),
    )


def write_role(company: OrgUnit) -> UnitRole:
    return make_unit_role(make_customer(company), make_home(company))


def write_household(company: OrgUnit) -> UUID:
    return make_household(make_customer(company), make_customer(company)).pk


def write_segment(company: OrgUnit) -> Segment:
    return make_segment(company, members=[make_customer(company)])


def write_uncounted_segment(company: OrgUnit) -> Segment:
    """Write a segment before the first snapshot."""
    rule = {"field": "value_tier", "op": "in", "value": ["top"]}
    return make_segment_of(company, rule, now=timezone.now())


def write_campaign(company: OrgUnit) -> Campaign:
    return make_campaign(company, now=timezone.now())


def write_webhook(company: OrgUnit) -> UUID:
    return make_endpoint(company, now=timezone.now())[0].pk


def write_delivery(company: OrgUnit) -> dict[str, Any]:
    """Write a delivery; the parameters of its address are returned."""
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    return {"webhook_id": endpoint.pk, "delivery_id": make_delivery(endpoint, now=timezone.now()).pk}


def write_import(company: OrgUnit) -> UUID:
    """Write a file that was received."""
    with tempfile.TemporaryDirectory() as folder:
        return make_received(make_file(Path(folder)), company).pk


def write_own_export(company: OrgUnit) -> UUID:
    """Write an export of somebody at a place; nobody else learns of it."""
    return make_export(make_exporter(company)).pk


def write_alarm(company: OrgUnit) -> UUID:
    """Write an alarm; only who watches over the whole group learns of it."""
    return make_alarm(make_member(company)).pk


def write_lead(company: OrgUnit) -> Lead:
    return make_lead(company)


def write_task(company: OrgUnit) -> Task:
    return make_task(company, customer_id=make_customer(company).pk)


def write_case(company: OrgUnit) -> UUID:
    return open_case_at(company).pk
