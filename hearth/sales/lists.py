"""The list of contracts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.custom_fields.list_fields import further_of
from hearth.customers.models import Customer
from hearth.customers.selectors import matching
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of
from hearth.lists.definitions import (
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, NUMBER, PLACE, TEXT, Filter
from hearth.sales.fields import FIXED
from hearth.sales.models import Contract, Payment
from hearth.sales.permissions import VIEW_CONTRACT

STATES = Contract.State.choices
STATE_COLOURS = {"signed": "azure", "filed": "green"}
NOTHING = Decimal(0)


def _numbers(batch: Batch[Contract]) -> Sequence[Heading]:
    return [Heading(row.number, icon="contract") for row in batch.rows]


def _homes(batch: Batch[Contract]) -> Sequence[str]:
    return [row.unit.address for row in batch.rows]


def _sums(batch: Batch[Contract]) -> Mapping[UUID | None, Decimal]:
    """Return what came in less what went back, by contract; one query."""
    payments = Payment.objects.filter(contract_id__in=batch.ids).values_list("contract_id")
    return dict(payments.annotate(received=Sum("amount")))


def _received(batch: Batch[Contract]) -> Sequence[Decimal]:
    sums = batch.once(_sums)
    return [sums.get(row.pk, NOTHING) for row in batch.rows]


def _outstanding(batch: Batch[Contract]) -> Sequence[Decimal]:
    sums = batch.once(_sums)
    return [row.total_amount - sums.get(row.pk, NOTHING) for row in batch.rows]


def _received_of_one() -> Combinable:
    """Return what came in for a contract less what went back, as the database sums it."""
    payments = Payment.objects.filter(contract=OuterRef("pk")).order_by().values("contract")
    return Coalesce(Subquery(payments.annotate(received=Sum("amount")).values("received")), NOTHING)


def _outstanding_of_one() -> Combinable:
    return F("total_amount") - _received_of_one()


def meant_by(text: str) -> Q:
    """Return the condition that a contract is meant: by the beginning of its number, or by its customer."""
    customers = Customer.objects.filter(matching(text)).values("pk")
    return Q(number__startswith=text) | Q(customer__in=customers)


CONTRACTS = register_list(
    ListDefinition(
        key="contracts",
        further=further_of("contract"),
        label=_("Contracts"),
        icon="contract",
        permission=VIEW_CONTRACT,
        url_name="sales:contracts",
        record_url_name="sales:contract",
        rows=Contract.objects.visible_to,
        whole=lambda: Contract.objects.select_related(
            "customer", "org_unit", "unit__project", "unit__building", "unit__entrance"
        ),
        search=meant_by,
        search_hint=_("Contract number, or customer"),
        columns=(
            Column("number", _("Contract number"), _numbers, cells.HEADING),
            Column("customer", _("Customer"), name_of("customer")),
            Column("home", _("Home"), _homes),
            Column("signed", _("Signed on"), value_of("signed_date"), cells.DAY, order="signed"),
            Column("total", _("Total, ¥"), value_of("total_amount"), cells.MONEY, total="total_amount"),
            Column("received", _("Received"), _received, cells.MONEY, is_usual=False, total=_received_of_one),
            Column("outstanding", _("Outstanding"), _outstanding, cells.MONEY, total=_outstanding_of_one),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("filing", _("Filing number"), value_of("filing_number"), is_usual=False),
            Column(
                "filed",
                pgettext_lazy("contract", "Filed on"),
                value_of("filed_date"),
                cells.DAY,
                is_usual=False,
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("signed", _("Signed on"), DAY, "signed_date"),
            Filter("project", _("Project"), TEXT, "unit__project__name"),
            Filter("total", _("Total, ¥"), NUMBER, "total_amount"),
            Filter("number", _("Contract number"), TEXT, "number"),
            Filter("filing", _("Filing number"), TEXT, "filing_number"),
            Filter("filed", pgettext_lazy("contract", "Filed on"), DAY, "filed_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("signed", _("Signed on"), "-signed_date", "signed_date"),),
        boards=(Board("state", ("customer", "home", "total", "signed"), amount="total_amount"),),
        calendars=("signed",),
        fixed=FIXED,
        quick=("state", "signed", "project", "total"),
        presets=(
            Preset(
                "month", _("Signed this month"), {"signed": "period:month", "state": "not:cancelled,replaced"}
            ),
        ),
        emptiness=Emptiness(
            title=_("No contracts yet"),
            text=_("Contracts come in by import, or from a home's page when a customer signs."),
            action_label=_("Import contracts"),
            action_url_name="imports:new",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
