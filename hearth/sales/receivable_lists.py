"""The list of what is to come in 应收."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.lists import cells
from hearth.lists.cells import Badge, Heading
from hearth.lists.columns import name_of, value_of, word_of
from hearth.lists.definitions import (
    Batch,
    Column,
    Emptiness,
    FixedField,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, NUMBER, PERSON, PLACE, TEXT, Filter, Reader, Test
from hearth.sales.ageing import AGE_COLOURS, OVERDUE, Age, age_of, of_age
from hearth.sales.lists import meant_by
from hearth.sales.models import Contract, Instalment
from hearth.sales.models.plans import Kind
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT

Read = Callable[[Batch[Instalment]], Sequence[Any]]
SETTLED = _("settled with the payment plan, which is replaced as a whole")
COMPUTED = _("calculated from the payments")


def _headings(batch: Batch[Instalment]) -> Sequence[Heading]:
    return [Heading(row.plan.contract.number, str(row), icon="receipt") for row in batch.rows]


def _of_contract(read: Callable[[Instalment], object]) -> Read:
    return lambda batch: [str(found) if (found := read(row)) else "" for row in batch.rows]


def _days(batch: Batch[Instalment]) -> Sequence[int | None]:
    today = localdate()
    return [row.days_overdue(today) or None for row in batch.rows]


def _ages(batch: Batch[Instalment]) -> Sequence[Badge]:
    today = localdate()
    ages = [age_of(row.days_overdue(today)) for row in batch.rows]
    return [Badge(age.label, AGE_COLOURS.get(age, "secondary")) for age in ages]


def _open_of(age: Age) -> Read:
    """Return a reader of what is open, where it is overdue for so long."""

    def read(batch: Batch[Instalment]) -> Sequence[Decimal | None]:
        today = localdate()
        return [row.open_amount if age_of(row.days_overdue(today)) == age else None for row in batch.rows]

    return read


def _open_of_one() -> Combinable:
    return F("amount") - F("paid_amount")


def _sum_of(age: Age) -> Callable[[], Combinable]:
    return lambda: Case(When(of_age(age, localdate()), then=_open_of_one()), default=Value(Decimal(0)))


def _is_of_age(test: Test, reader: Reader) -> Q:
    """Keep what is overdue for as long as one of the words says."""
    found = Q(pk__in=[])
    for age in test.values:
        found |= of_age(age, reader.today)
    return ~found if test.operator == "not" else found


def _meant_by(text: str) -> Q:
    """Return the condition that an instalment is meant: by its contract, or by the customer."""
    return Q(plan__contract__in=Contract.objects.filter(meant_by(text)).values("pk"))


RECEIVABLES = register_list(
    ListDefinition(
        key="receivables",
        label=pgettext_lazy("receivables", "Receivables"),
        icon="receipt",
        permission=VIEW_CONTRACT,
        url_name="sales:receivables",
        record_url_name="sales:instalment",
        rows=lambda actor: Instalment.objects.visible_to(actor).receivable(),
        whole=lambda: Instalment.objects.select_related(
            "org_unit",
            "plan__contract__customer__responsible",
            "plan__contract__unit__project",
            "plan__contract__unit__building",
            "plan__contract__unit__entrance",
        ),
        search=_meant_by,
        search_hint=_("Contract number, or customer"),
        columns=(
            Column("contract", _("Contract number"), _headings, cells.HEADING),
            Column("customer", _("Customer"), _of_contract(lambda row: row.plan.contract.customer)),
            Column("home", _("Home"), _of_contract(lambda row: row.plan.contract.unit.address)),
            Column(
                "project",
                _("Project"),
                _of_contract(lambda row: row.plan.contract.unit.project),
                is_usual=False,
            ),
            Column(
                "consultant",
                pgettext_lazy("receivables", "Consultant"),
                _of_contract(lambda row: row.plan.contract.customer.responsible),
            ),
            Column(
                "kind",
                pgettext_lazy("receivables", "Instalment"),
                word_of("kind", Kind.choices),
                is_usual=False,
            ),
            Column("due", pgettext_lazy("receivables", "Due"), value_of("due_date"), cells.DAY, order="due"),
            Column("days", pgettext_lazy("receivables", "Days overdue"), _days, cells.NUMBER),
            Column("age", pgettext_lazy("receivables", "Overdue for"), _ages, cells.BADGE),
            Column("amount", _("Amount, ¥"), value_of("amount"), cells.MONEY, is_usual=False, total="amount"),
            Column(
                "paid",
                pgettext_lazy("receivables", "Paid, ¥"),
                value_of("paid_amount"),
                cells.MONEY,
                is_usual=False,
                total="paid_amount",
            ),
            Column(
                "open",
                pgettext_lazy("receivables", "Open, ¥"),
                value_of("open_amount"),
                cells.MONEY,
                total=_open_of_one,
            ),
            *(
                Column(age.value, age.label, _open_of(age), cells.MONEY, is_usual=False, total=_sum_of(age))
                for age in OVERDUE
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter(
                "age",
                pgettext_lazy("receivables", "Overdue for"),
                CHOICE,
                choices=Age.choices,
                condition=_is_of_age,
            ),
            Filter(
                "kind",
                pgettext_lazy("receivables", "Instalment"),
                CHOICE,
                "kind",
                Kind.choices,
                is_grouping=True,
            ),
            Filter("due", pgettext_lazy("receivables", "Due"), DAY, "due_date"),
            Filter("project", _("Project"), TEXT, "plan__contract__unit__project__name"),
            Filter(
                "consultant",
                pgettext_lazy("receivables", "Consultant"),
                PERSON,
                "plan__contract__customer__responsible",
            ),
            Filter("amount", _("Amount, ¥"), NUMBER, "amount"),
            Filter("number", _("Contract number"), TEXT, "plan__contract__number"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("due", pgettext_lazy("receivables", "Due"), "due_date", "due_date"),),
        calendars=("due",),
        fixed=(
            *(FixedField(key, CHANGE_CONTRACT, SETTLED) for key in ("kind", "due", "amount")),
            *(FixedField(key, CHANGE_CONTRACT, COMPUTED) for key in ("paid", "open", "days", "age")),
        ),
        quick=("age", "project", "consultant", "due"),
        presets=(
            Preset("overdue", pgettext_lazy("receivables", "Overdue"), {"age": "not:not_due"}),
            Preset("mine", pgettext_lazy("receivables", "Of my customers"), {"consultant": "me"}),
            Preset("month", pgettext_lazy("receivables", "Due this month"), {"due": "period:month"}),
        ),
        emptiness=Emptiness(
            title=pgettext_lazy("receivables", "Nothing is to come in"),
            text=_(
                "Once it is settled on the page of a contract how it is paid, its instalments stand here until they "
                "are paid."
            ),
            action_label=_("Contracts"),
            action_url_name="sales:contracts",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
