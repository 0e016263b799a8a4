# domain data
"""What sales offers to the rail, the imports, the timeline, the search and the warehouse."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.extracts import Extract, register_extract
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.search import Hit, SearchProvider, search_providers
from hearth.core.timeline import Detail, timeline_detail
from hearth.custom_fields.importing import CUSTOM_MESSAGES, fields_to_import
from hearth.custom_fields.objects import CustomObject, register_custom_object
from hearth.customers.following import rows_follow
from hearth.customers.lookup import CUSTOMER_KEY_FIELDS, CUSTOMER_MESSAGES
from hearth.imports.kinds import ImportField, ImportKind, register_import_kind
from hearth.properties.lookup import UNIT_KEY_FIELDS, UNIT_MESSAGES
from hearth.sales import lists, receivable_lists  # noqa: F401  (each registers its list)
from hearth.sales.events import (
    ContractCancelled,
    ContractFiled,
    ContractHandedOn,
    ContractReplaced,
    ContractRepriced,
    ContractSigned,
    ContractTakenOver,
    LoanEnded,
    LoanMoved,
    PaymentNamed,
    PaymentReceived,
    PlanMade,
)
from hearth.sales.loaders import ContractLoader, PaymentLoader
from hearth.sales.models import Contract, ContractVersion, Payment
from hearth.sales.permissions import CHANGE_CONTRACT, VIEW_CONTRACT
from hearth.sales.reverters import ContractReverter, PaymentReverter
from hearth.tasks.subjects import Subject, SubjectKind, subjects

register_place(
    Place(
        label=_("Contracts"),
        icon="contract",
        url_name="sales:contracts",
        permission=VIEW_CONTRACT,
        order=50,
        shortcut="r",
    )
)
register_place(
    Place(pgettext_lazy("receivables", "Receivables"), "cash", "sales:receivables", VIEW_CONTRACT, order=51)
)

NUMBER = ImportField(
    "number",
    _("Contract number"),
    "key",
    is_required=True,
    aliases=("合同编号", "合同号", "contract", "contract no"),
)
SHARED_MESSAGES = {
    "doubled_in_file": _("“%(value)s” stands in row %(first_row)s already."),
    "date_in_future": _("This date lies in the future."),
    "not_allowed": _("You do not have the right to do this here."),
}

register_import_kind(
    ImportKind(
        code="contracts",
        label=_("Contracts"),
        description=_("Signed contracts: who bought which home, when and for how much."),
        icon="contract",
        permission=CHANGE_CONTRACT,
        fields=(
            NUMBER,
            *CUSTOMER_KEY_FIELDS,
            *UNIT_KEY_FIELDS,
            ImportField(
                "signed_date",
                _("Signed on"),
                "date",
                is_required=True,
                aliases=("签约日期", "签约时间", "signed"),
            ),
            ImportField(
                "total_amount",
                _("Total, ¥"),
                "money",
                is_required=True,
                aliases=("合同总价", "成交总价", "总价", "total"),
            ),
            ImportField(
                "handover_date", _("Handed over on"), "date", aliases=("交付日期", "交房日期", "handover")
            ),
        ),
        loader=ContractLoader,
        reverter=ContractReverter,
        messages={
            **CUSTOMER_MESSAGES,
            **UNIT_MESSAGES,
            **SHARED_MESSAGES,
            **CUSTOM_MESSAGES,
            "contract_number_taken": _("There is already a contract with the number “%(value)s”."),
            "unit_sold_in_row": _("Row %(first_row)s sells this home already."),
            "unit_already_sold": _("This home is already under contract."),
            "handover_before_signing": _("The home cannot be handed over before the contract is signed."),
            "amount_not_positive": _("The amount must be greater than nought."),
        },
        order=30,
        further=fields_to_import("contract"),
    )
)
register_import_kind(
    ImportKind(
        code="payments",
        label=_("Payments"),
        description=_("Money received for contracts; a negative amount was paid back."),
        icon="receipt",
        permission=CHANGE_CONTRACT,
        fields=(
            NUMBER,
            ImportField(
                "receipt_number",
                _("Receipt number"),
                "key",
                is_required=True,
                aliases=("收据号", "收款编号", "票据号", "receipt"),
            ),
            ImportField(
                "paid_date", _("Paid on"), "date", is_required=True, aliases=("收款日期", "付款日期", "paid")
            ),
            ImportField(
                "amount", _("Amount, ¥"), "money", is_required=True, aliases=("金额", "收款金额", "amount")
            ),
            ImportField("subject", _("For"), "text", aliases=("款项", "款项名称", "subject"), max_length=60),
        ),
        loader=PaymentLoader,
        reverter=PaymentReverter,
        messages={
            **SHARED_MESSAGES,
            "contract_unknown": _(
                "No contract with the number “%(value)s” is known here. Import contracts first."
            ),
            "receipt_number_taken": _("There is already a payment with the receipt “%(value)s”."),
        },
        order=40,
    )
)

register_extract(
    Extract(
        name="purchases",
        sql="""
            SELECT c.id::text AS contract_id, c.customer_id::text, u.project_id::text, c.unit_id::text, c.org_unit_id,
                (c.signed_date + time '12:00') AT TIME ZONE 'Asia/Shanghai' AS occurred_at, c.total_amount AS amount
            FROM sales_contract c JOIN properties_unit u ON u.id = c.unit_id
            WHERE c.state NOT IN ('cancelled', 'replaced')
        """,
        columns={
            "contract_id": "string",
            "customer_id": "string",
            "project_id": "string",
            "unit_id": "string",
            "org_unit_id": "int64",
            "occurred_at": "timestamp('UTC')",
            "amount": "decimal(14, 2)",
        },
        customer_column="customer_id",
    )
)
register_extract(
    Extract(
        name="payments",
        sql="""
            SELECT id::text AS payment_id, customer_id::text, contract_id::text, org_unit_id,
                (paid_date + time '12:00') AT TIME ZONE 'Asia/Shanghai' AS occurred_at, amount
            FROM sales_payment
        """,
        columns={
            "payment_id": "string",
            "customer_id": "string",
            "contract_id": "string",
            "org_unit_id": "int64",
            "occurred_at": "timestamp('UTC')",
            "amount": "decimal(14, 2)",
        },
        customer_column="customer_id",
    )
)
register_extract(
    Extract(
        name="homes",
        sql="""
            SELECT r.customer_id::text, r.unit_id::text, u.project_id::text, u.org_unit_id, r.role,
                c.signed_date, u.handover_date, r.valid_from, r.valid_to
            FROM customers_unitrole r
            JOIN properties_unit u ON u.id = r.unit_id
            LEFT JOIN sales_contract c
                ON c.unit_id = r.unit_id AND c.customer_id = r.customer_id AND c.state NOT IN ('cancelled', 'replaced')
            WHERE r.role IN ('owner', 'co_owner', 'buyer') AND NOT EXISTS (
                SELECT FROM customers_customer m WHERE m.id = r.customer_id AND m.merged_into_id IS NOT NULL
            )
        """,
        columns={
            "customer_id": "string",
            "unit_id": "string",
            "project_id": "string",
            "org_unit_id": "int64",
            "role": "string",
            "signed_date": "date",
            "handover_date": "date",
            "valid_from": "date",
            "valid_to": "date",
        },
        customer_column="customer_id",
    )
)


OF_MONEY = (PaymentReceived.type, PaymentNamed.type, PlanMade.type, LoanMoved.type, LoanEnded.type)


@timeline_detail(
    ContractSigned.type,
    ContractFiled.type,
    ContractRepriced.type,
    ContractHandedOn.type,
    ContractTakenOver.type,
    ContractReplaced.type,
    ContractCancelled.type,
    *OF_MONEY,
)
def contract_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the contract and the home behind the events; one query."""
    contract_of = {event.id: contract_id for event in events if (contract_id := _contract_id(event))}
    contracts = (
        Contract.objects.visible_to(actor)
        .filter(pk__in=set(contract_of.values()))
        .select_related("unit__project", "unit__building", "unit__entrance")
    )
    by_id = {contract.pk: contract for contract in contracts}
    return {
        event.id: Detail(
            summary=f"{contract.number} · {contract.unit.address}",
            url=reverse("sales:contract", args=[contract.pk]),
        )
        for event in events
        if event.id in contract_of and (contract := by_id.get(contract_of[event.id]))
    }


