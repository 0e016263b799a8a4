"""Consent is seen with the customer who gave it, a person's request at the place that answers it."""

from hearth.core.fence import at_place, fence, leave_open, with_seen
from hearth.customers.fencing import with_customer
from hearth.privacy.models import (
    Consent,
    Erasure,
    PersonRequest,
    Purpose,
    PurposeText,
    RequestStep,
    RetentionEntry,
    RetentionRule,
)

fence(Consent, with_customer(Consent))
fence(PersonRequest, at_place())
fence(RequestStep, with_seen(PersonRequest, "request_id", of=RequestStep))
for proof in (Erasure, RetentionEntry):
    leave_open(proof, because="That something was erased, when and by what rule; it names nobody.")
for public in (Purpose, PurposeText, RetentionRule):
    leave_open(public, because="What every customer is told before being asked.")
