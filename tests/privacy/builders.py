"""Customers and what they agreed to, for tests."""

from datetime import UTC, datetime
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from hearth.core.actor import Actor
from hearth.core.crypto import blind_index
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, Household
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent, PersonRequest, Purpose
from hearth.privacy.services import (
    NewConsent,
    check_identity,
    receive_request,
    record_consents,
    sync_purposes,
)

WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)


def make_known_customer(
    org_unit: OrgUnit,
    *,
    name: str = "王小明",
    email: str = "",
    phone: str = "",
    household: Household | None = None,
    external_key: str = "",
) -> Customer:
    """Write a customer who is known at a place, with the ways to reach them."""
    customer = Customer.objects.create(
        name=name,
        name_tokens=[name],
        household=household,
        external_key=external_key,
        created_at=WRITTEN_AT,
        updated_at=WRITTEN_AT,
    )
    CustomerPlace.objects.create(customer=customer, org_unit=org_unit)
    for kind, value in (("email", email), ("phone", phone)):
        if value:
            make_contact_point(customer, kind=kind, value=value)
    return customer


def copy_customer(customer: Customer, *, keys: int) -> None:
    """Write the customer again for each external key from 1 to `keys`, in one statement of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_customer
            SELECT (jsonb_populate_record(original, jsonb_build_object(
                'id', gen_random_uuid(), 'number', nextval('customers_number'), 'external_key', key::text
            ))).*
            FROM customers_customer AS original, generate_series(1, %s) AS key
            WHERE original.id = %s
            """,
            [keys, customer.pk],
        )


def make_contact_point(customer: Customer, *, kind: str, value: str) -> ContactPoint:
    """Write a preferred way to reach a customer."""
    point = ContactPoint(
        customer=customer,
        kind=kind,
        value_index=blind_index(kind, value),
        is_primary=True,
        created_at=WRITTEN_AT,
        updated_at=WRITTEN_AT,
    )
    point.value = value
    point.save()
    return point


def make_household(name: str = "王家") -> Household:
    """Write a household without members."""
    return Household.objects.create(name=name, created_at=WRITTEN_AT, updated_at=WRITTEN_AT)


def make_consent(
    customer_id: UUID,
    *,
    purpose_code: str = "marketing",
    channel: str = "any",
    decision: str = "given",
    decided_at: datetime = WRITTEN_AT,
) -> Consent:
    """Write one decision of a customer."""
    sync_purposes()
    return Consent.objects.create(
        customer_id=customer_id,
        purpose=Purpose.objects.get(code=purpose_code),
        channel=channel,
        decision=decision,
        decided_at=decided_at,
        how="form",
        text_version=1,
        created_at=decided_at,
        updated_at=decided_at,
    )


def make_request(
    org_unit: OrgUnit,
    *,
    customer: Customer | None = None,
    kind: str = "access",
    wish: str = "",
    is_identified: bool = False,
    now: datetime = WRITTEN_AT,
) -> PersonRequest:
    """Write a request of a customer known at a place."""
    row = receive_request(
        customer or make_known_customer(org_unit),
        kind=kind,
        wish=wish,
        came_by="desk",
        actor=Actor.system("test"),
        now=now,
    )
    if is_identified:
        check_identity(row, how="identity card seen", actor=Actor.system("test"), now=now)
        row.refresh_from_db()
    return row


def make_scan() -> SimpleUploadedFile:
    """A form that was signed and scanned."""
    return SimpleUploadedFile("同意书.pdf", b"%PDF-1.7\nsigned", content_type="application/pdf")


def make_proven_consent(company: OrgUnit) -> Consent:
    """Record consent to marketing with the scan of what was signed."""
    sync_purposes()
    customer = make_known_customer(company)
    new = NewConsent(customer.pk, "marketing", "any", "given", "签字", evidence_file=make_scan())
    return record_consents([new], actor=Actor.system("test"), now=WRITTEN_AT)[0]
