"""What buyers are told 公示 and promised 承诺: disclosures with who acknowledged them, and the promise ledger."""

from hearth.promises.models.disclosures import Acknowledgement, AdverseFactor, Disclosure, Posting
from hearth.promises.models.ledger import Promise, PromiseCase, PromisedUnit, PromiseFile, PromiseOutcome

__all__ = [
    "Acknowledgement",
    "AdverseFactor",
    "Disclosure",
    "Posting",
    "Promise",
    "PromiseCase",
    "PromiseFile",
    "PromiseOutcome",
    "PromisedUnit",
]
