"""What happens in sales."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """A customer signed for a home; `amount` is the total, `occurred_at` the day of signing."""

    type: ClassVar[str] = "sales.contract_signed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract signed")


@dataclass(frozen=True, kw_only=True)
class ContractCancelled(Event):
    """A contract ended before the home was handed over; `amount` is the total that fell away, negative."""

    type: ClassVar[str] = "sales.contract_cancelled"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract cancelled")


@dataclass(frozen=True, kw_only=True)
class ContractRepriced(Event):
    """The total of a contract was changed; `amount` is the difference, `version` the one that holds from now on."""

    type: ClassVar[str] = "sales.contract_repriced"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Total of the contract changed")

    version: int


@dataclass(frozen=True, kw_only=True)
class ContractHandedOn(Event):
    """A customer is no longer the buyer of a contract."""

    type: ClassVar[str] = "sales.contract_handed_on"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract handed on")


@dataclass(frozen=True, kw_only=True)
class ContractTakenOver(Event):
    """A customer became the buyer of a contract that another had signed."""

    type: ClassVar[str] = "sales.contract_taken_over"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract taken over")


@dataclass(frozen=True, kw_only=True)
class ContractReplaced(Event):
    """Another contract took the place of this one; `amount` is the total that fell away, negative."""

    type: ClassVar[str] = "sales.contract_replaced"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract replaced")

    by_contract_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Event):
    """Money came in, or went back when `amount` is negative."""

    type: ClassVar[str] = "sales.payment_received"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Payment received")
    contract_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class HomeHandedOver(Event):
    """The customer took over the home."""

    type: ClassVar[str] = "sales.home_handed_over"
    family: ClassVar[str] = "handover"
    label: ClassVar[str | Promise] = _("Home handed over")


@dataclass(frozen=True, kw_only=True)
class PlanMade(Event):
    """It was settled how a contract is paid, or settled anew; `subject_id` is the version of the plan."""

    type: ClassVar[str] = "sales.plan_made"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Payment plan settled")

    contract_id: UUID
    version: int
    method: str
    instalments: int


@dataclass(frozen=True, kw_only=True)
class PaymentNamed(Event):
    """It was said which instalment a payment is for, or that it follows the rule; `subject_id` is the payment."""

    type: ClassVar[str] = "sales.payment_named"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Payment put on an instalment")

    contract_id: UUID
    position: int


@dataclass(frozen=True, kw_only=True)
class PlanTemplateKept(Event):
    """A way to pay was offered at a place, changed, or put out of use; `subject_id` is the template."""

    type: ClassVar[str] = "sales.plan_template_kept"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Payment plan template kept")

    is_active: bool


@dataclass(frozen=True, kw_only=True)
class StageReached(Event):
    """A building reached a stage; `instalments` is how many fall due by it."""

    type: ClassVar[str] = "sales.stage_reached"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Building stage reached")

    stage: str
    instalments: int


@dataclass(frozen=True, kw_only=True)
class ContractFiled(Event):
    """A contract was filed online; `occurred_at` is the day of filing."""

    type: ClassVar[str] = "sales.contract_filed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract filed online")


@dataclass(frozen=True, kw_only=True)
class LoanMoved(Event):
    """A mortgage loan came a step further; `occurred_at` is the day of the step, `subject_id` the loan."""

    type: ClassVar[str] = "sales.loan_moved"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Mortgage came a step further")

    contract_id: UUID
    step: str


@dataclass(frozen=True, kw_only=True)
class LoanEnded(Event):
    """A mortgage loan was given up; `subject_id` is the loan."""

    type: ClassVar[str] = "sales.loan_ended"
    family: ClassVar[str] = "payment"
    label: ClassVar[str | Promise] = _("Mortgage given up")

    contract_id: UUID
