"""Buyers acknowledge disclosures, and a contract shows what its buyer was told."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord, StoredFile
from hearth.core.personal_data import Person
from hearth.core.second_person import PastThatStep
from hearth.core.timeline import load_details
from hearth.organization.models import OrgUnit
from hearth.promises.models import Acknowledgement, Disclosure
from hearth.promises.personal_data import (
    acknowledgements_kept,
    erase_acknowledgements,
    export_acknowledgements,
    unsigned_before,
)
from hearth.promises.selectors import told_of_disclosures
from hearth.promises.services import Acknowledged, acknowledge_disclosure, begin_disclosure, write_disclosure
from hearth.promises.services.acknowledging import (
    AcknowledgedBefore,
    AcknowledgementUnproved,
    HomeOfAnotherProject,
    NotShownThatDay,
)
from hearth.properties.models import Unit
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor, make_member, sign_in
from tests.promises.builders import (
    NOW,
    PARTS,
    TODAY,
    make_acknowledgement,
    make_consultant,
    make_draft,
    make_published,
    pdf,
)
from tests.properties.builders import make_building, make_project, make_unit
from tests.query_counts import count_queries
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)
SYSTEM = Actor.system("test")


@pytest.fixture
def home(company: OrgUnit) -> Unit:
    return make_home(company)


@pytest.fixture
def published(company: OrgUnit, home: Unit) -> Disclosure:
    return make_published(make_draft(company, project=home.project))


@pytest.mark.requirement("S46")
def test_a_buyer_acknowledges_a_version_for_a_home_with_proof(
    company: OrgUnit, home: Unit, published: Disclosure
) -> None:
    customer = make_customer(company)

    row = make_acknowledgement(published, customer, unit=home, evidence_file=pdf("签收单.pdf"), proof="")

    event = EventRecord.objects.get(type="promises.disclosure_acknowledged")
    assert row.evidence_file is not None
    assert (row.evidence_file.name, row.acknowledged_date) == ("签收单.pdf", TODAY)
    assert (event.customer_id, event.unit_id, event.payload["version"]) == (customer.pk, home.pk, 1)


def test_the_timeline_of_the_buyer_names_what_they_acknowledged(
    company: OrgUnit, neighbour: OrgUnit, published: Disclosure
) -> None:
    make_acknowledgement(published, make_customer(company))
    events = list(EventRecord.objects.filter(type="promises.disclosure_acknowledged"))

    [detail] = load_details(events, actor_of(make_consultant(company))).values()
    foreign = load_details(events, actor_of(make_consultant(neighbour)))

    assert published.project.name in detail.summary
    assert detail.url == reverse("promises:disclosure", args=[published.pk])
    assert foreign == {}


def test_an_acknowledgement_is_proved_and_of_its_time_and_project(
    company: OrgUnit, home: Unit, published: Disclosure
) -> None:
    customer, consultant = make_customer(company), actor_of(make_consultant(company))
    elsewhere = make_unit(make_building(make_project(company)))
    refused: list[tuple[Acknowledged, type[DomainError]]] = [
        (Acknowledged("signed", TODAY, proof=" "), AcknowledgementUnproved),
        (Acknowledged("signed", TODAY - timedelta(days=1), proof="柜"), NotShownThatDay),
        (Acknowledged("signed", TODAY + timedelta(days=1), proof="柜"), NotShownThatDay),
        (Acknowledged("signed", TODAY, elsewhere, "柜"), HomeOfAnotherProject),
        (Acknowledged("shouted", TODAY, proof="柜"), DomainError),
    ]

    for said, refusal in refused:
        with pytest.raises(refusal):
            acknowledge_disclosure(published, customer, said, actor=consultant, now=NOW)
    make_acknowledgement(published, customer)
    with pytest.raises(AcknowledgedBefore):
        make_acknowledgement(published, customer)

    assert Acknowledgement.objects.count() == 1


def test_papers_of_a_superseded_version_are_noted_for_days_when_it_was_published(
    company: OrgUnit, published: Disclosure
) -> None:
    _publish_next(published)
    customer = make_customer(company)

    row = make_acknowledgement(published, customer, day=TODAY, now=LATER + timedelta(days=5))

    assert row.acknowledged_date == TODAY
    with pytest.raises(NotShownThatDay):
        make_acknowledgement(
            published, make_customer(company), day=date(2026, 4, 20), now=LATER + timedelta(days=5)
        )


def _publish_next(disclosure: Disclosure) -> Disclosure:
    row = begin_disclosure(disclosure.project, disclosure.kind, actor=actor_of(disclosure.author), now=LATER)
    write_disclosure(row, PARTS, actor=actor_of(disclosure.author), now=LATER)
    return make_published(row, now=LATER)


def test_nobody_acknowledges_a_draft_or_without_the_right(company: OrgUnit, published: Disclosure) -> None:
    customer, said = make_customer(company), Acknowledged("signed", TODAY, proof="柜")

    with pytest.raises(PastThatStep):
        make_acknowledgement(make_draft(company), customer)
    with pytest.raises(NotAllowed):
        acknowledge_disclosure(published, customer, said, actor=make_actor(company, "promises.view"), now=NOW)

    assert not Acknowledgement.objects.exists()


@pytest.mark.requirement("S46")
def test_a_contract_shows_the_version_of_its_day_and_who_did_not_acknowledge_it(
    company: OrgUnit, home: Unit, published: Disclosure
) -> None:
    customer = make_customer(company)
    pledge = make_published(make_draft(company, project=home.project, kind="pledge"))
    make_acknowledgement(published, customer, unit=home)
    _publish_next(published)
    contract = make_contract(home, customer, signed_date=TODAY, now=NOW)

    told = told_of_disclosures(contract, SYSTEM)

    assert {each.disclosure.pk: each.acknowledgement is not None for each in told} == {
        published.pk: True,
        pledge.pk: False,
    }
    assert not any(each.is_after_signing or each.is_older_version for each in told)


def test_an_acknowledgement_after_signing_or_of_an_older_version_is_called_so(
    company: OrgUnit, home: Unit, published: Disclosure
) -> None:
    late, old = make_customer(company), make_customer(company)
    make_acknowledgement(published, late, day=TODAY + timedelta(days=3), now=LATER)
    make_acknowledgement(published, old, now=LATER)
    before = make_contract(home, late, signed_date=TODAY, now=LATER)
    [after_signing] = told_of_disclosures(before, SYSTEM)
    _publish_next(published)
    before.delete()

    after = make_contract(home, old, signed_date=date(2026, 4, 18), now=LATER + timedelta(days=3))
    [older] = told_of_disclosures(after, SYSTEM)

    assert (after_signing.is_after_signing, after_signing.is_older_version) == (True, False)
    assert (older.is_after_signing, older.is_older_version) == (False, True)


def test_the_card_of_a_contract_is_for_those_who_see_the_contract(
    client: Client, company: OrgUnit, neighbour: OrgUnit, home: Unit, published: Disclosure
) -> None:
    contract = make_contract(home, make_customer(company), signed_date=TODAY)
    address = reverse("promises:told", args=[contract.pk])
    rights = ("core.signed_in", "sales.view", "promises.view")

    own = sign_in(client, make_member(company, *rights)).get(address)
    page = client.get(reverse("sales:contract", args=[contract.pk])).content.decode()
    other = sign_in(Client(), make_member(neighbour, *rights)).get(address)

    assert "未确认" in own.content.decode()
    assert address in page
    assert other.status_code == 404


def test_buyers_are_named_to_those_who_may_see_them_in_a_fixed_number_of_queries(
    client: Client, company: OrgUnit, published: Disclosure
) -> None:
    make_acknowledgement(published, make_customer(company, name="王青枫"))
    address = reverse("promises:acknowledgements", args=[published.pk])
    sign_in(client, make_consultant(company))
    blind = sign_in(Client(), make_member(company, "core.signed_in", "promises.view"))

    one = count_queries(client, address)
    for _number in range(2):
        make_acknowledgement(published, make_customer(company))
    three = count_queries(client, address)

    assert one == three
    assert "王青枫" in client.get(address).content.decode()
    assert "王青枫" not in blind.get(address).content.decode()


def test_an_acknowledgement_is_noted_on_the_page_with_home_and_file(
    client: Client, company: OrgUnit, home: Unit, published: Disclosure
) -> None:
    customer = make_customer(company, name="王青枫")
    sign_in(client, make_consultant(company))
    address = reverse("promises:acknowledgements", args=[published.pk])
    sent = {"who": "王青枫", "how": "signed", "acknowledged_date": TODAY.isoformat()}
    where = {"building": home.building_id, "room": home.number}

    unproved = client.post(address, {**sent, **where})
    nowhere = client.post(address, {**sent, **where, "room": "9999", "proof": "柜"})
    done = client.post(address, {**sent, **where, "evidence_file": pdf()})

    row = Acknowledgement.objects.get()
    assert (unproved.status_code, nowhere.status_code, done.status_code) == (422, 422, 303)
    assert (row.customer_id, row.unit_id, row.evidence_file is not None) == (customer.pk, home.pk, True)


def test_what_a_buyer_signed_is_given_to_those_who_may_see_the_buyer(
    client: Client, company: OrgUnit, published: Disclosure
) -> None:
    row = make_acknowledgement(published, make_customer(company), evidence_file=pdf())
    address = reverse("promises:evidence", args=[row.pk])
    blind = sign_in(Client(), make_member(company, "core.signed_in", "promises.view"))

    given = sign_in(client, make_consultant(company)).get(address)

    assert given.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(given).startswith(b"%PDF")
    assert blind.get(address).status_code == 404


def test_what_a_person_acknowledged_goes_with_them_unless_a_contract_rests_on_it(
    company: OrgUnit, home: Unit, published: Disclosure
) -> None:
    buyer, visitor = make_customer(company, name="王青枫"), make_customer(company)
    make_contract(home, buyer, signed_date=TODAY)
    kept = make_acknowledgement(
        published, buyer, unit=home, evidence_file=pdf("王青枫.pdf"), proof="王青枫签字"
    )
    gone = make_acknowledgement(published, visitor, evidence_file=pdf())
    assert gone.evidence_file is not None
    path = Path(gone.evidence_file.file.path)
    persons = [
        Person(frozenset({row.pk}), frozenset({row.name}), frozenset({row.name}), NOW)
        for row in (buyer, visitor)
    ]
    given = export_acknowledgements(persons[0])

    for person in persons:
        erase_acknowledgements(person, NOW)

    kept.refresh_from_db()
    assert kept.evidence_file is not None
    assert len(given.rows) == 1
    assert acknowledgements_kept([buyer.pk, visitor.pk]).number == 1
    assert ("王青枫" in kept.proof, "王青枫" in kept.evidence_file.name) == (False, False)
    assert list(Acknowledgement.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not path.exists()
    assert not StoredFile.objects.filter(pk=gone.evidence_file.pk).exists()


def test_acknowledgements_without_a_contract_age(company: OrgUnit, home: Unit, published: Disclosure) -> None:
    buyer = make_customer(company)
    make_contract(home, buyer, signed_date=TODAY)
    make_acknowledgement(published, buyer)
    visitor = make_acknowledgement(published, make_customer(company))

    due = unsigned_before(NOW + timedelta(days=1))

    assert list(due) == [visitor]
    assert not unsigned_before(NOW).exists()
