"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("contract_texts.ContractTemplate.author", "who began the version")
register_mark("contract_texts.ContractTemplate.editor", "who changed the version last")
register_mark("contract_texts.ContractTemplate.approved_by", "who approved the version")
register_mark("contract_texts.ForbiddenWording.user", "who forbade the words")
register_mark("contract_texts.ContractText.author", "who drafted the text")
register_mark("contract_texts.ContractText.editor", "who changed the draft last")
register_mark("contract_texts.ContractText.approved_by", "who approved what departs from the template")
register_mark("contract_texts.ContractText.given_by", "who gave the text to the buyer")
register_mark("contract_texts.ContractText.signed_by", "who noted that it was signed")
register_mark("contract_texts.TextReading.user", "who was at the desk when the buyer confirmed it")
register_mark("contract_texts.ClauseConfirmation.user", "who was at the desk when the buyer confirmed it")
