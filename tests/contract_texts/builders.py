"""Templates and texts of contracts for tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from hearth.accounts.models import User
from hearth.contract_texts.checks import Finding
from hearth.contract_texts.facts import facts_of
from hearth.contract_texts.links import reading_link
from hearth.contract_texts.models import ContractTemplate, ContractText, TextReading
from hearth.contract_texts.permissions import APPROVE_TEXT, CHANGE_TEXT, KEEP_TEMPLATES, VIEW_TEXT
from hearth.contract_texts.services import (
    NewClause,
    Written,
    approve_template,
    approve_text,
    begin_template,
    clauses_of,
    confirm_clause,
    confirm_reading,
    contract_of,
    draft_text,
    findings_of,
    give_text,
    marked_in,
    sign_text,
    submit_template,
    submit_text,
    write_clause,
    write_text_clause,
)
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer, UnitRole
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit
from hearth.sales.models import Contract
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.organization.builders import make_member
from tests.sales.builders import make_contract
from tests.sales.plans import make_planned

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
SYSTEM = Actor.system("test")
CUSTOMER = Actor.system("customer", kind="customer")
PARTIES = NewClause(10, "当事人", "出卖人：{seller}；买受人：{buyer}。合同编号：{number}。", "mandatory")
PRICE = NewClause(
    20,
    "房屋与价款",
    "房屋为{unit}，建筑面积{area}平方米，单价{unit_price}元，总价¥{total}（{total_capitals}）。",
    "mandatory",
    is_confirmed_singly=True,
)
PAYMENT = NewClause(30, "付款方式", "买受人按{plan}付款，共{instalments}期，详见下表。", "standard")
HANDOVER = NewClause(
    40, "交付", "出卖人应当于约定日期前交付房屋，逾期按日承担违约金。", "standard", is_confirmed_singly=True
)
FREE = NewClause(50, "其他约定", "", "free")
CLAUSES = (PARTIES, PRICE, PAYMENT, HANDOVER, FREE)


def make_keeper(place: OrgUnit) -> User:
    """Write a user who writes templates at a place."""
    return make_member(place, SIGNED_IN, "organization.view", VIEW_TEXT, KEEP_TEMPLATES)


def make_drafter(place: OrgUnit) -> User:
    """Write a user who drafts texts at a place."""
    return make_member(place, SIGNED_IN, "sales.view", "customers.view", VIEW_TEXT, CHANGE_TEXT)


def make_approver(place: OrgUnit) -> User:
    """Write a user who approves templates and departures at a place."""
    return make_member(place, SIGNED_IN, "sales.view", VIEW_TEXT, APPROVE_TEXT)


def make_template(
    place: OrgUnit,
    *,
    kind: str = "contract",
    project: Project | None = None,
    clauses: Sequence[NewClause] = CLAUSES,
    title: str = "商品房买卖合同",
    now: datetime = NOW,
) -> ContractTemplate:
    """Write the draft of a template with its clauses."""
    actor = actor_of(make_keeper(place))
    row = begin_template(place, kind=kind, title=title, project=project, actor=actor, now=now)
    if not row.clauses.exists():
        for clause in clauses:
            write_clause(row, clause, actor=actor, now=now)
    return row


def make_submitted(template: ContractTemplate, *, day: date = TODAY, now: datetime = NOW) -> ContractTemplate:
    """Have a template submitted by who wrote it."""
    return submit_template(template, in_force_date=day, actor=actor_of(template.author), now=now)


def make_approved(template: ContractTemplate, *, day: date = TODAY, now: datetime = NOW) -> ContractTemplate:
    """Have a template approved."""
    make_submitted(template, day=day, now=now)
    return approve_template(template, actor=actor_of(make_approver(template.org_unit)), now=now)


def make_sold(company: OrgUnit, *, home: Unit | None = None, area: str | None = "100.00") -> Contract:
    """Write a contract of two million that is paid in two instalments, for a home of a hundred square metres."""
    unit = home or make_home(company)
    unit.floor_area = Decimal(area) if area else None
    unit.save()
    contract = make_contract(unit, make_customer(company, name="王小明"))
    make_planned(company, 600_000, 1_400_000, contract=contract)
    return contract


def make_text(company: OrgUnit, *, contract: Contract | None = None, now: datetime = NOW) -> ContractText:
    """Draft the text of a contract from a template in force."""
    if not ContractTemplate.objects.in_force(TODAY).filter(org_unit=company, kind="contract").exists():
        make_approved(make_template(company))
    return draft_text(contract or make_sold(company), actor=actor_of(make_drafter(company)), now=now)


def make_given(company: OrgUnit, *, contract: Contract | None = None, now: datetime = NOW) -> ContractText:
    """Draft a text and lay it before its buyers."""
    text = make_text(company, contract=contract, now=now)
    return give_text(text, actor=actor_of(make_drafter(company)), now=now)


def make_departing(company: OrgUnit) -> ContractText:
    """Draft a text that departs from its template, and have that submitted."""
    text = make_text(company)
    clause = text.clauses.get(heading="交付")
    drafter = actor_of(make_drafter(company))
    write_text_clause(clause, Written("出卖人提前交付。", "买受人要求"), actor=drafter, now=NOW)
    return submit_text(text, actor=drafter, now=NOW)


def make_departures_approved(company: OrgUnit) -> ContractText:
    """Have departures approved."""
    return approve_text(make_departing(company), actor=actor_of(make_approver(company)), now=NOW)


def reading_of(text: ContractText) -> TextReading:
    """Return the reading of the first buyer."""
    return text.readings.order_by("id")[0]


def path_of(text: ContractText) -> str:
    """Return the address by which the first buyer reads a text."""
    link = reading_link(reading_of(text), now=timezone.now())
    return "/p/" + link.split("/p/")[1]


def make_read(text: ContractText, *, how: str = "phone", now: datetime = NOW) -> ContractText:
    """Have every buyer confirm every marked clause and the whole."""
    proof = "档案柜3号" if how == "desk" else ""
    for reading in text.readings.all():
        for clause in marked_in(text):
            confirm_clause(reading, clause, how=how, proof=proof, actor=SYSTEM, now=now)
        confirm_reading(reading, how=how, proof=proof, actor=SYSTEM, now=now)
    return text


def make_signed(company: OrgUnit, *, contract: Contract | None = None) -> ContractText:
    """Have a text read by all and signed."""
    text = make_read(make_given(company, contract=contract))
    return sign_text(text, signed_date=TODAY, actor=actor_of(make_drafter(company)), now=NOW)


def findings_in(text: ContractText) -> list[Finding]:
    """Return what the clause check finds in a text."""
    return findings_of(text, clauses_of(text), facts_of(contract_of(text)))


def codes(text: ContractText) -> list[str]:
    """Return the codes of what the clause check finds in a text."""
    return [each.code for each in findings_in(text)]


def make_co_owner(customer: Customer, contract: Contract) -> None:
    """Let a customer own the home of a contract beside its buyer."""
    UnitRole.objects.create(
        customer=customer, unit=contract.unit, role="co_owner", created_at=NOW, updated_at=NOW
    )


def rewrite(text: ContractText, heading: str, wording: str, because: str = "买受人要求") -> None:
    """Have a clause of a text say something else."""
    clause = text.clauses.get(heading=heading)
    actor = actor_of(make_drafter(text.org_unit))
    write_text_clause(clause, Written(wording, because), actor=actor, now=NOW)
