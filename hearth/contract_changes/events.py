"""What happens to requests for changes of contracts; `subject_id` is always the request."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ChangeAsked(Event):
    """Somebody asked for a change, which so many persons must approve one after the other."""

    type: ClassVar[str] = "contract_changes.asked"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = pgettext_lazy("change of a contract", "Change of the contract asked for")

    kind: str
    steps: int


@dataclass(frozen=True, kw_only=True)
class ChangeApproved(Event):
    """One step of the chain was approved; `left` is how many come after it."""

    type: ClassVar[str] = "contract_changes.approved"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = pgettext_lazy("change of a contract", "Change of the contract approved")

    kind: str
    left: int


@dataclass(frozen=True, kw_only=True)
class ChangeEnded(Event):
    """A request ended without being carried out: `outcome` is refused, withdrawn or lapsed."""

    type: ClassVar[str] = "contract_changes.ended"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = pgettext_lazy(
        "change of a contract", "Change of the contract not carried out"
    )

    kind: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ChangeCarriedOut(Event):
    """An approved change was carried out; what became of the contract is told by sales."""

    type: ClassVar[str] = "contract_changes.carried_out"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = pgettext_lazy(
        "change of a contract", "Change of the contract carried out"
    )

    kind: str
