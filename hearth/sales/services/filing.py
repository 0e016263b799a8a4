"""Recording that a contract was filed online 网签备案."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.sales.demands import filing_demands
from hearth.sales.events import ContractFiled
from hearth.sales.models import Contract
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services.changes import lock_live_contract
from hearth.sales.services.days import noon
from hearth.sales.services.refusals import DateInFuture
from hearth.sales.services.versions import about_contract, change_version


class FilingNumberMissing(InvalidInput):
    """A filed contract has a number."""

    code = "filing_number_missing"
    message = _("Enter the filing number.")


class FiledBeforeSigned(InvalidInput):
    """A contract is signed before it is filed."""

    code = "filed_before_signed"
    message = _("The contract was signed on %(day)s; it cannot be filed before.")


class FilingNumberTaken(InvalidInput):
    """The company filed another contract under this number."""

    code = "filing_number_taken"
    message = _("Another contract was filed under this number.")


class FiledAlready(DomainError):
    """A contract is filed once."""

    code = "filed_already"
    message = _("This contract was filed already, under %(number)s.")


@transaction.atomic
def file_contract(
    contract: Contract, *, actor: Actor, filing_number: str, filed_date: date, now: datetime
) -> Contract:
    """Record under which number, and when, a contract was filed online; the same again changes nothing.

    :raises NotAllowed: if the actor may not record contracts there
    :raises FilingNumberMissing, DateInFuture, FiledBeforeSigned: if number or day do not hold
    :raises ContractNotLive: if it was cancelled or replaced
    :raises FiledAlready: if it was filed under another number or on another day
    :raises FilingNumberTaken: if the company filed another contract under this number
    :raises DomainError: if an app above demands something first
    """
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    number = filing_number.strip()
    if not number:
        raise FilingNumberMissing("filing_number")
    if filed_date > localdate(now):
        raise DateInFuture("filed_date")
    locked = lock_live_contract(contract)
    if filed_date < locked.signed_date:
        raise FiledBeforeSigned("filed_date", day=locked.signed_date.isoformat())
    if locked.filing_number:
        if (locked.filing_number, locked.filed_date) == (number, filed_date):
            return locked
        raise FiledAlready(number=locked.filing_number)
    for demand in filing_demands.values():
        demand(locked)
    said = {"state": Contract.State.FILED, "filing_number": number, "filed_date": filed_date}
    try:
        with transaction.atomic():
            change_version(locked, because="filing", actor=actor, now=now, **said)
    except IntegrityError as error:
        raise FilingNumberTaken("filing_number") from error
    record(ContractFiled(**about_contract(locked), occurred_at=noon(filed_date)), actor=actor, now=now)
    return locked
