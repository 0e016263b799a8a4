"""Pairs are judged one after another; merges stand in a history and are undone there."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer, CustomerMerge, DuplicatePair
from hearth.customers.origins import Origin
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services import state_field_origin, undo_merge
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_merge, make_pair
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
QUEUE = "/customers/duplicates/"
RIGHTS = (SIGNED_IN, VIEW_CUSTOMER, MERGE_CUSTOMER)


def judge(client: Client, pair: DuplicatePair, verdict: str, **chosen: object) -> tuple[int, str]:
    answer = client.post(
        reverse("customers:judge-duplicate", args=[pair.pk]),
        {
            "verdict": verdict,
            "survivor": str(pair.first_id),
            **{name: str(pk) for name, pk in chosen.items()},
        },
    )
    return answer.status_code, answer.content.decode()


@pytest.mark.requirement("S140")
def test_two_records_stand_side_by_side_with_reasons_and_what_differs(
    signed_in: Client, company: OrgUnit
) -> None:
    make_pair(
        make_customer(company, name="王建国", phone="13900001111"),
        make_customer(company, name="王建國", phone="13900001111"),
    )

    page = signed_in.get(QUEUE).content.decode()

    for words in ("王建国", "王建國", "90%", "电话相同", "双方都有"):
        assert words in page
    assert page.count("hearth-differs") >= 1


def test_an_empty_queue_says_what_comes_here(signed_in: Client) -> None:
    page = signed_in.get(QUEUE).content.decode()

    assert "没有待判定的档案" in page


def test_the_likeliest_pair_comes_first_and_one_may_be_asked_for(signed_in: Client, company: OrgUnit) -> None:
    unlikely = make_pair(make_customer(company, name="甲甲甲"), make_customer(company), score=0.6)
    likely = make_pair(make_customer(company, name="乙乙乙"), make_customer(company), score=0.95)

    first = signed_in.get(QUEUE).context["queue"].current
    asked = signed_in.get(QUEUE, {"pair": str(unlikely.pk)}).context["queue"].current

    assert (first.pair, asked.pair) == (likely, unlikely)


@pytest.mark.requirement("S140")
def test_a_pair_is_merged_with_the_values_chosen_and_the_next_is_shown(
    signed_in: Client, company: OrgUnit
) -> None:
    pair = make_pair(make_customer(company, name="王建国"), make_customer(company, name="王建國"))
    make_pair(make_customer(company, name="李四"), make_customer(company), score=0.5)

    status, page = judge(signed_in, pair, "merged", choose_name=pair.second_id)

    assert (status, "李四" in page) == (200, True)
    pair.refresh_from_db()
    assert (pair.state, pair.first.name, pair.second.merged_into) == ("merged", "王建國", pair.first)


@pytest.mark.parametrize("verdict", ["different", "later"])
def test_a_pair_is_judged_otherwise_and_taken_back(signed_in: Client, company: OrgUnit, verdict: str) -> None:
    pair = make_pair(make_customer(company), make_customer(company))

    judge(signed_in, pair, verdict)
    pair.refresh_from_db()
    judged = pair.state
    signed_in.post(reverse("customers:take-back-judgement", args=[pair.pk]))
    pair.refresh_from_db()

    assert (judged, pair.state) == (verdict, "open")


def test_a_merge_is_taken_back_in_the_queue(signed_in: Client, company: OrgUnit) -> None:
    pair = make_pair(make_customer(company), make_customer(company))
    judge(signed_in, pair, "merged")

    answer = signed_in.post(reverse("customers:take-back-judgement", args=[pair.pk]))

    pair.refresh_from_db()
    assert (answer.context["queue"].current.pair, pair.state) == (pair, "open")
    assert not Customer.objects.filter(merged_into__isnull=False).exists()


def test_a_refusal_is_told_beside_the_pair(signed_in: Client, company: OrgUnit) -> None:
    pair = make_pair(make_customer(company), make_customer(company))
    Customer.objects.filter(pk=pair.first_id).update(is_sample=True)

    status, page = judge(signed_in, pair, "merged")

    assert (status, "示例数据中的档案不能与真实档案合并。" in page) == (422, True)


def test_numbers_stay_masked_for_who_may_not_see_them(client: Client, company: OrgUnit) -> None:
    make_pair(
        make_customer(company, phone="13912345678", identity_number="11010519491231002X"),
        make_customer(company, phone="13912345678"),
    )
    sign_in(client, make_member(company, *RIGHTS))

    page = client.get(QUEUE).content.decode()

    assert "139****5678" in page
    assert "13912345678" not in page
    assert "11010519491231002X" not in page


def test_who_may_not_see_one_of_the_two_is_not_asked(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    pair = make_pair(make_customer(company, name="王建国"), make_customer(neighbour))
    sign_in(client, make_member(company, *RIGHTS))

    page, (status, _page) = client.get(QUEUE).content.decode(), judge(client, pair, "merged")

    assert ("王建国" in page, status) == (False, 404)


def test_two_records_are_compared_by_hand(signed_in: Client, company: OrgUnit) -> None:
    one, other = make_customer(company), make_customer(company)

    answer = signed_in.post(reverse("customers:compare", args=[one.pk]), {"other": f"#{other.number}"})

    pair = DuplicatePair.objects.get()
    assert {pair.first, pair.second} == {one, other}
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{QUEUE}?pair={pair.pk}")


def test_a_record_is_not_compared_with_itself_or_with_one_of_another_number(
    signed_in: Client, company: OrgUnit
) -> None:
    one = make_customer(company, identity_number="11010519491231002X")
    other = make_customer(company, identity_number="440524188001010014")
    address = reverse("customers:compare", args=[one.pk])

    answers = [signed_in.post(address, {"other": f"#{customer.number}"}) for customer in (one, other)]

    assert [answer.status_code for answer in answers] == [422, 422]


def test_the_queue_asks_as_much_for_three_pairs_as_for_one(signed_in: Client, company: OrgUnit) -> None:
    make_pair(make_customer(company), make_customer(company))
    one = count_queries(signed_in, QUEUE)
    for _number in range(2):
        make_pair(make_customer(company), make_customer(company))

    assert count_queries(signed_in, QUEUE) == one
    assert one <= 24


@pytest.mark.requirement("S133")
def test_the_history_says_what_went_where_and_undoes(signed_in: Client, company: OrgUnit) -> None:
    survivor, absorbed = make_customer(company, name="王建国"), make_customer(company, name="王建國")
    made = make_merge(survivor, absorbed)

    before = signed_in.get("/customers/merges/").content.decode()
    answer = signed_in.post(reverse("customers:undo-merge", args=[made.pk]))
    after = signed_in.get("/customers/merges/").content.decode()

    assert answer.status_code == 303
    for words in ("王建國", "王建国", "1 条记录随之并入", "撤销"):
        assert words in before
    assert "已撤销" in after
    assert CustomerMerge.objects.get().undone_at is not None


def test_a_blocked_note_is_not_shown_beside_the_other(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    left, right = make_customer(company, note="家里有病人"), make_customer(company, note="喜欢高层")
    blocked = Origin(source="page", basis="none")
    state_field_origin(left, "note", blocked, actor=Actor.system("test"), now=now)
    make_pair(left, right)

    shown = signed_in.get(QUEUE).content.decode()

    assert ("喜欢高层" in shown, "家里有病人" in shown) == (True, False)


def test_the_history_names_no_parted_record_that_the_reader_may_not_see(
    client: Client, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    survivor, theirs = make_customer(company, name="王建国"), make_customer(neighbour, name="王建國")
    made = make_merge(survivor, theirs)
    reader = sign_in(client, make_member(company, *RIGHTS))
    before = reader.get("/customers/merges/").content.decode()

    undo_merge(made, actor=Actor.system("test"), now=now)
    after = reader.get("/customers/merges/").content.decode()

    assert ("王建國" in before, "王建國" in after) == (True, False)
    assert "另有 1 条您无权查看的记录" in after


def test_an_undo_out_of_order_is_refused_beside_its_merge(signed_in: Client, company: OrgUnit) -> None:
    first, second, third = (make_customer(company) for _number in range(3))
    made = make_merge(second, first)
    make_merge(third, second)

    answer = signed_in.post(reverse("customers:undo-merge", args=[made.pk]))

    assert (answer.status_code, "请先撤销那次合并" in answer.content.decode()) == (422, True)


def test_the_history_asks_as_much_for_three_merges_as_for_one(signed_in: Client, company: OrgUnit) -> None:
    make_merge(make_customer(company), make_customer(company))
    one = count_queries(signed_in, "/customers/merges/")
    for _number in range(2):
        make_merge(make_customer(company), make_customer(company))

    assert count_queries(signed_in, "/customers/merges/") == one


def test_undone_merges_cost_the_same_for_one_and_for_three(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    counts = []
    for _number in range(3):
        made = make_merge(make_customer(company), make_customer(company))
        undo_merge(made, actor=Actor.system("test"), now=now)
        counts.append(count_queries(signed_in, "/customers/merges/"))

    assert counts[0] == counts[2]


def test_the_customers_page_names_the_records_merged_into_it(signed_in: Client, company: OrgUnit) -> None:
    survivor = make_customer(company)
    make_merge(survivor, make_customer(company, name="王建國"))

    page = signed_in.get(reverse("workspace:customer", args=[survivor.pk])).content.decode()

    assert "王建國" in page
