"""Purposes in versions, consent that a changed purpose ends, and children who consent through a guardian."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent, Purpose, PurposeText
from hearth.privacy.permissions import CHANGE_CONSENT, CHANGE_PURPOSE, VIEW_CONSENT
from hearth.privacy.selectors import ContactAnswer, consent_state, may_contact
from hearth.privacy.services import (
    GuardianMissing,
    GuardianNotPossible,
    PurposeTerms,
    change_purpose,
    record_consent,
    sync_purposes,
)
from tests.organization.builders import make_actor, make_member, sign_in
from tests.privacy.builders import make_consent, make_household, make_known_customer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")


@pytest.fixture
def marketing() -> Purpose:
    sync_purposes()
    return Purpose.objects.get(code="marketing")


def terms_of(purpose: Purpose) -> PurposeTerms:
    return PurposeTerms(
        purpose.text_zh, purpose.text_en, purpose.legal_basis, purpose.is_sensitive, purpose.retention_days
    )


def answer(customer: Customer) -> ContactAnswer:
    return may_contact([customer.pk], "marketing", "email")[customer.pk]


def consent(customer: Customer, *, decision: str = "given", guardian: Customer | None = None) -> Consent:
    return record_consent(
        customer,
        purpose_code="marketing",
        channel="any",
        decision=decision,
        how="form",
        guardian_id=guardian.pk if guardian else None,
        actor=SYSTEM,
        now=NOW,
    )


@pytest.mark.requirement("S94")
def test_another_text_is_another_version_and_the_one_before_is_kept(
    marketing: Purpose, company: OrgUnit
) -> None:
    officer = make_actor(company, CHANGE_PURPOSE)
    before = marketing.text_zh

    changed = change_purpose(
        marketing, replace(terms_of(marketing), text_zh="新文本"), asks_anew=False, actor=officer, now=NOW
    )

    kept = PurposeText.objects.get()
    assert (changed.version, changed.text_zh) == (2, "新文本")
    assert (kept.version, kept.text_zh, kept.replaced_by_id) == (1, before, officer.user_id)
    event = EventRecord.objects.get(type="privacy.purpose_changed")
    assert event.payload == {"purpose_code": "marketing", "version": 2, "asks_anew": False}


def test_a_change_without_new_words_makes_no_version(marketing: Purpose) -> None:
    changed = change_purpose(
        marketing, replace(terms_of(marketing), retention_days=30), asks_anew=False, actor=SYSTEM, now=NOW
    )

    assert (changed.version, changed.retention_days) == (1, 30)
    assert not PurposeText.objects.exists()


def test_consent_says_which_text_it_was_given_to(marketing: Purpose, company: OrgUnit) -> None:
    customer = make_known_customer(company)
    change_purpose(
        marketing, replace(terms_of(marketing), text_en="Other"), asks_anew=False, actor=SYSTEM, now=NOW
    )

    assert consent(customer).text_version == 2


def test_new_words_keep_consent_and_another_purpose_ends_it(marketing: Purpose, company: OrgUnit) -> None:
    customer = make_known_customer(company)
    consent(customer)
    change_purpose(
        marketing, replace(terms_of(marketing), text_zh="新文本"), asks_anew=False, actor=SYSTEM, now=NOW
    )
    after_words = answer(customer)

    change_purpose(marketing, terms_of(marketing), asks_anew=True, actor=SYSTEM, now=NOW)
    after_purpose = answer(customer)
    state = next(each for each in consent_state(customer) if each.purpose.code == "marketing")
    consent(customer)

    assert (after_words, after_purpose) == (ContactAnswer.ALLOWED, ContactAnswer.NO_CONSENT)
    assert not state.is_allowed_somewhere
    assert answer(customer) is ContactAnswer.ALLOWED


def test_a_purpose_with_another_basis_needs_no_consent(marketing: Purpose, company: OrgUnit) -> None:
    customer = make_known_customer(company)
    change_purpose(
        marketing,
        replace(terms_of(marketing), legal_basis="contract"),
        asks_anew=False,
        actor=SYSTEM,
        now=NOW,
    )

    assert answer(customer) is ContactAnswer.ALLOWED


def test_who_may_not_change_purposes_changes_nothing(marketing: Purpose, company: OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        change_purpose(
            marketing,
            terms_of(marketing),
            asks_anew=True,
            actor=make_actor(company, VIEW_CONSENT, CHANGE_CONSENT),
            now=NOW,
        )

    marketing.refresh_from_db()
    assert marketing.version == 1


@pytest.mark.parametrize(
    ("born", "is_child"),
    [(date(2012, 3, 19), True), (date(2012, 3, 18), False), (date(2026, 1, 1), True), (None, False)],
)
def test_a_child_under_14_consents_through_a_guardian_alone(
    marketing: Purpose, company: OrgUnit, born: date | None, is_child: bool
) -> None:
    person = make_known_customer(company)
    Customer.objects.filter(pk=person.pk).update(birth_date=born)

    if is_child:
        with pytest.raises(GuardianMissing):
            consent(person)
    else:
        consent(person)

    assert answer(person) is (ContactAnswer.NO_CONSENT if is_child else ContactAnswer.ALLOWED)


def test_a_child_may_refuse_alone_and_a_guardian_may_consent(marketing: Purpose, company: OrgUnit) -> None:
    household = make_household()
    child, parent = (make_known_customer(company, household=household) for _ in range(2))
    Customer.objects.filter(pk=child.pk).update(birth_date=date(2020, 5, 1))

    given = consent(child, guardian=parent)
    allowed = answer(child)
    consent(child, decision="withdrawn")

    assert (given.guardian_id, allowed) == (parent.pk, ContactAnswer.ALLOWED)
    assert answer(child) is ContactAnswer.OPTED_OUT


@pytest.mark.parametrize("kind", ["stranger", "minor", "self"])
def test_nobody_else_is_a_guardian(marketing: Purpose, company: OrgUnit, kind: str) -> None:
    household = make_household()
    child = make_known_customer(company, household=household)
    minor = make_known_customer(company, household=household)
    Customer.objects.filter(pk__in=[child.pk, minor.pk]).update(birth_date=date(2015, 5, 1))
    others = {"stranger": make_known_customer(company), "minor": minor, "self": child}

    with pytest.raises(GuardianNotPossible):
        consent(child, guardian=others[kind])

    assert not Consent.objects.exists()


def test_a_purpose_is_changed_in_the_browser_and_its_texts_before_are_shown(
    client: Client, marketing: Purpose, company: OrgUnit
) -> None:
    browser = sign_in(client, make_member(company, SIGNED_IN, VIEW_CONSENT, CHANGE_PURPOSE))
    given = {"text_zh": "新文本", "text_en": "New", "legal_basis": "consent", "retention_days": "90"}

    refused = browser.post("/privacy/purposes/marketing/", {**given, "retention_days": "0"})
    kept = browser.post("/privacy/purposes/marketing/", given)
    shown = browser.get("/privacy/purposes/marketing/").content.decode()

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert "新文本</textarea>" in refused.content.decode()
    assert marketing.text_zh in shown
    assert "新文本" in browser.get("/privacy/purposes/").content.decode()


def test_a_childs_consent_on_the_page_names_the_missing_guardian(
    client: Client, marketing: Purpose, company: OrgUnit
) -> None:
    household = make_household()
    child, parent = (make_known_customer(company, household=household) for _ in range(2))
    Customer.objects.filter(pk=child.pk).update(birth_date=date(2020, 5, 1))
    person = make_member(company, SIGNED_IN, "customers.view", VIEW_CONSENT, CHANGE_CONSENT)
    browser = sign_in(client, person)
    given = {"purpose_code": "marketing", "channel": "any", "decision": "given", "how": "form"}

    refused = browser.post(f"/privacy/customers/{child.pk}/change/", given)
    kept = browser.post(
        f"/privacy/customers/{child.pk}/change/", {**given, "guardian": parent.pk, "evidence": "表单 7"}
    )

    row = Consent.objects.get()
    assert (refused.status_code, kept.status_code) == (422, 200)
    assert "监护人同意" in refused.content.decode()
    assert (row.guardian_id, row.evidence) == (parent.pk, "表单 7")
    assert "表单 7" in kept.content.decode()


def test_the_same_instant_is_judged_alike_by_the_page_and_by_the_gate(
    marketing: Purpose, company: OrgUnit
) -> None:
    customer = make_known_customer(company)
    make_consent(customer.pk, channel="any", decision="withdrawn", decided_at=NOW)
    make_consent(customer.pk, channel="email", decision="given", decided_at=NOW)

    state = next(each for each in consent_state(customer) if each.purpose.code == "marketing")

    assert not state.is_allowed_on("email")
    assert answer(customer) is ContactAnswer.OPTED_OUT
