"""A text is drafted from the record, given to its buyers and signed."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearth.contract_texts.demands import TextNotSigned
from hearth.contract_texts.facts import seller_of
from hearth.contract_texts.models import ContractText
from hearth.contract_texts.services import (
    NotReadByAll,
    clauses_of,
    draft_text,
    give_text,
    sign_text,
)
from hearth.contract_texts.services.drafting import NoTemplate, NothingSigned
from hearth.contract_texts.services.steps import CheckFails, SignedDayWrong
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.sales.models import Contract
from hearth.sales.services import ContractNotLive, cancel_contract
from hearth.sales.services.changes import change_total
from tests.contract_texts.builders import (
    NOW,
    SYSTEM,
    TODAY,
    codes,
    make_approved,
    make_approver,
    make_co_owner,
    make_drafter,
    make_given,
    make_read,
    make_signed,
    make_sold,
    make_template,
    make_text,
)
from tests.customers.builders import make_customer, make_merge
from tests.exports.builders import actor_of
from tests.organization.builders import make_org_unit, sign_in
from tests.promises.builders import make_draft, make_promise, make_published
from tests.sales.builders import make_filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter(company: OrgUnit) -> Actor:
    return actor_of(make_drafter(company))


def locked_in(captured: CaptureQueriesContext) -> list[str]:
    """Return the tables whose rows were locked, in order."""
    found = [re.search(r'FROM "(\w+)".* FOR UPDATE', query["sql"]) for query in captured.captured_queries]
    return [each[1] for each in found if each]


def test_a_contract_is_locked_and_read_in_one_query_when_its_text_is_drafted(
    company: OrgUnit, drafter: Actor
) -> None:
    contract = make_sold(company)
    make_approved(make_template(company))

    with CaptureQueriesContext(connection) as drafting:
        draft_text(contract, actor=drafter, now=NOW)

    asked = [query["sql"] for query in drafting.captured_queries]
    assert len([each for each in asked if 'FROM "sales_contract"' in each]) == 1
    assert locked_in(drafting)[0] == "sales_contract"


@pytest.mark.requirement("S39")
def test_a_text_says_what_the_record_says(company: OrgUnit) -> None:
    contract = make_sold(company)

    text = make_text(company, contract=contract)

    parties, price, payment = clauses_of(text)[:3]
    assert "王小明" in parties.wording
    assert contract.number in parties.wording
    assert "建筑面积100.00平方米，单价20,000.00元，总价¥2,000,000.00（人民币贰佰万元整）" in price.wording
    assert "共2期" in payment.wording
    assert [row["amount"] for row in text.instalments] == ["600,000.00", "1,400,000.00"]
    assert text.instalments[0]["capitals"] == "人民币陆拾万元整"
    assert codes(text) == []


def test_what_the_buyer_was_told_and_promised_stands_in_annexes(company: OrgUnit) -> None:
    contract = make_sold(company)
    early = NOW.replace(year=2025, month=1)
    make_published(make_draft(company, project=contract.unit.project, now=early), now=early)
    make_promise(company, project=contract.unit.project, made_date=contract.signed_date)

    text = make_text(company, contract=contract)

    told, promised = [each for each in clauses_of(text) if each.is_annex]
    assert "变电站" in told.wording
    assert "会所" in promised.wording
    assert codes(text) == []


def test_the_seller_is_the_city_company_also_where_a_project_team_sells(company: OrgUnit) -> None:
    team = make_org_unit(company, kind="project_team")

    assert seller_of(team) == company
    assert seller_of(company) == company


def test_without_a_template_in_force_nothing_is_drafted(company: OrgUnit, drafter: Actor) -> None:
    with pytest.raises(NoTemplate):
        draft_text(make_sold(company), actor=drafter, now=NOW)


def test_a_record_that_was_changed_makes_the_draft_stale(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    text = make_text(company, contract=contract)

    change_total(contract, Decimal(1_900_000), because="discount", actor=SYSTEM, now=NOW)

    assert "stale" in codes(text)
    with pytest.raises(CheckFails, match="记录已有变更"):
        give_text(text, actor=drafter, now=NOW)


def test_a_further_owner_makes_the_text_stale(company: OrgUnit) -> None:
    contract = make_sold(company)
    text = make_given(company, contract=contract)
    other = make_customer(company, name="李小红")

    make_co_owner(other, contract)

    assert codes(text) == ["stale"]


@pytest.mark.requirement("S39")
def test_a_text_is_signed_once_every_buyer_has_confirmed_it(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    other = make_customer(company, name="李小红")
    make_co_owner(other, contract)
    text = make_given(company, contract=contract)
    assert text.readings.count() == 2
    with pytest.raises(NotReadByAll):
        sign_text(text, signed_date=TODAY, actor=drafter, now=NOW)

    signed = sign_text(make_read(text), signed_date=TODAY, actor=drafter, now=NOW)

    assert (signed.state, signed.signed_date) == ("signed", TODAY)
    assert EventRecord.objects.filter(type="contract_texts.read").count() == 2
    assert EventRecord.objects.filter(type="contract_texts.signed").count() == 1


def test_a_text_is_not_signed_on_another_day_or_after_the_record_changed(
    company: OrgUnit, drafter: Actor
) -> None:
    contract = make_sold(company)
    text = make_read(make_given(company, contract=contract))

    with pytest.raises(SignedDayWrong):
        sign_text(text, signed_date=TODAY.replace(day=1), actor=drafter, now=NOW)
    with pytest.raises(SignedDayWrong):
        sign_text(text, signed_date=TODAY.replace(year=2027), actor=drafter, now=NOW)
    change_total(contract, Decimal(1_900_000), because="discount", actor=SYSTEM, now=NOW)
    with pytest.raises(CheckFails):
        sign_text(text, signed_date=TODAY, actor=drafter, now=NOW)


def test_a_new_version_voids_what_was_confirmed_and_keeps_it(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    first = make_read(make_given(company, contract=contract))

    second = draft_text(contract, actor=drafter, now=NOW)

    first.refresh_from_db()
    assert (first.state, second.version, second.readings.count()) == ("superseded", 2, 0)
    assert first.readings.filter(confirmed_at__isnull=False).count() == 1
    drafted = EventRecord.objects.get(type="contract_texts.drafted", subject_id=second.pk)
    assert drafted.payload["voided"] == 1


def test_a_supplement_follows_a_signed_contract(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    make_approved(make_template(company, kind="supplement", title="补充协议"))
    with pytest.raises(NothingSigned):
        draft_text(contract, kind="supplement", actor=drafter, now=NOW)
    make_signed(company, contract=contract)

    row = draft_text(contract, kind="supplement", actor=drafter, now=NOW)

    assert (row.kind, row.version, row.title) == ("supplement", 1, "补充协议")
    with pytest.raises(InvalidInput):
        draft_text(contract, kind="letter", actor=drafter, now=NOW)


def test_a_cancelled_contract_has_no_new_text(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    text = make_text(company, contract=contract)
    cancel_contract(contract, actor=SYSTEM, now=NOW)

    with pytest.raises(ContractNotLive):
        draft_text(contract, actor=drafter, now=NOW)
    with pytest.raises(ContractNotLive):
        give_text(text, actor=drafter, now=NOW)


def test_the_text_of_a_cancelled_contract_is_not_signed(company: OrgUnit, drafter: Actor) -> None:
    text = make_read(make_given(company))
    cancel_contract(text.contract, actor=SYSTEM, now=NOW)

    with pytest.raises(ContractNotLive):
        sign_text(text, signed_date=TODAY, actor=drafter, now=NOW)

    text.refresh_from_db()
    assert text.state == "given"


def test_the_page_of_a_text_offers_no_step_once_its_contract_is_cancelled(
    client: Client, company: OrgUnit
) -> None:
    texts = [make_text(company), make_read(make_given(company, contract=make_sold(company)))]
    sign_in(client, make_drafter(company))
    pages = [reverse("contract_texts:text", args=[text.pk]) for text in texts]
    before = [client.get(page).context for page in pages]

    for text in texts:
        cancel_contract(text.contract, actor=SYSTEM, now=NOW)

    after = [client.get(page) for page in pages]
    assert [(each["may_give"], each["may_sign"]) for each in before] == [(True, False), (False, True)]
    assert [(each.context["may_give"], each.context["may_sign"]) for each in after] == [(False, False)] * 2
    assert all("已解除或由其他合同替代" in each.content.decode() for each in after)


def test_giving_and_signing_lock_the_contract_before_the_text(company: OrgUnit, drafter: Actor) -> None:
    text = make_text(company)

    with CaptureQueriesContext(connection) as giving:
        give_text(text, actor=drafter, now=NOW)
    make_read(text)
    with CaptureQueriesContext(connection) as signing:
        sign_text(text, signed_date=TODAY, actor=drafter, now=NOW)

    assert locked_in(giving)[:2] == ["sales_contract", "contract_texts_contracttext"]
    assert locked_in(signing)[:2] == ["sales_contract", "contract_texts_contracttext"]


def test_of_a_contract_the_version_signed_last_holds(company: OrgUnit) -> None:
    contract = make_sold(company)
    first = make_signed(company, contract=contract)

    second = make_signed(company, contract=contract)

    first.refresh_from_db()
    assert (first.state, first.superseded_at, first.signed_date) == ("superseded", NOW, TODAY)
    assert (second.state, first.is_current, second.is_current) == ("signed", False, True)


def test_supplements_that_were_signed_hold_beside_each_other(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    make_approved(make_template(company, kind="supplement", title="补充协议"))
    make_signed(company, contract=contract)

    for _number in range(2):
        row = draft_text(contract, kind="supplement", actor=drafter, now=NOW)
        given = give_text(row, actor=drafter, now=NOW)
        sign_text(make_read(given), signed_date=TODAY, actor=drafter, now=NOW)

    supplements = ContractText.objects.filter(contract=contract, kind="supplement")
    assert set(supplements.values_list("state", flat=True)) == {"signed"}


def test_who_has_no_right_there_drafts_gives_and_signs_nothing(company: OrgUnit, neighbour: OrgUnit) -> None:
    text = make_text(company)
    for actor in (actor_of(make_drafter(neighbour)), actor_of(make_approver(company))):
        with pytest.raises(NotAllowed):
            draft_text(text.contract, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            give_text(text, actor=actor, now=NOW)
    assert list(ContractText.objects.visible_to(actor_of(make_drafter(neighbour)))) == []


def test_where_a_text_is_demanded_a_contract_is_filed_after_its_signature(company: OrgUnit) -> None:
    contract = make_sold(company)
    set_setting("contract_texts.required", org_unit=company, value=True, actor=SYSTEM, now=NOW)

    with pytest.raises(TextNotSigned):
        make_filed(contract)
    make_given(company, contract=contract)
    with pytest.raises(TextNotSigned):
        make_filed(contract)
    make_signed(company, contract=contract)

    assert make_filed(contract).state == "filed"


def test_merging_duplicates_of_a_buyer_between_signing_and_filing_voids_nothing(company: OrgUnit) -> None:
    contract = make_sold(company)
    owners = [make_customer(company, name=name) for name in ("赵六", "李小红")]
    for each in owners:
        make_co_owner(each, contract)
    set_setting("contract_texts.required", org_unit=company, value=True, actor=SYSTEM, now=NOW)
    text = make_signed(company, contract=contract)

    make_merge(make_customer(company, name="王小明"), contract.customer)
    make_merge(make_customer(company, name="赵六"), owners[0])

    assert codes(text) == []
    assert make_filed(contract).state == "filed"


def test_another_buyer_of_the_same_name_has_not_read_what_was_signed(company: OrgUnit) -> None:
    contract = make_sold(company)
    set_setting("contract_texts.required", org_unit=company, value=True, actor=SYSTEM, now=NOW)
    make_signed(company, contract=contract)
    Contract.objects.filter(pk=contract.pk).update(customer=make_customer(company, name="王小明"))
    contract.refresh_from_db()

    with pytest.raises(TextNotSigned):
        make_filed(contract)


def test_where_none_is_demanded_a_contract_is_filed_without_a_text(company: OrgUnit) -> None:
    assert make_filed(make_sold(company)).state == "filed"