def _contract_id(event: EventRecord) -> UUID | None:
    if event.type in OF_MONEY:
        contract = event.payload.get("contract_id")
        return UUID(contract) if contract else None
    return event.subject_id


def find_contracts(query: str, actor: Actor, limit: int) -> Sequence[Hit]:
    """Find contracts by the beginning of their number."""
    found = Contract.objects.visible_to(actor).filter(number__startswith=query).select_related("customer")
    return [_hit(contract) for contract in found.order_by("number", "id")[:limit]]


def recall_contracts(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Hit]:
    """Name contracts by their ids; one query."""
    rows = Contract.objects.visible_to(actor).filter(pk__in=ids).select_related("customer")
    return {contract.pk: _hit(contract) for contract in rows}


def _hit(contract: Contract) -> Hit:
    return Hit(
        contract.number,
        gettext("Contract of %(name)s") % {"name": contract.customer.name},
        reverse("sales:contract", args=[contract.pk]),
        "contract",
    )


search_providers.register(
    "contracts",
    SearchProvider(_("Contracts"), VIEW_CONTRACT, find_contracts, "sales:contract", recall_contracts),
)


def load_contracts(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """Name contracts that tasks are about; one query."""
    rows = Contract.objects.visible_to(actor).filter(pk__in=ids)
    return {
        row.pk: Subject(
            row.number, reverse("sales:contract", args=[row.pk]), row.customer_id, row.org_unit_id
        )
        for row in rows
    }


subjects.register("contract", SubjectKind(_("Contract"), "contract", load_contracts))
rows_follow(Contract, "customer")
rows_follow(Payment, "customer")
rows_follow(ContractVersion, "customer")
register_custom_object(
    CustomObject(
        code="contract",
        list_key="contracts",
        label=_("Contracts"),
        icon="contract",
        rows=Contract.objects.visible_to,
        url_name="sales:contract",
        view_permission=VIEW_CONTRACT,
        change_permission=CHANGE_CONTRACT,
        places=lambda records: {record.pk: [record.org_unit_id] for record in records},
        about=lambda record: {
            "customer_id": record.customer_id,
            "unit_id": record.unit_id,
            "org_unit_id": record.org_unit_id,
            "is_sample": record.is_sample,
        },
    )
)
