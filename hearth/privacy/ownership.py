"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("privacy.Consent.recorded_by", "who noted the decision")
register_mark("privacy.Erasure.erased_by", "who erased the data")
register_mark("privacy.PurposeText.replaced_by", "who replaced the text")
