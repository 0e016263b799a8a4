"""What a customer pays when a home is reserved, and how much of it may be what."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import InvalidInput
from hearth.inventory.models import Hold

# Civil Code article 586: what is more than a fifth of the price is no earnest money.
EARNEST_SHARE = Decimal("0.2")
CENT = Decimal("0.01")


class DepositNotPositive(InvalidInput):
    """A deposit is worth something."""

    code = "deposit_not_positive"
    message = _("The deposit must be greater than nought.")


class DepositTooLarge(InvalidInput):
    """The law, or the price, sets an end to it."""

    code = "deposit_too_large"
    message = _("The deposit is more than the home costs: at most %(most)s.")


class EarnestTooLarge(DepositTooLarge):
    """Earnest money is a fifth of the price at most."""

    message = _(
        "By article 586 of the Civil Code a fifth of the price can be earnest money: at most %(most)s."
    )


@dataclass(frozen=True)
class Deposit:
    """Earnest money 定金, which stays if the customer steps back late, or sincerity money 意向金, which never does."""

    kind: str
    amount: Decimal


def refuse_wrong_deposit(deposit: Deposit, price: Decimal) -> None:
    """Refuse an amount that cannot be a deposit on a home of this price.

    :raises DepositNotPositive: if it is nought or less
    :raises DepositTooLarge: if it is more than may be
    """
    if deposit.amount <= 0:
        raise DepositNotPositive("deposit_amount")
    if deposit.amount > price:
        raise DepositTooLarge("deposit_amount", most=price)
    most = (price * EARNEST_SHARE).quantize(CENT, ROUND_DOWN)
    if deposit.kind == Hold.Deposit.EARNEST and deposit.amount > most:
        raise EarnestTooLarge("deposit_amount", most=most)
