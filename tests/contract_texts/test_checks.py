"""A text is checked clause by clause, and what departs is approved by a second person."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.contract_texts.models import ContractText
from hearth.contract_texts.placeholders import BLANK
from hearth.contract_texts.selectors import clause_lines
from hearth.contract_texts.services import (
    NewClause,
    Written,
    add_text_clause,
    approve_text,
    clauses_of,
    give_text,
    return_text,
    submit_text,
    write_text_clause,
)
from hearth.contract_texts.services.drafting import ClauseStays, HeadingMissing
from hearth.contract_texts.services.steps import CheckFails, NothingDeparts
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract
from tests.contract_texts.builders import (
    HANDOVER,
    NOW,
    codes,
    findings_in,
    make_approved,
    make_approver,
    make_departing,
    make_departures_approved,
    make_drafter,
    make_keeper,
    make_sold,
    make_template,
    make_text,
    rewrite,
)
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, sign_in
from tests.promises.builders import make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter(company: OrgUnit) -> Actor:
    return actor_of(make_drafter(company))


def test_what_the_record_lacks_is_found(company: OrgUnit) -> None:
    text = make_text(company, contract=make_sold(company, area=None))

    assert BLANK in text.clauses.get(heading="房屋与价款").wording
    assert codes(text) == ["figure_missing", "figure_missing"]


def test_what_the_record_lacks_is_filled_in_by_hand_or_left_out(company: OrgUnit, drafter: Actor) -> None:
    area = NewClause(10, "面积", "面积{area}平方米，单价{unit_price}元。")
    make_approved(make_template(company, clauses=[area, HANDOVER]))
    contract = make_sold(company, area=None)
    written, left_out = (
        make_text(company, contract=each) for each in (contract, make_sold(company, area=None))
    )
    assert codes(written) == ["figure_missing", "figure_missing"]

    rewrite(written, "面积", "面积以测绘报告为准。", "尚未测绘")
    clause = left_out.clauses.get(heading="面积")
    write_text_clause(clause, Written(clause.wording, "尚未测绘", is_left_out=True), actor=drafter, now=NOW)

    assert (codes(written), codes(left_out)) == (["departs"], ["left_out"])
    assert submit_text(written, actor=drafter, now=NOW).state == "submitted"


def test_what_a_mandatory_clause_lacks_nobody_fills_in(company: OrgUnit, drafter: Actor) -> None:
    text = make_text(company, contract=make_sold(company, area=None))
    price = text.clauses.get(heading="房屋与价款")

    price.wording = price.wording.replace(BLANK, "约100")
    price.save()

    assert "mandatory_changed" in codes(text)
    assert not all(each.can_be_approved for each in findings_in(text))


def test_a_mandatory_clause_and_an_annex_stay_word_for_word(company: OrgUnit, drafter: Actor) -> None:
    text = make_text(company)
    price = text.clauses.get(heading="房屋与价款")

    with pytest.raises(ClauseStays):
        write_text_clause(price, Written("总价另议"), actor=drafter, now=NOW)
    price.wording = "总价¥1.00"
    price.save()

    assert set(codes(text)) == {"mandatory_changed", "figure_wrong", "amount_unknown"}
    with pytest.raises(CheckFails):
        give_text(text, actor=drafter, now=NOW)


@pytest.mark.parametrize(
    ("wording", "code"),
    [
        ("出卖人提前交付。", "departs"),
        ("出卖人逾期的，赔偿5,000.00元。", "amount_unknown"),
        ("出卖人逾期的，赔偿人民币5000。", "amount_unknown"),
        ("出卖人保留最终\n解释权。", "forbidden"),
        ("本项目有升值潜力。", "forbidden"),
        ("买受人放弃追究。", "forbidden"),
        ("面积为{area}。", "placeholder_left"),
    ],
)
def test_the_check_names_what_is_wrong_with_a_clause(company: OrgUnit, wording: str, code: str) -> None:
    text = make_text(company)

    rewrite(text, "交付", wording)

    assert code in codes(text)


def test_a_figure_that_was_written_over_is_found(company: OrgUnit) -> None:
    text = make_text(company)

    rewrite(text, "付款方式", "买受人分3期付款。")

    assert "figure_wrong" in codes(text)


@pytest.mark.parametrize(
    ("wording", "is_wrong"),
    [
        ("面积100.00平方米。", False),
        ("面积,100.00,平方米。", False),
        ("面积为100.00.", False),
        ("面积2100.00平方米。", True),
        ("面积1,100.00平方米。", True),
        ("面积100.005平方米。", True),
        ("面积100.00,500平方米。", True),
        ("面积100.00.1平方米。", True),
    ],
)
def test_a_figure_stands_by_itself_and_not_in_a_longer_one(
    company: OrgUnit, wording: str, is_wrong: bool
) -> None:
    make_approved(make_template(company, clauses=[NewClause(10, "面积", "面积{area}平方米。")]))
    text = make_text(company)

    rewrite(text, "面积", wording)

    assert ("figure_wrong" in codes(text)) is is_wrong


@pytest.mark.parametrize(
    ("wording", "named"),
    [
        ("赔偿￥5,000。", "5,000.00"),
        ("赔偿¥ 5,000。", "5,000.00"),
        ("赔偿8万元。", "80,000.00"),
        ("赔偿人民币8万。", "80,000.00"),
        ("赔偿1.5 亿元。", "150,000,000.00"),
        ("赔偿3百万元。", "3,000,000.00"),
        ("赔偿5千元。", "5,000.00"),
    ],
)
def test_amounts_are_found_however_they_are_written(company: OrgUnit, wording: str, named: str) -> None:
    text = make_text(company)

    rewrite(text, "交付", wording)

    [found] = [each for each in findings_in(text) if each.code == "amount_unknown"]
    assert (found.params["value"], found.can_be_approved) == (named, False)


def test_an_amount_of_the_record_is_known_in_ten_thousands_too(company: OrgUnit) -> None:
    text = make_text(company)

    rewrite(text, "其他约定", "首期60万元，总价￥200万。", "")

    assert codes(text) == []


def test_what_a_clause_departs_in_is_worked_out_only_where_it_is_shown(company: OrgUnit) -> None:
    text = make_text(company)
    rewrite(text, "交付", "出卖人提前交付。")
    lines = clause_lines(clauses_of(text))

    shown = [line for line in lines if line.departs]
    unasked = [line for line in lines if "parts" in vars(line)]

    assert unasked == []
    assert [bool(line.parts) for line in shown] == [True]


def test_instalments_add_up_to_the_cent(company: OrgUnit) -> None:
    contract = make_sold(company)
    text = make_text(company, contract=contract)
    Contract.objects.filter(pk=contract.pk).update(total_amount=Decimal("2000000.01"))

    found = codes(text)

    assert "instalments_differ" in found
    assert "stale" in found


def test_a_free_clause_is_written_without_approval(company: OrgUnit, drafter: Actor) -> None:
    text = make_text(company)

    rewrite(text, "其他约定", "无其他约定。", "")

    assert codes(text) == []
    assert give_text(text, actor=drafter, now=NOW).state == "given"


def test_a_clause_without_words_says_that_nothing_was_agreed(company: OrgUnit) -> None:
    text = make_text(company)
    free = text.clauses.get(heading="其他约定")

    rewrite(text, "其他约定", "装修另议。", "")
    rewrite(text, "其他约定", " \r\n ", "")

    assert (free.wording, free.standard) == ("无。", "无。")
    assert text.clauses.get(heading="其他约定").wording == "无。"
    assert codes(text) == []


def test_departures_are_explained_and_approved_by_a_second_person(company: OrgUnit, drafter: Actor) -> None:
    text = make_text(company)
    rewrite(text, "交付", "出卖人提前交付。", "")
    assert codes(text) == ["departs", "unexplained"]
    with pytest.raises(CheckFails):
        submit_text(text, actor=drafter, now=NOW)
    rewrite(text, "交付", "出卖人提前交付。", "买受人要求")
    with pytest.raises(CheckFails):
        give_text(text, actor=drafter, now=NOW)

    submitted = submit_text(text, actor=drafter, now=NOW)

    approved = approve_text(submitted, actor=actor_of(make_approver(company)), now=NOW)
    assert give_text(approved, actor=drafter, now=NOW).state == "given"
    assert EventRecord.objects.get(type="contract_texts.departures_approved").payload["clauses"] == 1


@pytest.mark.parametrize("heading", ["其他约定", "赠品"])
def test_an_amount_that_is_free_to_write_is_approved_by_a_second_person(
    company: OrgUnit, drafter: Actor, heading: str
) -> None:
    text = make_text(company)
    if heading == "赠品":
        add_text_clause(
            text, Written("赠送空调，价值5,000元。", "促销", heading=heading), actor=drafter, now=NOW
        )
    else:
        rewrite(text, heading, "装修补贴5,000元。")
    with pytest.raises(CheckFails):
        give_text(text, actor=drafter, now=NOW)

    submitted = submit_text(text, actor=drafter, now=NOW)

    approved = approve_text(submitted, actor=actor_of(make_approver(company)), now=NOW)
    assert give_text(approved, actor=drafter, now=NOW).state == "given"
    assert EventRecord.objects.get(type="contract_texts.departures_approved").payload["clauses"] == 1


def test_nobody_approves_departures_they_wrote(company: OrgUnit) -> None:
    text = make_departing(company)
    both = make_member(company, "contract_texts.approve", "contract_texts.change")
    ContractText.objects.filter(pk=text.pk).update(editor=both)

    with pytest.raises(OwnWork):
        approve_text(text, actor=actor_of(both), now=NOW)


def test_what_was_approved_is_changed_no_more_and_what_is_sent_back_is(company: OrgUnit) -> None:
    approved = make_departures_approved(company)

    with pytest.raises(PastThatStep):
        rewrite(approved, "交付", "再改。")
    ContractText.objects.filter(pk=approved.pk).update(state="submitted", approved_by=None)
    back = return_text(approved, because="违约金呢", actor=actor_of(make_approver(company)), now=NOW)
    assert (back.state, back.returned_because) == ("draft", "违约金呢")


def test_a_text_as_its_template_needs_no_approval(company: OrgUnit, drafter: Actor) -> None:
    with pytest.raises(NothingDeparts):
        submit_text(make_text(company), actor=drafter, now=NOW)


def test_a_clause_is_added_before_the_annexes_and_left_out_with_approval(
    company: OrgUnit, drafter: Actor
) -> None:
    contract = make_sold(company)
    make_promise(company, project=contract.unit.project, made_date=contract.signed_date)
    text = make_text(company, contract=contract)

    added = add_text_clause(text, Written("赠送空调。", "促销", heading="赠品"), actor=drafter, now=NOW)
    handover = text.clauses.get(heading="交付")
    write_text_clause(
        handover, Written(handover.wording, "另有约定", is_left_out=True), actor=drafter, now=NOW
    )

    assert [each.is_annex for each in clauses_of(text)].index(True) == added.position
    assert sorted(codes(text)) == ["added", "left_out"]
    with pytest.raises(HeadingMissing):
        add_text_clause(text, Written("无题"), actor=drafter, now=NOW)


def test_a_clause_that_was_added_by_mistake_is_taken_back(company: OrgUnit, drafter: Actor) -> None:
    contract = make_sold(company)
    make_promise(company, project=contract.unit.project, made_date=contract.signed_date)
    text = make_text(company, contract=contract)
    first, _second = (
        add_text_clause(text, Written("赠送。", "促销", heading=heading), actor=drafter, now=NOW)
        for heading in ("空调", "车位")
    )

    write_text_clause(first, Written("赠送。", "", is_left_out=True), actor=drafter, now=NOW)
    add_text_clause(text, Written("赠送。", "促销", heading="家电"), actor=drafter, now=NOW)

    clauses = clauses_of(text)
    assert [each.heading for each in clauses[-3:-1]] == ["车位", "家电"]
    assert clauses[-1].is_annex
    assert codes(text) == ["added", "added"]


def test_line_ends_as_browsers_send_them_are_no_departure(
    client: Client, company: OrgUnit, drafter: Actor
) -> None:
    keeper = make_keeper(company)
    template = make_template(company)
    clause = template.clauses.get(heading="交付")
    sign_in(client, keeper)
    sent = {
        "position": 40,
        "heading": "交付",
        "weight": "standard",
        "wording": "一、交付。\r\n二、违约金。\r\n",
    }
    client.post(reverse("contract_texts:template_clause", args=[clause.pk]), sent)
    make_approved(template)
    text = make_text(company)
    row = text.clauses.get(heading="交付")

    sign_in(client, make_drafter(company))
    client.post(reverse("contract_texts:clause", args=[row.pk]), {"wording": "一、交付。\r\n二、违约金。"})
    added = add_text_clause(text, Written("一\r\n二\r", "促销", heading="赠品"), actor=drafter, now=NOW)

    row.refresh_from_db()
    assert row.wording == row.standard == "一、交付。\n二、违约金。"
    assert added.wording == "一\n二"
    assert codes(text) == ["added"]
