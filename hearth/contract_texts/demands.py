"""What filing a contract demands where a place wants its text read and signed."""

from django.utils.translation import gettext_lazy as _

from hearth.contract_texts.facts import facts_of
from hearth.contract_texts.models import ContractText
from hearth.contract_texts.models.templates import TextKind
from hearth.contract_texts.policy import is_required_at
from hearth.contract_texts.services import contract_of, unread_by
from hearth.core.errors import DomainError
from hearth.sales.demands import filing_demands
from hearth.sales.models import Contract


class TextNotSigned(DomainError):
    """Where a text is demanded, a contract is filed once every buyer has read and signed the present one."""

    code = "text_not_signed"
    message = _(
        "The text of this contract was not read by every buyer and signed yet, as this place demands."
    )


def refuse_unless_signed(contract: Contract) -> None:
    """:raises TextNotSigned: if the place demands a text, and the last was not signed, or says something else"""
    if not is_required_at(contract.org_unit):
        return
    rows = ContractText.objects.filter(contract=contract, kind=TextKind.CONTRACT)
    last = rows.order_by("-version").first()
    if last is None or last.state != ContractText.State.SIGNED:
        raise TextNotSigned
    facts = facts_of(contract_of(last))
    if not facts.agree_with(last.facts_digest) or unread_by(last, facts):
        raise TextNotSigned


filing_demands.register("contract_texts.signed", refuse_unless_signed)
