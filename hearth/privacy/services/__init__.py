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
from hearth.privacy.services.erasing import AlreadyErased, digest_of, erase_person, kept_of
from hearth.privacy.services.packing import pack_person
from hearth.privacy.services.purposes import PurposeTerms, change_purpose, sync_purposes

__all__ = [
    "AlreadyErased",
    "DecisionInFuture",
    "GuardianMissing",
    "GuardianNotPossible",
    "NewConsent",
    "PurposeTerms",
    "UnknownPurpose",
    "change_purpose",
    "digest_of",
    "erase_person",
    "kept_of",
    "pack_person",
    "record_consent",
    "record_consents",
    "sync_purposes",
]
