"""What customers agreed to, and whether they may be contacted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent, Purpose
from hearth.privacy.permissions import VIEW_CONSENT
from hearth.privacy.selectors import ContactAnswer, consent_history, consent_state, may_contact
from hearth.privacy.services import (
    DecisionInFuture,
    NewConsent,
    SeparateConsentNeeded,
    UnknownPurpose,
    record_consent,
    record_consents,
    sync_purposes,
)
from tests.organization.builders import make_actor
from tests.privacy.builders import WRITTEN_AT, make_consent, make_known_customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _purposes(db: None) -> None:
    sync_purposes()


def test_purposes_ship_once_and_keep_what_the_group_changed() -> None:
    Purpose.objects.filter(code="care").update(name_en="Greetings")

    sync_purposes()

    names = dict(Purpose.objects.order_by("id").values_list("code", "name_en"))
    assert list(names) == ["service", "marketing", "care", "survey", "profiling", "legal_notice"]
    assert names["care"] == "Greetings"


def test_silence_is_a_refusal(company: OrgUnit) -> None:
    customer = make_known_customer(company)

    answers = may_contact([customer.pk], "marketing", "email")

    assert answers == {customer.pk: ContactAnswer.NO_CONSENT}


def test_what_the_contract_needs_needs_no_consent(company: OrgUnit) -> None:
    customer = make_known_customer(company)

    answers = may_contact([customer.pk], "service", "email")

    assert answers[customer.pk].is_allowed


def test_an_unknown_purpose_is_never_allowed(company: OrgUnit) -> None:
    customer = make_known_customer(company)

    assert may_contact([customer.pk], "gossip", "email") == {customer.pk: ContactAnswer.NO_CONSENT}


@pytest.mark.parametrize(
    ("decisions", "answer"),
    [
        ([("email", "given")], "allowed"),
        ([("any", "given")], "allowed"),
        ([("sms", "given")], "no_consent"),
        ([("email", "refused")], "opted_out"),
        ([("email", "given"), ("email", "withdrawn")], "opted_out"),
        ([("email", "given"), ("any", "withdrawn")], "opted_out"),
        ([("any", "given"), ("email", "withdrawn")], "opted_out"),
        ([("any", "withdrawn"), ("email", "given")], "allowed"),
        ([("email", "given"), ("sms", "withdrawn")], "allowed"),
        ([("email", "withdrawn"), ("email", "given")], "allowed"),
    ],
)
def test_the_newest_decision_on_the_channel_or_on_any_holds(
    company: OrgUnit, decisions: list[tuple[str, str]], answer: str
) -> None:
    customer = make_known_customer(company)
    for day, (channel, decision) in enumerate(decisions):
        make_consent(customer.pk, channel=channel, decision=decision, decided_at=WRITTEN_AT + day * DAY)

    assert may_contact([customer.pk], "marketing", "email") == {customer.pk: ContactAnswer(answer)}


def test_of_two_decisions_in_one_instant_the_refusal_holds(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    make_consent(customer.pk, channel="any", decision="withdrawn")
    make_consent(customer.pk, channel="email", decision="given")

    assert may_contact([customer.pk], "marketing", "email") == {customer.pk: ContactAnswer.OPTED_OUT}


@pytest.mark.parametrize("number", [1, 3])
def test_asking_for_many_costs_three_queries(company: OrgUnit, number: int) -> None:
    customers = [make_known_customer(company) for _ in range(number)]
    for customer in customers:
        make_consent(customer.pk)

    with CaptureQueriesContext(connection) as queries:
        may_contact([customer.pk for customer in customers], "marketing", "email")

    assert len(queries) == 3


def test_a_decision_is_added_with_its_proof_and_an_event(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_known_customer(company)

    record_consent(
        customer,
        purpose_code="marketing",
        channel="email",
        decision="given",
        how="signed form",
        actor=actor,
        now=now,
    )
    record_consent(
        customer,
        purpose_code="marketing",
        channel="email",
        decision="withdrawn",
        how="phone",
        actor=actor,
        now=now + DAY,
    )

    assert [row.decision for row in consent_history(customer)] == ["withdrawn", "given"]
    assert [row.text_version for row in consent_history(customer)] == [1, 1]
    event = EventRecord.objects.filter(type="privacy.consent_recorded").newest_first().first()
    assert event is not None
    assert (event.customer_id, event.org_unit_id, event.channel) == (customer.pk, company.pk, "email")
    assert event.payload == {"purpose_code": "marketing", "decision": "withdrawn"}


@pytest.mark.parametrize("number", [1, 3])
def test_recording_many_costs_a_constant_number_of_queries(
    company: OrgUnit, actor: Actor, now: datetime, number: int
) -> None:
    customers = [make_known_customer(company) for _ in range(number)]
    wanted = [NewConsent(customer.pk, "care", "any", "given", "import") for customer in customers]
    record_consents(wanted, actor=actor, now=now)

    with CaptureQueriesContext(connection) as queries:
        record_consents(wanted, actor=actor, now=now)

    assert len(queries) == 8


def test_a_decision_needs_the_right_a_known_purpose_and_a_past(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_known_customer(company)
    given = NewConsent(customer.pk, "marketing", "any", "given", "form")

    with pytest.raises(NotAllowed):
        record_consents([given], actor=make_actor(company, VIEW_CONSENT), now=now)
    with pytest.raises(UnknownPurpose):
        record_consents([NewConsent(customer.pk, "gossip", "any", "given", "form")], actor=actor, now=now)
    with pytest.raises(DecisionInFuture):
        record_consents(
            [NewConsent(customer.pk, "care", "any", "given", "form", now + DAY)], actor=actor, now=now
        )

    assert Consent.objects.count() == 0


def test_the_state_tells_where_a_purpose_is_open(company: OrgUnit) -> None:
    customer = make_known_customer(company)
    make_consent(customer.pk, channel="email")
    make_consent(customer.pk, channel="sms", decision="withdrawn", decided_at=WRITTEN_AT + DAY)
    make_consent(customer.pk, purpose_code="care", channel="email")
    make_consent(
        customer.pk, purpose_code="care", channel="any", decision="withdrawn", decided_at=WRITTEN_AT + DAY
    )

    states = {state.purpose.code: state for state in consent_state(customer)}

    assert {code: state.is_allowed_somewhere for code, state in states.items()} == {
        "service": True,
        "marketing": True,
        "care": False,
        "survey": False,
        "profiling": False,
        "legal_notice": True,
    }
    assert [row.channel for row in states["marketing"].decisions] == ["sms", "email"]


@pytest.mark.requirement("S92")
def test_sensitive_data_are_agreed_to_in_an_act_of_its_own(company: OrgUnit) -> None:
    Purpose.objects.filter(code="care").update(is_sensitive=True)
    one, other = make_known_customer(company), make_known_customer(company, phone="13900139000")
    both = [NewConsent(one.pk, code, "any", "given", "paper") for code in ("care", "marketing")]

    with pytest.raises(SeparateConsentNeeded) as refusal:
        record_consents(both, actor=Actor.system(), now=WRITTEN_AT)
    kept = Consent.objects.count()
    record_consents([both[0], replace(both[1], customer_id=other.pk)], actor=Actor.system(), now=WRITTEN_AT)
    record_consents(
        [replace(new, decision="withdrawn") for new in both], actor=Actor.system(), now=WRITTEN_AT
    )

    assert (refusal.value.field, kept, Consent.objects.count()) == ("purpose", 0, 4)
