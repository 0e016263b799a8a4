"""Where a piece of personal data comes from, what for, and by what right it is kept.

An origin is kept as JSON beside what it speaks of: in `ContactPoint.origin`, in `Customer.origins` by the name of the
field, in the needs. What was recorded before origins were kept has none and is shown as unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor

IDENTITY, NOTE = "identity_number", "note"
KEPT_ON_CUSTOMER = (IDENTITY, NOTE)


class Source(models.TextChoices):
    """The way by which data came in."""

    UNKNOWN = "", _("unknown")
    PAGE = "page", _("entered on a page")
    PHONE = "phone", _("told on the phone")
    VISIT = "visit", _("told at a visit")
    IMPORT = "import", _("file")
    API = "api", _("interface")
    PORTAL = "portal", _("entered by the customer")
    PARTNER = "partner", _("agent or partner")
    PUBLIC = "public", _("publicly available")
    SYSTEM = "system", _("the system")


class Purpose(models.TextChoices):
    """What data are kept for; the codes of the purposes that customers consent to."""

    UNKNOWN = "", _("not stated")
    SERVICE = "service", _("contract and service")
    MARKETING = "marketing", _("marketing")
    CARE = "care", _("care")
    SURVEY = "survey", _("surveys")
    PROFILING = "profiling", _("analysis")


class Basis(models.TextChoices):
    """The right by which data are kept; without one they are blocked."""

    UNKNOWN = "", _("not stated")
    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("needed for the contract")
    LEGAL_DUTY = "legal_duty", _("legal duty")
    PUBLIC = "public", _("lawfully public")
    OTHER = "other", _("another case the law names")
    NONE = "none", _("none: blocked")


SOURCE_OF_ACTOR = {
    "user": Source.PAGE,
    "import": Source.IMPORT,
    "api": Source.API,
    "customer": Source.PORTAL,
    "system": Source.SYSTEM,
}
USUAL_BASIS = {IDENTITY: Basis.LEGAL_DUTY, "need": Basis.CONSENT}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Source, purpose and right of one item, who recorded it and when it was collected, where that is known."""

    source: str = ""
    purpose: str = ""
    basis: str = ""
    recorded_by: int | None = None
    collected_date: date | None = None

    @property
    def is_blocked(self) -> bool:
        return self.basis == Basis.NONE

    @property
    def words(self) -> str:
        """Return source, purpose and right as people read them."""
        return " · ".join(
            str(label)
            for label in (
                Source(self.source).label,
                Purpose(self.purpose).label if self.purpose else "",
                Basis(self.basis).label if self.basis else "",
            )
            if label
        )

    def kept(self) -> dict[str, Any]:
        """Return the JSON; what is unknown is left out."""
        values = {
            "source": self.source,
            "purpose": self.purpose,
            "basis": self.basis,
            "by": self.recorded_by,
            "at": self.collected_date.isoformat() if self.collected_date else None,
        }
        return {name: value for name, value in values.items() if value}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Origin":
        """Return what the JSON says."""
        return cls(
            source=kept.get("source", ""),
            purpose=kept.get("purpose", ""),
            basis=kept.get("basis", ""),
            recorded_by=kept.get("by"),
            collected_date=date.fromisoformat(kept["at"]) if kept.get("at") else None,
        )


def usual_origin(item: str, *, actor: Actor, on: date) -> Origin:
    """Return the origin of what an actor records on a day, unless they state another: by the way it comes in."""
    return Origin(
        source=SOURCE_OF_ACTOR.get(actor.kind, Source.UNKNOWN),
        purpose=Purpose.SERVICE,
        basis=USUAL_BASIS.get(item, Basis.CONTRACT),
        recorded_by=actor.user_id,
        collected_date=on,
    )
