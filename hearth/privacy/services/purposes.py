"""Keeping the purposes of processing and the texts customers are shown for them."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.events import record as record_event
from hearth.customers.origins import Basis
from hearth.privacy.events import PurposeChanged
from hearth.privacy.models import Purpose, PurposeText
from hearth.privacy.permissions import CHANGE_PURPOSE
from hearth.privacy.purposes import LEGAL_NOTICE, SHIPPED_PURPOSES, ShippedPurpose


@dataclass(frozen=True)
class PurposeTerms:
    """What a purpose says and allows; names and code stay."""

    text_zh: str
    text_en: str
    legal_basis: str
    is_sensitive: bool
    retention_days: int


def sync_purposes() -> None:
    """Add the shipped purposes that are missing; what the group changed stays as it is. May be repeated."""
    rows = [Purpose(**asdict(shipped) | {"legal_basis": _basis(shipped)}) for shipped in SHIPPED_PURPOSES]
    Purpose.objects.bulk_create(rows, ignore_conflicts=True)


def _basis(shipped: ShippedPurpose) -> str:
    if shipped.code == LEGAL_NOTICE:
        return Basis.LEGAL_DUTY
    return Basis.CONSENT if shipped.needs_consent else Basis.CONTRACT


@transaction.atomic
def change_purpose(
    purpose: Purpose, terms: PurposeTerms, *, asks_anew: bool, actor: Actor, now: datetime
) -> Purpose:
    """Change a purpose; another text is another version, and the one before is kept.

    With `asks_anew` consent given so far holds no longer: the purpose changed, not its words alone (PIPL article 14).

    :raises NotAllowed: if the actor may not change purposes
    """
    actor.require(CHANGE_PURPOSE)
    locked = Purpose.objects.select_for_update().get(pk=purpose.pk)
    is_new_version = asks_anew or (locked.text_zh, locked.text_en) != (terms.text_zh, terms.text_en)
    if is_new_version:
        PurposeText.objects.create(
            purpose=locked,
            version=locked.version,
            text_zh=locked.text_zh,
            text_en=locked.text_en,
            replaced_at=now,
            replaced_by_id=actor.user_id,
        )
        locked.version += 1
    for name, value in asdict(terms).items():
        setattr(locked, name, value)
    locked.needs_consent = terms.legal_basis == Basis.CONSENT
    if asks_anew:
        locked.asks_anew_since = locked.version
    locked.save()
    event = PurposeChanged(purpose_code=locked.code, version=locked.version, asks_anew=asks_anew)
    record_event(event, actor=actor, now=now)
    return locked
