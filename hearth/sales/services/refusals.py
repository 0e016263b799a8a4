"""Why a contract or a payment is refused."""

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError, InvalidInput


class UnitAlreadySold(DomainError):
    """Another contract holds the home."""

    code = "unit_already_sold"
    message = _("This home is already under contract.")


class ContractNumberTaken(InvalidInput):
    """The company has a contract with this number."""

    code = "contract_number_taken"
    message = _("There is already a contract with this number.")


class DateInFuture(InvalidInput):
    """An act that has happened cannot lie ahead."""

    code = "date_in_future"
    message = _("This date lies in the future.")


class SignedBeforeReserved(InvalidInput):
    """A reservation comes before its contract."""

    code = "signed_before_reserved"
    message = _("The customer reserved this home on %(day)s; the contract cannot be signed before.")


class AmountNotPositive(InvalidInput):
    """A contract is worth something."""

    code = "amount_not_positive"
    message = _("The amount must be greater than nought.")


class BelowAuthority(InvalidInput):
    """Nobody signs further below the list price than their role may go."""

    code = "below_authority"
    message = _(
        "The list price of this home is %(listed)s. You may sign for %(least)s at the least; below that somebody with"
        " more authority signs, or a discount is asked for after signing."
    )


class ContractNotLive(DomainError):
    """The contract was cancelled, or another took its place."""

    code = "contract_not_live"
    message = _("This contract was cancelled or replaced by another.")


class OnlyByRequest(DomainError):
    """The place has contracts cancelled by approved requests alone."""

    code = "only_by_request"
    message = _("Contracts of this place are cancelled by an approved request: ask for a withdrawal.")


class KeptTooLarge(InvalidInput):
    """No more stays with the company than came in."""

    code = "kept_too_large"
    message = _("Penalty and fee together are more than the %(received)s received.")


class UnitElsewhere(InvalidInput):
    """A contract moves to a home of the same place."""

    code = "unit_elsewhere"
    message = _("This home is sold by another place. End the contract there and sign a new one.")


class RefundTooLarge(DomainError):
    """More would go back than had come in by that day."""

    code = "refund_too_large"
    message = _("Only %(received)s was received; no more than that can be paid back.")


class NothingPaid(InvalidInput):
    """A payment of nought is none."""

    code = "nothing_paid"
    message = _("The amount is nought. Enter what was received, or with a minus sign what was paid back.")


class ReceiptNumberTaken(InvalidInput):
    """The company has another payment with this receipt."""

    code = "receipt_number_taken"
    message = _(
        "There is already a payment with this receipt number, and it says something else: %(amount)s on %(day)s."
    )


class ReceiptElsewhere(ReceiptNumberTaken):
    """The payment with this receipt belongs to another contract."""

    message = _("There is already a payment with this receipt number, for another contract.")
