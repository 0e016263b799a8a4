"""What happened to templates and texts of contracts."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ContractTemplateApproved(Event):
    """A second person approved a version of a template; `subject_id` is the version."""

    type: ClassVar[str] = "contract_texts.template_approved"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Template of a contract approved")

    kind: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ContractTextDrafted(Event):
    """A version of a text was drafted; `subject_id` is the text, `voided` how many readings of another end with it."""

    type: ClassVar[str] = "contract_texts.drafted"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract drafted")

    kind: str
    version: int
    voided: int


@dataclass(frozen=True, kw_only=True)
class DeparturesApproved(Event):
    """A second person approved what departs from the template; `subject_id` is the text."""

    type: ClassVar[str] = "contract_texts.departures_approved"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Departures of a contract approved")

    kind: str
    version: int
    clauses: int


@dataclass(frozen=True, kw_only=True)
class ContractTextGiven(Event):
    """A text lies before its buyers; `subject_id` is the text."""

    type: ClassVar[str] = "contract_texts.given"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract given to read")

    kind: str
    version: int
    buyers: int


@dataclass(frozen=True, kw_only=True)
class ClauseConfirmed(Event):
    """A buyer confirmed one clause by itself; `subject_id` is the text."""

    type: ClassVar[str] = "contract_texts.clause_confirmed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Clause confirmed by the buyer")

    version: int
    position: int
    how: str


@dataclass(frozen=True, kw_only=True)
class ContractTextRead(Event):
    """A buyer has confirmed the whole of a text; `subject_id` is the text."""

    type: ClassVar[str] = "contract_texts.read"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Contract read and confirmed")

    version: int
    how: str


@dataclass(frozen=True, kw_only=True)
class ContractTextSigned(Event):
    """Every buyer signed a text; `subject_id` is the text, `occurred_at` its day."""

    type: ClassVar[str] = "contract_texts.signed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Text of the contract signed")

    kind: str
    version: int
