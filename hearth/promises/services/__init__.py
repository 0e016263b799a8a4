"""Acts on disclosures and promises."""

from hearth.promises.services.acknowledging import Acknowledged, acknowledge_disclosure
from hearth.promises.services.breaking import open_cases
from hearth.promises.services.disclosures import (
    Factor,
    Parts,
    add_factor,
    approve_disclosure,
    attach_drawing,
    begin_disclosure,
    publish_disclosure,
    remove_factor,
    return_disclosure,
    submit_disclosure,
    write_disclosure,
)
from hearth.promises.services.ledger import (
    HomesMeant,
    NewPromise,
    attach_evidence,
    change_promise,
    cover_homes,
    record_promise,
    uncover_homes,
)
from hearth.promises.services.outcomes import (
    Said,
    confirm_outcome,
    mark_overdue,
    may_confirm,
    return_outcome,
    say_outcome,
)
from hearth.promises.services.postings import Shown, end_posting, post_disclosure
from hearth.promises.services.second import may_decide

__all__ = [
    "Acknowledged",
    "Factor",
    "HomesMeant",
    "NewPromise",
    "Parts",
    "Said",
    "Shown",
    "acknowledge_disclosure",
    "add_factor",
    "approve_disclosure",
    "attach_drawing",
    "attach_evidence",
    "begin_disclosure",
    "change_promise",
    "confirm_outcome",
    "cover_homes",
    "end_posting",
    "mark_overdue",
    "may_confirm",
    "may_decide",
    "open_cases",
    "post_disclosure",
    "publish_disclosure",
    "record_promise",
    "remove_factor",
    "return_disclosure",
    "return_outcome",
    "say_outcome",
    "submit_disclosure",
    "uncover_homes",
    "write_disclosure",
]
