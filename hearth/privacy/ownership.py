"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("privacy.Consent.recorded_by", "who noted the decision")
register_mark("privacy.Erasure.erased_by", "who erased the data")
register_mark("privacy.PurposeText.replaced_by", "who replaced the text")
register_mark("privacy.PersonRequest.identified_by", "who checked who asks")
register_mark(
    "privacy.PersonRequest.handler", "who answered, or said they would: anybody with the right may go on"
)
register_mark("privacy.PersonRequest.proposed_by", "who proposed the erasure")
register_mark("privacy.PersonRequest.approved_by", "who approved the erasure")
register_mark("privacy.RequestStep.user", "who took the step")
