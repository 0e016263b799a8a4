"""Buyers confirm clause by clause, on their phone or at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.contract_texts.links import GOOD_FOR, reading_link
from hearth.contract_texts.models import ClauseConfirmation, ContractText
from hearth.contract_texts.services import confirm_clause, confirm_reading, draft_text, marked_in
from hearth.contract_texts.services.readings import (
    ClauseNotMarked,
    ClausesUnconfirmed,
    ReadingUnproved,
    VersionReplaced,
)
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.sales.services import ContractNotLive, cancel_contract
from tests.contract_texts.builders import (
    CUSTOMER,
    NOW,
    SYSTEM,
    make_drafter,
    make_given,
    make_read,
    make_signed,
    make_sold,
    make_text,
    path_of,
    reading_of,
)
from tests.exports.builders import actor_of
from tests.organization.builders import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(company: OrgUnit) -> ContractText:
    return make_given(company)


def test_each_marked_clause_is_confirmed_with_its_words_time_and_way(given: ContractText) -> None:
    reading, (price, _handover) = reading_of(given), marked_in(given)

    row = confirm_clause(reading, price, how="phone", actor=CUSTOMER, now=NOW)

    assert (row.how, row.user, row.created_at, len(row.digest)) == ("phone", None, NOW, 64)
    assert EventRecord.objects.get(type="contract_texts.clause_confirmed").customer_id == reading.customer_id


def test_a_clause_confirmed_twice_is_confirmed_once(given: ContractText) -> None:
    reading, clause = reading_of(given), marked_in(given)[0]

    first = confirm_clause(reading, clause, how="phone", actor=CUSTOMER, now=NOW)
    second = confirm_clause(reading, clause, how="phone", actor=CUSTOMER, now=NOW + timedelta(hours=1))

    assert first == second
    assert ClauseConfirmation.objects.count() == 1


def test_the_whole_is_confirmed_after_each_marked_clause(given: ContractText) -> None:
    reading = reading_of(given)
    with pytest.raises(ClausesUnconfirmed):
        confirm_reading(reading, how="phone", actor=CUSTOMER, now=NOW)

    make_read(given)

    reading.refresh_from_db()
    assert (reading.confirmed_at, reading.how) == (NOW, "phone")


def test_other_clauses_and_ways_are_refused(company: OrgUnit, given: ContractText) -> None:
    reading, clause = reading_of(given), marked_in(given)[0]
    foreign = marked_in(make_text(company))[0]

    with pytest.raises(ClauseNotMarked):
        confirm_clause(reading, given.clauses.get(heading="当事人"), how="phone", actor=CUSTOMER, now=NOW)
    with pytest.raises(ClauseNotMarked):
        confirm_clause(reading, foreign, how="phone", actor=CUSTOMER, now=NOW)
    with pytest.raises(InvalidInput):
        confirm_clause(reading, clause, how="letter", actor=CUSTOMER, now=NOW)


def test_a_version_that_was_replaced_is_confirmed_no_more(company: OrgUnit) -> None:
    contract = make_sold(company)
    given = make_given(company, contract=contract)
    draft_text(contract, actor=actor_of(make_drafter(company)), now=NOW)

    with pytest.raises(VersionReplaced):
        confirm_clause(reading_of(given), marked_in(given)[0], how="phone", actor=CUSTOMER, now=NOW)


def test_at_the_desk_a_colleague_with_the_right_says_where_the_proof_is(
    company: OrgUnit, neighbour: OrgUnit, given: ContractText
) -> None:
    reading, clause = reading_of(given), marked_in(given)[0]
    drafter, stranger = actor_of(make_drafter(company)), actor_of(make_drafter(neighbour))

    with pytest.raises(ReadingUnproved):
        confirm_clause(reading, clause, how="desk", actor=drafter, now=NOW)
    with pytest.raises(NotAllowed):
        confirm_clause(reading, clause, how="desk", proof="档案柜", actor=stranger, now=NOW)
    row = confirm_clause(reading, clause, how="desk", proof="档案柜", actor=drafter, now=NOW)

    assert (row.user_id, row.proof) == (drafter.user_id, "档案柜")


def test_a_buyer_reads_and_confirms_by_their_link(client: Client, given: ContractText) -> None:
    path, (price, handover) = path_of(given), marked_in(given)

    shown = client.get(path).content.decode()
    early = client.post(path, {"clause": "whole"})
    for clause, follows in ((price, handover), (handover, None)):
        assert client.post(path, {"clause": clause.pk}).headers["Location"] == f"{path}#clause-{clause.pk}"
        assert client.get(path).context["next"] == follows
    done = client.post(path, {"clause": "whole"})

    reading = reading_of(given)
    assert "人民币贰佰万元整" in shown
    assert given.check_code in shown
    assert (early.status_code, done.status_code, done.headers["Location"]) == (422, 302, path)
    assert reading.opened_at is not None
    assert reading.confirmed_at is not None
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_a_link_that_is_wrong_or_old_shows_nothing(client: Client, given: ContractText) -> None:
    old = reading_link(reading_of(given), now=timezone.now() - GOOD_FOR - timedelta(minutes=1))
    good = path_of(given)

    answers = [client.get("/p/" + old.split("/p/")[1]), client.get(f"{good}x"), client.get("/p/t/nothing")]

    assert [each.status_code for each in answers] == [410, 410, 410]
    assert all("王小明" not in each.content.decode() for each in answers)
    assert client.get(f"{good}x/pdf").status_code == 404


def test_a_link_to_a_replaced_version_says_so(client: Client, company: OrgUnit) -> None:
    contract = make_sold(company)
    path = path_of(make_given(company, contract=contract))
    draft_text(contract, actor=actor_of(make_drafter(company)), now=NOW)

    answer = client.get(path)

    assert answer.status_code == 410
    assert client.post(path, {"clause": "whole"}).status_code == 410
    assert client.get(f"{path}/pdf").status_code == 404
    assert ClauseConfirmation.objects.count() == 0


def test_a_link_to_a_signed_version_ends_when_a_later_one_is_signed(client: Client, company: OrgUnit) -> None:
    contract = make_sold(company)
    path = path_of(make_signed(company, contract=contract))
    before = client.get(path).status_code

    make_signed(company, contract=contract)

    assert (before, client.get(path).status_code, client.get(f"{path}/pdf").status_code) == (200, 410, 404)


def test_of_a_cancelled_contract_nothing_is_confirmed(client: Client, given: ContractText) -> None:
    reading, clause, path = reading_of(given), marked_in(given)[0], path_of(given)
    cancel_contract(given.contract, actor=SYSTEM, now=NOW)

    with pytest.raises(ContractNotLive):
        confirm_clause(reading, clause, how="phone", actor=CUSTOMER, now=NOW)
    with pytest.raises(ContractNotLive):
        confirm_reading(reading, how="phone", actor=CUSTOMER, now=NOW)
    by_link = client.post(path, {"clause": clause.pk})
    shown, paper = client.get(path), client.get(f"{path}/pdf")

    assert (by_link.status_code, shown.status_code, paper.status_code) == (410, 410, 404)
    assert "该合同已不再有效" in shown.content.decode()
    assert ClauseConfirmation.objects.count() == 0


def test_a_clause_that_is_none_is_refused(client: Client, given: ContractText) -> None:
    answer = client.post(path_of(given), {"clause": "anything"})

    assert answer.status_code == 422


def test_whoever_tries_many_links_finds_none_and_keeps_no_buyer_out(
    client: Client, given: ContractText
) -> None:
    path = path_of(given)
    for _number in range(60):
        client.get("/p/t/nothing")

    assert client.get("/p/t/nothing").status_code == 404
    assert client.get(f"{path}x").status_code == 404
    assert client.get(path).status_code == 200


def test_good_links_are_not_counted_together_with_those_of_others(
    client: Client, given: ContractText
) -> None:
    path = path_of(given)

    statuses = {client.get(path).status_code for _number in range(62)}

    assert statuses == {200}


def test_the_desk_notes_what_a_buyer_confirms(client: Client, company: OrgUnit, given: ContractText) -> None:
    sign_in(client, make_drafter(company))
    desk = reverse("contract_texts:desk", args=[reading_of(given).pk])

    without = client.post(desk, {"clause": marked_in(given)[0].pk})
    for clause in marked_in(given):
        assert client.post(desk, {"clause": clause.pk, "proof": "档案柜3号"}).status_code == 303
    whole = client.post(desk, {"clause": "whole", "proof": "档案柜3号"})

    assert (without.status_code, whole.status_code) == (422, 303)
    assert reading_of(given).how == "desk"
