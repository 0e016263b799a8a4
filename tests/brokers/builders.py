"""Partners, brokers and registrations for tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from hearth.accounts.models import User
from hearth.brokers.models import (
    Broker,
    ChannelRegistration,
    Commission,
    CommissionRule,
    CommissionSheet,
    Partner,
    RegistrationConflict,
)
from hearth.brokers.permissions import (
    APPROVE_SETTLEMENT,
    CHANGE_BROKER,
    DECIDE_CONFLICT,
    REGISTER,
    SETTLE,
    VIEW_BROKER,
    VIEW_COMMISSION,
)
from hearth.brokers.services import (
    NewBroker,
    NewPartner,
    NewRegistration,
    NewRule,
    add_broker,
    add_partner,
    approve_settlement,
    confirm_visit,
    earn_commission,
    make_settlement,
    object_to_refusal,
    register_customer,
    submit_settlement,
    write_rule,
)
from hearth.channels.models import Channel
from hearth.channels.services.interactions import record_interaction
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.customers.services import add_contact_point
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.properties.models import Project
from hearth.sales.models import Contract
from hearth.sales.services import receive_payment
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_member
from tests.sales.builders import make_contract

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
LATER = NOW + timedelta(hours=3)
SIGNED, MUCH_LATER = date(2026, 3, 20), NOW + timedelta(days=60)
PHONE, HIDDEN = "13812345678", "138****5678"
SYSTEM = Actor.system("test")
SEE = ("core.signed_in", "core.view_events", "customers.view", "properties.view", "leads.view", VIEW_BROKER)
_numbers = count(1)


def make_project(org_unit: OrgUnit) -> Project:
    """Write a project of a place."""
    number = next(_numbers)
    return Project.objects.create(
        org_unit=org_unit, code=f"BR{number}", name=f"临江府{number}", created_at=NOW, updated_at=NOW
    )


def make_desk(place: OrgUnit, *more: str) -> User:
    """Write a user who registers customers in the name of brokers."""
    return make_member(place, *SEE, REGISTER, *more)


def make_decider(place: OrgUnit) -> User:
    """Write a user who decides conflicts."""
    return make_member(place, *SEE, DECIDE_CONFLICT)


def make_keeper(place: OrgUnit) -> User:
    """Write a user who keeps partners and their links."""
    return make_member(place, *SEE, CHANGE_BROKER)


def make_partner(place: OrgUnit, *, kind: str = "agency", name: str = "") -> Partner:
    """Write a partner of a company."""
    new = NewPartner(kind, name or f"乐居中介{next(_numbers)}", date(2026, 1, 1))
    return add_partner(place, new, actor=SYSTEM, now=NOW)


def make_broker(place: OrgUnit, *, partner: Partner | None = None, name: str = "") -> Broker:
    """Write a broker of an agency, a new one unless stated."""
    new = NewBroker(date(2026, 1, 1), name or f"陈经纪{next(_numbers)}", "13700137000")
    return add_broker(partner or make_partner(place), new, actor=SYSTEM, now=NOW)


def make_referrer(
    place: OrgUnit, customer: Customer | None = None, *, partner: Partner | None = None
) -> Broker:
    """Write a customer who recommends."""
    kept = partner or Partner.objects.filter(org_unit=place, kind="referral").first()
    chosen = kept or make_partner(place, kind="referral", name="老带新")
    new = NewBroker(date(2026, 1, 1), customer=customer or make_customer(place))
    return add_broker(chosen, new, actor=SYSTEM, now=NOW)


def register(
    broker: Broker,
    project: Project,
    *,
    phone: str = PHONE,
    name: str = "王小明",
    planned_date: date | None = None,
    has_consent: bool = True,
    actor: Actor = SYSTEM,
    now: datetime = NOW,
) -> ChannelRegistration:
    """Register a customer for a broker."""
    day = planned_date or now.date()
    new = NewRegistration(project, name, phone, day, has_consent, "link")
    return register_customer(broker, new, actor=actor, now=now)


def make_registration(place: OrgUnit, *, phone: str = "", name: str = "王小明") -> ChannelRegistration:
    """Register a customer of a number of their own, for a new broker and project."""
    number = phone or f"136{next(_numbers):08d}"
    return register(make_broker(place), make_project(place), phone=number, name=name)


def note_visit(
    customer: Customer, project: Project, *, at: datetime = LATER, now: datetime | None = None
) -> None:
    """Note that a customer visited a project."""
    record_interaction(
        customer,
        org_unit=project.org_unit,
        channel=Channel.VISIT,
        direction="inbound",
        summary="来访",
        actor=SYSTEM,
        now=now or at,
        project_id=project.pk,
        occurred_at=at,
    )


def come(
    customer: Customer, project: Project, *, at: datetime = LATER, now: datetime | None = None
) -> ChannelRegistration | None:
    """Have a customer visit, and what was registered confirmed."""
    note_visit(customer, project, at=at, now=now)
    return confirm_visit(customer.pk, project, at=at, actor=SYSTEM, now=now or at)


def make_visited(
    place: OrgUnit,
    *,
    broker: Broker | None = None,
    project: Project | None = None,
    customer: Customer | None = None,
) -> ChannelRegistration:
    """Register a customer who came, a new one unless stated."""
    number = f"136{next(_numbers):08d}"
    row = register(broker or make_broker(place), project or make_project(place), phone=number)
    who = customer or make_customer(place)
    add_contact_point(who, kind="phone", value=number, actor=SYSTEM, now=NOW)
    found = come(who, row.project)
    assert found is not None
    return found


def make_conflict(place: OrgUnit, *, project: Project | None = None) -> RegistrationConflict:
    """Have a second broker object to the registration of the first."""
    chosen, number = project or make_project(place), f"136{next(_numbers):08d}"
    register(make_broker(place), chosen, phone=number)
    second = register(make_broker(place), chosen, phone=number, now=NOW + timedelta(minutes=5))
    return object_to_refusal(second, claim="客户由我先带看", actor=SYSTEM, now=LATER)


def make_settler(place: OrgUnit, *more: str) -> User:
    """Write a user who makes sheets of commissions."""
    return make_member(place, *SEE, VIEW_COMMISSION, SETTLE, *more)


def make_approver(place: OrgUnit) -> User:
    """Write a user who approves sheets of commissions."""
    return make_member(place, *SEE, VIEW_COMMISSION, APPROVE_SETTLEMENT)


def new_rule(
    *,
    kind: str = "percent",
    steps: Sequence[tuple[int, Decimal]] = ((1, Decimal(1)),),
    payable_percent: Decimal = Decimal(30),
    valid_from_date: date = date(2026, 1, 1),
    partner: Partner | None = None,
) -> NewRule:
    """Return a rule to be written."""
    return NewRule(kind, steps, payable_percent, valid_from_date, partner)


def make_rule(project: Project, *, rate: str = "1", payable_percent: str = "30") -> CommissionRule:
    """Write a rule for every partner of a project."""
    new = new_rule(steps=[(1, Decimal(rate))], payable_percent=Decimal(payable_percent))
    return write_rule(project, new, actor=SYSTEM, now=NOW)


def sign_for(
    row: ChannelRegistration,
    *,
    total: Decimal = Decimal(2_000_000),
    day: date = SIGNED,
    customer: Customer | None = None,
) -> Commission | None:
    """Have a customer sign for a home of the project, and return what is earned."""
    home = make_home(row.org_unit, project=row.project.name)
    who = customer or row.customer
    assert who is not None
    contract = make_contract(home, who, signed_date=day, total_amount=total, now=MUCH_LATER)
    return earn_commission(contract, actor=SYSTEM, now=MUCH_LATER)


def make_earned(
    place: OrgUnit,
    *,
    broker: Broker | None = None,
    project: Project | None = None,
    total: Decimal = Decimal(2_000_000),
    payable_percent: str = "30",
) -> Commission:
    """Have a contract earn a commission; a project without a rule gets one."""
    chosen = project or make_project(place)
    if not CommissionRule.objects.filter(project=chosen).exists():
        make_rule(chosen, payable_percent=payable_percent)
    row = make_visited(place, broker=broker, project=chosen)
    line = sign_for(row, total=total.quantize(Decimal("0.01")))
    assert line is not None
    return line


def pay_in(contract: Contract, amount: Decimal) -> None:
    """Receive money for a contract."""
    receive_payment(
        contract,
        actor=SYSTEM,
        receipt_number=f"R{next(_numbers)}",
        paid_date=contract.signed_date,
        amount=amount,
        now=MUCH_LATER,
    )


def make_sheet(line: Commission) -> CommissionSheet:
    """Have what is payable to the partner of a line settled and approved."""
    maker = actor_for(make_settler(line.org_unit), today=TODAY)
    second = actor_for(make_approver(line.org_unit), today=TODAY)
    sheet = make_settlement(line.partner, actor=maker, now=LATER)
    submit_settlement(sheet, actor=maker, now=LATER)
    return approve_settlement(sheet, actor=second, now=LATER)


def write_sheet(place: OrgUnit) -> CommissionSheet:
    """Have a contract earn a commission that is settled and approved."""
    return make_sheet(make_earned(place, payable_percent="0"))
