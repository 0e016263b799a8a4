"""Why an act on a request of a person is refused."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError, InvalidInput


class RequestUnderWay(DomainError):
    """The person asked for the same before and has no answer yet."""

    code = "request_under_way"
    message = _("The same was asked for before: request #%(number)s is under way.")


class RequestClosed(DomainError):
    """The request was answered or refused."""

    code = "request_closed"
    message = _("This request is closed.")


class IdentityNotChecked(DomainError):
    """Nothing is given out or changed before it is known who asks."""

    code = "identity_not_checked"
    message = _("Check first who asks: nothing is given out, changed or erased before.")


class WordsMissing(InvalidInput):
    """The proof, the answer or the reason must say something."""

    code = "words_missing"
    message = _("Say it in a few words.")


class ErasureFirst(DomainError):
    """The request asks for an erasure, which has not been done."""

    code = "erasure_first"
    message = _(
        "This request is answered by the erasure itself. Propose it, or refuse the request with a reason."
    )


class NothingToErase(DomainError):
    """The request does not ask for an erasure, or none is proposed."""

    code = "nothing_to_erase"
    message = _("There is no erasure to decide over.")


class SecondPersonNeeded(DomainError):
    """Who proposed an erasure does not approve it."""

    code = "second_person_needed"
    message = _("Somebody else must approve the erasure: you proposed it.")
