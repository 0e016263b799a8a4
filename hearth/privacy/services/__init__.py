"""Acts on purposes and on what customers said to them."""

from hearth.privacy.services.consents import (
    DecisionInFuture,
    GuardianMissing,
    GuardianNotPossible,
    NewConsent,
    UnknownPurpose,
    record_consent,
    record_consents,
)
from hearth.privacy.services.purposes import PurposeTerms, change_purpose, sync_purposes

__all__ = [
    "DecisionInFuture",
    "GuardianMissing",
    "GuardianNotPossible",
    "NewConsent",
    "PurposeTerms",
    "UnknownPurpose",
    "change_purpose",
    "record_consent",
    "record_consents",
    "sync_purposes",
]
