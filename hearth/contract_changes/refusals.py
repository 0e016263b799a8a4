"""Why a change is refused before anybody approves it, or when it is to be carried out."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError, InvalidInput


class ReasonMissing(InvalidInput):
    """Whoever approves must know why."""

    code = "reason_missing"
    message = _("Say why the contract is to be changed.")


class NothingChanges(InvalidInput):
    """A change changes something."""

    code = "nothing_changes"
    message = _("This is what the contract says already.")


class ValueMissing(InvalidInput):
    """The kind needs a value that was not given."""

    code = "value_missing"
    message = _("This is needed for a change of this kind.")


class AmountNegative(InvalidInput):
    """Penalty and fee are nought or more."""

    code = "amount_negative"
    message = _("This amount cannot be negative.")


class AmountTooFine(InvalidInput):
    """Money is counted in cents."""

    code = "amount_too_fine"
    message = _("An amount has two places after the point.")


class NoDiscount(InvalidInput):
    """A discount lowers the total, and leaves something of it."""

    code = "no_discount"
    message = _("A discount leaves a total greater than nought and less than %(total)s.")


class FiledAlready(DomainError):
    """What was filed online keeps its name."""

    code = "name_after_filing"
    message = _(
        "The contract is filed online. The name is changed before that alone, by the rule of this place."
    )


class OwnsAlready(InvalidInput):
    """The customer is an owner of the home."""

    code = "owns_already"
    message = _("This customer owns the home already.")


class OwnsNothing(InvalidInput):
    """The customer is none of those who own the home beside the buyer."""

    code = "owns_nothing"
    message = _("This customer does not own the home beside the buyer.")


class BuyerStays(InvalidInput):
    """At least the buyer owns the home."""

    code = "buyer_stays"
    message = _("The buyer stays an owner. To put another in their place, ask for a change of the name.")


class RequestOpen(DomainError):
    """One change of a contract is on its way at a time."""

    code = "change_request_open"
    message = _("Another change of this contract is on its way. Carry it out or withdraw it first.")


class ContractChanged(DomainError):
    """The contract is no longer what those who approved had before their eyes."""

    code = "contract_changed"
    message = _("The contract was changed since this was asked for. Withdraw the request and ask again.")


class ApprovedBefore(DomainError):
    """Each step is decided by another person."""

    code = "approved_before"
    message = _("You approved an earlier step. This step needs another person.")


class NotApprovedYet(DomainError):
    """Only what was approved is carried out."""

    code = "not_approved_yet"
    message = _("This change is not approved yet.")


class StrangersCustomer(InvalidInput):
    """Nobody brings customers into a contract whom they may not see."""

    code = "strangers_customer"
    message = _("No customer of this name or number is known to you.")


class StrangersUnit(InvalidInput):
    """Nobody brings homes into a contract that they may not see."""

    code = "strangers_unit"
    message = _("This home is not known to you.")


class KindUnknown(InvalidInput):
    """There is no such kind of change."""

    code = "kind_unknown"
    message = _("There is no such kind of change.")


class RefusedWithoutWord(InvalidInput):
    """Who asked must learn why it was refused."""

    code = "refused_without_word"
    message = _("Say why you refuse.")
