"""Settling how contracts are paid: what is refused, what waits for a stage, what a new version keeps."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.partitions import ensure_months
from hearth.organization.models import OrgUnit
from hearth.sales.ageing import Age, age_of, of_age
from hearth.sales.models import Contract, Instalment, PaymentPlan, PlanTemplate
from hearth.sales.permissions import CHANGE_CONTRACT, KEEP_TERMS, VIEW_CONTRACT
from hearth.sales.plan_selectors import receivables_by, templates_for
from hearth.sales.services import (
    ContractNotLive,
    DateInFuture,
    PlanTerms,
    add_plan_template,
    cancel_contract,
    make_plan,
    name_instalment,
    note_stage,
    replace_plan,
)
from hearth.sales.services.plan_refusals import (
    DatesOutOfOrder,
    DueBeforeSigning,
    InstalmentElsewhere,
    InstalmentNotPositive,
    InstalmentWithoutDay,
    LoanMissing,
    NoInstalments,
    NoPlanYet,
    PlanExists,
    PlanReasonMissing,
    PlanTemplateNameTaken,
    PlanUnbalanced,
    SharesNotWhole,
    StepNotClear,
)
from hearth.sales.terms import NewInstalment, NewPlan, Step, plan_from
from tests.customers.builders import make_customer, make_home
from tests.inventory.racing import at_once
from tests.organization.builders import make_actor
from tests.query_counts import tell_the_planner
from tests.sales.builders import NOW, make_contract
from tests.sales.plans import DOWN_DAY, SYSTEM, make_planned, make_template, paid_on, parts_of, pay

pytestmark = pytest.mark.django_db
WAITING = NewInstalment("tail", Decimal(400_000), None, "topped_out", 30)
STAGED = NewPlan("分期", "instalments", (NewInstalment("down", Decimal(1_600_000), DOWN_DAY), WAITING))


def contract_of(company: OrgUnit, total: int = 2_000_000) -> Contract:
    return make_contract(make_home(company), make_customer(company), total_amount=Decimal(total))


@pytest.mark.requirement("S39")
def test_money_received_before_the_plan_is_put_on_its_instalments(company: OrgUnit) -> None:
    contract = contract_of(company)
    pay(contract, 700_000, "R1")

    plan = make_plan(contract, parts_of(600_000, 1_400_000), actor=SYSTEM, now=NOW)

    assert paid_on(plan) == [600_000, 100_000]
    assert [each.standing for each in plan.instalments.order_by("position")] == ["paid", "partly"]
    event = EventRecord.objects.get(type="sales.plan_made")
    assert (event.subject_id, event.customer_id) == (plan.pk, contract.customer_id)
    assert (event.payload["version"], event.payload["instalments"]) == (1, 2)


def test_a_template_parts_the_price_by_shares_and_counts_days_from_signing(company: OrgUnit) -> None:
    contract = contract_of(company, 1_000_001)

    plan = plan_from(make_template(company), total=contract.total_amount, signed_date=contract.signed_date)
    written = make_plan(contract, plan, actor=SYSTEM, now=NOW)

    found = written.instalments.order_by("position").values_list("kind", "amount", "due_date")
    assert list(found) == [
        ("down", Decimal("300000.30"), date(2025, 6, 1)),
        ("mortgage", Decimal("700000.70"), date(2025, 7, 31)),
    ]


@pytest.mark.parametrize(
    ("plan", "refusal"),
    [
        (parts_of(600_000, "1399999.99"), PlanUnbalanced),
        (parts_of(2_000_001, -1), InstalmentNotPositive),
        (parts_of("1999999.999", "0.001"), InstalmentNotPositive),
        (parts_of(600_000, 1_400_000, first=date(2025, 5, 31)), DueBeforeSigning),
        (parts_of(600_000, 1_400_000, first=date(2025, 9, 2)), DatesOutOfOrder),
        (NewPlan("无", "once", ()), NoInstalments),
        (NewPlan("无", "once", (NewInstalment("whole", Decimal(2_000_000)),)), InstalmentWithoutDay),
        (replace(STAGED, instalments=(replace(WAITING, due_date=DOWN_DAY),)), InstalmentWithoutDay),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_in_words(
    company: OrgUnit, plan: NewPlan, refusal: type[Exception]
) -> None:
    contract = contract_of(company)

    with pytest.raises(refusal) as refused:
        make_plan(contract, plan, actor=SYSTEM, now=NOW)

    assert "%(" not in str(refused.value)
    assert not PaymentPlan.objects.exists()


def test_an_unbalanced_plan_says_by_how_much(company: OrgUnit) -> None:
    contract = contract_of(company)

    with pytest.raises(PlanUnbalanced) as refused:
        make_plan(contract, parts_of(600_000, "1399999.99"), actor=SYSTEM, now=NOW)

    assert refused.value.params == {"sum": "1,999,999.99", "total": "2,000,000.00", "difference": "0.01"}


def test_a_contract_is_settled_once_and_not_after_it_is_cancelled(company: OrgUnit) -> None:
    settled, cancelled = make_planned(company).contract, contract_of(company)
    cancel_contract(cancelled, actor=SYSTEM, now=NOW)

    with pytest.raises(PlanExists):
        make_plan(settled, parts_of(2_000_000), actor=SYSTEM, now=NOW)
    with pytest.raises(ContractNotLive):
        make_plan(cancelled, parts_of(2_000_000), actor=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentPlan.objects.create(
            org_unit=company,
            contract=settled,
            version=2,
            name="二",
            method="once",
            created_at=NOW,
            updated_at=NOW,
        )


def test_a_new_version_keeps_the_one_before_and_takes_the_money(company: OrgUnit) -> None:
    before = make_planned(company, 600_000, 1_400_000)
    pay(before.contract, 700_000, "R1")

    after = replace_plan(
        before.contract, actor=SYSTEM, plan=parts_of(800_000, 1_200_000), reason="银行少批贷款", now=NOW
    )

    before.refresh_from_db()
    assert (before.superseded_at, after.version, after.reason) == (NOW, 2, "银行少批贷款")
    assert paid_on(before) == [600_000, 100_000]
    assert paid_on(after) == [700_000, 0]
    assert list(Instalment.objects.receivable().values_list("plan", flat=True)) == [after.pk, after.pk]


def test_a_plan_is_replaced_with_a_reason_and_only_where_there_is_one(company: OrgUnit) -> None:
    plan, bare = make_planned(company), contract_of(company)

    with pytest.raises(PlanReasonMissing):
        replace_plan(plan.contract, actor=SYSTEM, plan=parts_of(2_000_000), reason=" ", now=NOW)
    with pytest.raises(NoPlanYet):
        replace_plan(bare, actor=SYSTEM, plan=parts_of(2_000_000), reason="少批", now=NOW)
    with pytest.raises(PlanUnbalanced):
        replace_plan(plan.contract, actor=SYSTEM, plan=parts_of(1), reason="少批", now=NOW)

    plan.refresh_from_db()
    assert plan.superseded_at is None


def test_a_payment_is_put_on_the_instalment_it_is_named_for_and_back(company: OrgUnit) -> None:
    plan = make_planned(company, 600_000, 1_400_000)
    payment = pay(plan.contract, 500_000, "R1")
    loan = plan.instalments.get(position=2)

    name_instalment(payment, loan, actor=SYSTEM, now=NOW)
    named = paid_on(plan)
    name_instalment(payment, loan, actor=SYSTEM, now=NOW)
    name_instalment(payment, None, actor=SYSTEM, now=NOW)

    assert named == [0, 500_000]
    assert paid_on(plan) == [500_000, 0]
    assert EventRecord.objects.filter(type="sales.payment_named").count() == 2


def test_a_payment_is_named_for_no_instalment_of_another_contract_or_of_an_old_version(
    company: OrgUnit,
) -> None:
    plan, other = make_planned(company), make_planned(company)
    payment = pay(plan.contract, 500_000, "R1")
    old = plan.instalments.get(position=1)
    replace_plan(plan.contract, actor=SYSTEM, plan=parts_of(2_000_000), reason="改", now=NOW)

    for instalment in (old, other.instalments.get(position=1)):
        with pytest.raises(InstalmentElsewhere):
            name_instalment(payment, instalment, actor=SYSTEM, now=NOW)


def test_what_waits_for_a_stage_falls_due_when_the_building_reaches_it(company: OrgUnit) -> None:
    contract = contract_of(company)
    plan = make_plan(contract, STAGED, actor=SYSTEM, now=NOW)
    assert Instalment.objects.receivable().count() == 1

    note_stage(contract.unit.building, "topped_out", reached_date=date(2026, 2, 1), actor=SYSTEM, now=NOW)
    first = plan.instalments.get(position=2).due_date
    note_stage(contract.unit.building, "topped_out", reached_date=date(2026, 2, 5), actor=SYSTEM, now=NOW)
    note_stage(contract.unit.building, "topped_out", reached_date=date(2026, 2, 5), actor=SYSTEM, now=NOW)

    assert (first, plan.instalments.get(position=2).due_date) == (date(2026, 3, 3), date(2026, 3, 7))
    assert Instalment.objects.receivable().count() == 2
    events = EventRecord.objects.filter(type="sales.stage_reached")
    assert [event.payload["instalments"] for event in events] == [1, 1]


def test_a_stage_reached_before_signing_is_due_on_the_day_of_signing(company: OrgUnit) -> None:
    contract = contract_of(company)
    note_stage(contract.unit.building, "topped_out", reached_date=date(2024, 2, 1), actor=SYSTEM, now=NOW)

    plan = make_plan(contract, STAGED, actor=SYSTEM, now=NOW)

    assert plan.instalments.get(position=2).due_date == contract.signed_date


def test_a_stage_is_not_noted_ahead_of_time(company: OrgUnit) -> None:
    building = make_home(company).building

    with pytest.raises(DateInFuture):
        note_stage(building, "topped_out", reached_date=date(2026, 3, 19), actor=SYSTEM, now=NOW)


def test_nobody_settles_replaces_names_or_notes_without_the_right(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    plan = make_planned(company)
    payment, contract = pay(plan.contract, 1, "R1"), contract_of(company)
    reader = make_actor(company, VIEW_CONTRACT)
    stranger = make_actor(neighbour, VIEW_CONTRACT, CHANGE_CONTRACT, KEEP_TERMS)

    for actor in (reader, stranger):
        with pytest.raises(NotAllowed):
            make_plan(contract, parts_of(2_000_000), actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            replace_plan(plan.contract, actor=actor, plan=parts_of(2_000_000), reason="改", now=NOW)
        with pytest.raises(NotAllowed):
            name_instalment(payment, None, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            note_stage(
                contract.unit.building, "topped_out", reached_date=date(2026, 1, 1), actor=actor, now=NOW
            )
        with pytest.raises(NotAllowed):
            add_plan_template(
                PlanTerms("一", "once", (Step("whole", Decimal(100)),)),
                org_unit=company,
                actor=actor,
                now=NOW,
            )
    assert list(Instalment.objects.visible_to(stranger)) == []


@pytest.mark.parametrize(
    ("method", "steps", "refusal"),
    [
        ("once", (), NoInstalments),
        ("once", (Step("whole", Decimal("99.99")),), SharesNotWhole),
        ("once", (Step("whole", Decimal(0)), Step("whole", Decimal(100))), StepNotClear),
        ("once", (Step("whole", Decimal(100), 0, DOWN_DAY, "completed"),), StepNotClear),
        ("mortgage", (Step("whole", Decimal(100)),), LoanMissing),
    ],
)
def test_a_way_to_pay_that_does_not_hold_is_refused(
    company: OrgUnit, method: str, steps: tuple[Step, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add_plan_template(PlanTerms("一", method, steps), org_unit=company, actor=SYSTEM, now=NOW)

    assert not PlanTemplate.objects.exists()


def test_a_way_to_pay_is_offered_below_its_place_and_once_of_a_name(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    region = company.parent
    assert region is not None
    of_region, own = make_template(region), make_template(company, name="一次性", method="once")

    offered = templates_for(company)

    assert set(offered) == {of_region, own}
    assert list(templates_for(neighbour)) == [of_region]
    with pytest.raises(PlanTemplateNameTaken):
        make_template(company, name="一次性", method="once")


def test_ages_have_no_gap_and_do_not_overlap(company: OrgUnit) -> None:
    today = date(2026, 3, 18)
    plan = make_planned(company)
    found = []

    for days in (-1, 0, 1, 30, 31, 60, 61, 90, 91, 500):
        Instalment.objects.update(due_date=date.fromordinal(today.toordinal() - days))
        ages = [age for age in Age if Instalment.objects.filter(of_age(age, today), plan=plan).exists()]
        assert ages == [age_of(days)]
        found.append(ages[0].value)

    assert found == [
        "not_due",
        "not_due",
        "to_30",
        "to_30",
        "to_60",
        "to_60",
        "to_90",
        "to_90",
        "over_90",
        "over_90",
    ]


def test_receivables_are_summed_by_project_and_leave_out_what_is_paid_or_cancelled(company: OrgUnit) -> None:
    owed, paid, gone = make_planned(company), make_planned(company), make_planned(company)
    pay(owed.contract, 100_000, "R1")
    pay(paid.contract, 2_000_000, "R2")
    cancel_contract(gone.contract, actor=SYSTEM, now=NOW)

    rows = receivables_by("project", SYSTEM, date(2025, 9, 2))

    assert [row.total for row in rows] == [1_900_000]
    assert list(rows[0].amounts) == [Decimal(each) for each in (0, 1_400_000, 0, 0, 500_000)]


def test_putting_money_on_instalments_costs_the_same_for_one_and_three_contracts(
    company: OrgUnit, django_assert_num_queries: object
) -> None:
    from hearth.sales.services import reallocate  # noqa: PLC0415

    contracts = []
    for _ in range(3):
        plan = make_planned(company)
        contracts.append(plan.contract_id)
        Instalment.objects.filter(plan=plan).update(paid_amount=1)
        PaymentPlan.objects.filter(pk=plan.pk).update(unallocated_amount=1)
    tell_the_planner()

    with django_assert_num_queries(5):  # type: ignore[operator]
        reallocate(contracts[:1], now=NOW)
    with django_assert_num_queries(5):  # type: ignore[operator]
        reallocate(contracts, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_payments_and_a_stage_in_the_same_moment_reconcile(company: OrgUnit) -> None:
    contract = contract_of(company)
    plan = make_plan(contract, STAGED, actor=SYSTEM, now=NOW)
    building = contract.unit.building
    # The first act of a month makes its partition, which locks the whole stream; here the rows of sales are raced for.
    ensure_months([datetime(2025, 7, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)])

    came = at_once(
        [
            lambda: pay(contract, 1_000_000, "R1"),
            lambda: pay(contract, 700_000, "R2"),
            lambda: note_stage(building, "topped_out", reached_date=date(2026, 2, 1), actor=SYSTEM, now=NOW),
        ]
    )

    assert came == {"": 3}
    assert paid_on(plan) == [1_600_000, 100_000]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_a_contract_at_once_one_does(company: OrgUnit) -> None:
    contract = contract_of(company)

    came = at_once([lambda: make_plan(contract, parts_of(2_000_000), actor=SYSTEM, now=NOW)] * 2)

    assert came == {"": 1, "plan_exists": 1}
    assert PaymentPlan.objects.count() == 1
