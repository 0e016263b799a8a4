"""What a customer signed, kept with the decision: looked at, given to who may see it, taken along, and erased."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hearth.core.models import StoredFile
from hearth.core.personal_data import Person
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent
from hearth.privacy.personal_data import erase_consents, export_consents, scans_of
from hearth.privacy.services import sync_purposes
from tests.organization.builders import make_member, sign_in
from tests.privacy.builders import WRITTEN_AT, make_known_customer, make_proven_consent, make_scan

pytestmark = pytest.mark.django_db
RIGHTS = ("privacy.view_consent", "customers.view")
DECIDED = {"purpose_code": "marketing", "channel": "any", "decision": "given", "how": "签字"}


def person_of(consent: Consent) -> Person:
    return Person(frozenset({consent.customer_id}), frozenset(), frozenset(), WRITTEN_AT)


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_scan_is_kept_with_the_decision_and_given_to_who_sees_the_customer(
    client: Client, signed_in: Client, company: OrgUnit
) -> None:
    sync_purposes()
    customer = make_known_customer(company)
    address = f"/privacy/customers/{customer.pk}/change/"

    answer = signed_in.post(
        address, {**DECIDED, "evidence_file": make_scan()}, headers={"HX-Request": "true"}
    )
    consent = Consent.objects.get()
    given = sign_in(client, make_member(company, *RIGHTS)).get(f"/privacy/consents/{consent.pk}/evidence/")

    assert answer.status_code == 200
    assert "同意书.pdf" in answer.content.decode()
    assert body(given) == b"%PDF-1.7\nsigned"
    assert "attachment" in given.headers["Content-Disposition"]


def test_it_is_kept_from_the_neighbour_and_missing_where_there_is_none(
    client: Client, signed_in: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    consent = make_proven_consent(company)
    address = f"/privacy/consents/{consent.pk}/evidence/"

    refused = sign_in(client, make_member(neighbour, *RIGHTS)).get(address)
    Consent.objects.update(evidence_file=None)
    missing = signed_in.get(address)

    assert (refused.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("同意书.pdf", b"MZ a program"),
        SimpleUploadedFile("同意书.docx", b"PK no picture and no scan"),
        SimpleUploadedFile("同意书.pdf", b""),
    ],
    ids=["program", "document", "empty"],
)
def test_what_is_no_scan_is_refused_and_nothing_is_recorded(
    signed_in: Client, company: OrgUnit, file: SimpleUploadedFile
) -> None:
    sync_purposes()
    customer = make_known_customer(company)

    answer = signed_in.post(f"/privacy/customers/{customer.pk}/change/", {**DECIDED, "evidence_file": file})

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert (Consent.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_it_goes_along_with_the_person_and_goes_with_an_erasure(company: OrgUnit) -> None:
    consent = make_proven_consent(company)
    person = person_of(consent)
    [(name, path)] = scans_of(person)

    row = export_consents(person).rows[0]
    number = erase_consents(person, WRITTEN_AT)

    assert (name, number, path.exists()) == ("同意书.pdf", 1, False)
    assert "同意书.pdf" in map(str, row.values())
    assert StoredFile.objects.count() == 0
    assert Consent.objects.get().decision == "given"
