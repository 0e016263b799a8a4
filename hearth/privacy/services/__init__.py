"""Acts on purposes and on what customers said to them."""

from hearth.privacy.services.consents import (
    DecisionInFuture,
    GuardianMissing,
    GuardianNotPossible,
    NewConsent,
    SeparateConsentNeeded,
    UnknownPurpose,
    record_consent,
    record_consents,
)
from hearth.privacy.services.erasing import AlreadyErased, digest_of, erase_person, kept_of
from hearth.privacy.services.erasure_requests import (
    approve_erasure,
    carry_out_erasure,
    propose_erasure,
    return_erasure,
)
from hearth.privacy.services.packing import pack_person
from hearth.privacy.services.profiling import forget_traces_of_scores
from hearth.privacy.services.purposes import PurposeTerms, change_purpose, sync_purposes
from hearth.privacy.services.reminding import remind_of_requests
from hearth.privacy.services.repeating import repeat_erasures
from hearth.privacy.services.requests import (
    answer_request,
    check_identity,
    give_out,
    lift,
    receive_request,
    refuse_request,
    take_up_request,
)
from hearth.privacy.services.retention import change_rule, let_go_of_what_is_due, sync_retention

__all__ = [
    "AlreadyErased",
    "DecisionInFuture",
    "GuardianMissing",
    "GuardianNotPossible",
    "NewConsent",
    "PurposeTerms",
    "SeparateConsentNeeded",
    "UnknownPurpose",
    "answer_request",
    "approve_erasure",
    "carry_out_erasure",
    "change_purpose",
    "change_rule",
    "check_identity",
    "digest_of",
    "erase_person",
    "forget_traces_of_scores",
    "give_out",
    "kept_of",
    "let_go_of_what_is_due",
    "lift",
    "pack_person",
    "propose_erasure",
    "receive_request",
    "record_consent",
    "record_consents",
    "refuse_request",
    "remind_of_requests",
    "repeat_erasures",
    "return_erasure",
    "sync_purposes",
    "sync_retention",
    "take_up_request",
]
