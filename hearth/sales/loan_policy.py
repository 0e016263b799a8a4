# domain data
"""How long each step of a mortgage loan may take. Numbers are proposed defaults."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.organization.settings_catalogue import SettingDefinition, declare
from hearth.sales.models import LoanStep

Step = LoanStep.Step
ORDER = tuple(Step)


def _days(step: str, label: str | Promise, days: int) -> SettingDefinition:
    return declare(SettingDefinition(f"sales.loan_days_{step}", label, "int", days, minimum=1, maximum=365))


DAYS = {
    Step.DOCUMENTS: _days(Step.DOCUMENTS, _("Days until the documents of a mortgage are complete"), 10),
    Step.APPROVED: _days(Step.APPROVED, _("Days from complete documents to the approval of the bank"), 20),
    Step.SIGNED: _days(Step.SIGNED, _("Days from the approval to the contract with the bank"), 7),
    Step.REGISTERED: _days(
        Step.REGISTERED, _("Days from the contract with the bank to the registered mortgage"), 20
    ),
    Step.RELEASED: _days(
        Step.RELEASED, _("Days from the registered mortgage to the release of the loan"), 15
    ),
}
