"""Contracts and payments of a person: given out, and kept as the law requires when the rest is erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.personal_data import (
    Kept,
    LegalHold,
    Person,
    Table,
    holds_none,
    legal_holds,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.retention import ties
from hearth.sales.models import (
    BuildingStage,
    Contract,
    ContractVersion,
    Instalment,
    Loan,
    LoanStep,
    Payment,
    PaymentPlan,
    PlanTemplate,
    SettlementLine,
)


def export_contracts(person: Person) -> Table:
    rows = Contract.objects.filter(customer__in=person.ids).select_related("unit__building__project")
    return table_of(
        rows.order_by("signed_date", "id"),
        "number",
        "state",
        "signed_date",
        "total_amount",
        "filing_number",
        "filed_date",
        ("unit__building__project__name", _("project")),
        ("unit__building__name", _("building")),
        ("unit__number", _("home")),
        ("custom", _("further fields")),
    )


def erase_contracts(person: Person, now: datetime) -> int:
    """Keep the contract; fields that the installation added go."""
    return Contract.objects.filter(customer__in=person.ids).exclude(custom={}).update(custom={})


def export_versions(person: Person) -> Table:
    rows = ContractVersion.objects.filter(customer__in=person.ids).select_related("contract")
    return table_of(
        rows.order_by("recorded_at", "id"),
        ("contract__number", _("contract")),
        "version",
        "state",
        "total_amount",
        "recorded_at",
        "superseded_at",
    )


def export_settlements(person: Person) -> Table:
    rows = SettlementLine.objects.filter(contract__customer__in=person.ids).select_related("contract")
    return table_of(rows.order_by("id"), ("contract__number", _("contract")), "kind", "amount")


def export_payments(person: Person) -> Table:
    rows = Payment.objects.filter(customer__in=person.ids).select_related("contract")
    return table_of(
        rows.order_by("paid_date", "id"),
        ("contract__number", _("contract")),
        "receipt_number",
        "subject",
        "paid_date",
        "amount",
    )


def keep(person: Person, now: datetime) -> int:
    return 0


def export_instalments(person: Person) -> Table:
    rows = Instalment.objects.filter(plan__contract__customer__in=person.ids).select_related("plan__contract")
    return table_of(
        rows.order_by("plan__contract__number", "plan__version", "position"),
        ("plan__contract__number", _("contract")),
        ("plan__version", _("version")),
        "kind",
        "due_date",
        "stage",
        "amount",
        "paid_amount",
    )


def erase_plans(person: Person, now: datetime) -> int:
    """Keep how a contract was to be paid, with its payments; whoever is named in a reason is struck out."""
    return strike_out_in(PaymentPlan.objects.all(), person, "reason")


def export_loans(person: Person) -> Table:
    rows = LoanStep.objects.filter(loan__contract__customer__in=person.ids).select_related("loan__contract")
    return table_of(
        rows.order_by("loan__contract__number", "loan", "done_date", "id"),
        ("loan__contract__number", _("contract")),
        ("loan__bank", pgettext_lazy("loan", "bank")),
        ("loan__amount", pgettext_lazy("loan", "applied for, ¥")),
        ("loan__approved_amount", pgettext_lazy("loan", "approved, ¥")),
        ("loan__released_amount", pgettext_lazy("loan", "released, ¥")),
        "step",
        "done_date",
    )


def erase_loans(person: Person, now: datetime) -> int:
    """Keep how the contract was paid; whoever is named in a reason is struck out."""
    return strike_out_in(Loan.objects.all(), person, "ended_because")


def contracts_kept(ids: Collection[UUID]) -> Kept:
    units = Contract.objects.filter(customer__in=ids).values_list("unit_id", flat=True)
    return Kept(len(units), frozenset(units))


def payments_kept(ids: Collection[UUID]) -> Kept:
    return Kept(Payment.objects.filter(customer__in=ids).count())


register_personal_data(
    "sales.contracts", _("Contracts"), Contract, export=export_contracts, erase=erase_contracts
)
register_personal_data(
    "sales.plans", _("Payment plans"), PaymentPlan, Instalment, export=export_instalments, erase=erase_plans
)
register_personal_data(
    "sales.loans", _("Mortgage loans"), Loan, LoanStep, export=export_loans, erase=erase_loans
)
holds_none(PlanTemplate, because="Ways to pay that a place offers to everybody.")
holds_none(BuildingStage, because="How far a building is, whoever buys in it.")
register_personal_data(
    "sales.versions",
    _("What contracts said before"),
    ContractVersion,
    export=export_versions,
    erase=keep,
)
register_personal_data(
    "sales.settlements",
    _("Settlements of cancelled contracts"),
    SettlementLine,
    export=export_settlements,
    erase=keep,
)
register_personal_data("sales.payments", _("Payments"), Payment, export=export_payments, erase=keep)
legal_holds.register(
    "sales.contracts",
    LegalHold(
        _("Contracts"),
        _(
            "Civil Code article 188 and Construction Law article 62: claims and warranty outlive the contract."
        ),
        contracts_kept,
    ),
)
legal_holds.register(
    "sales.payments",
    LegalHold(
        _("Payments"),
        _("Accounting Law article 23 and the rules on accounting files: kept for 30 years."),
        payments_kept,
    ),
)


def buyers(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers who have or had a contract, or a payment, however old."""
    found: set[UUID] = set()
    for papers in (Contract.objects, ContractVersion.objects, Payment.objects):
        found |= set(papers.filter(customer__in=ids).values_list("customer_id", flat=True))
    return found


ties.register("sales.papers", buyers)
