"""What buyers are told and promised, and who has acknowledged it, is seen at the place of its project."""

from hearth.core.fence import at_place, fence
from hearth.promises.models import (
    Acknowledgement,
    AdverseFactor,
    Disclosure,
    Posting,
    Promise,
    PromiseCase,
    PromisedUnit,
    PromiseFile,
    PromiseOutcome,
)

for kept in (Disclosure, AdverseFactor, Posting, Acknowledgement):
    fence(kept, at_place())
for owed in (Promise, PromisedUnit, PromiseFile, PromiseOutcome, PromiseCase):
    fence(owed, at_place())
