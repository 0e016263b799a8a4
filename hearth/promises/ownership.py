"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("promises.Disclosure.author", "who began the version")
register_mark("promises.Disclosure.editor", "who changed the version last")
register_mark("promises.Disclosure.approved_by", "who approved the version")
register_mark("promises.Posting.user", "who noted where it is shown")
register_mark("promises.Acknowledgement.user", "who noted that the buyer has read it")
register_mark("promises.Promise.author", "who recorded the promise; its department keeps it")
register_mark("promises.PromiseFile.user", "who attached the evidence")
register_mark("promises.PromiseOutcome.said_by", "who said what became of the promise")
register_mark("promises.PromiseOutcome.decided_by", "who confirmed it or sent it back")
