"""Carrying out what was approved: all of it in one transaction, or nothing."""

from datetime import datetime

from django.db import transaction

from hearth.contract_changes.events import ChangeCarriedOut
from hearth.contract_changes.kinds import kinds
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.permissions import ASK_CHANGE
from hearth.contract_changes.refusals import ContractChanged, NotApprovedYet
from hearth.contract_changes.services.steps import State, about_request, lock_open
from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services import lock_live_contract


@transaction.atomic
def carry_out_change(request: ChangeRequest, *, actor: Actor, now: datetime) -> ChangeRequest:
    """Carry out an approved change, once. The rows of request, contract and homes are locked, in this order.

    :raises NotAllowed: if the actor may not carry out changes and record contracts there
    :raises PastThatStep: if the request is closed, carried out for one
    :raises NotApprovedYet: if a step still waits
    :raises ContractNotLive: if the contract was ended
    :raises ContractChanged: if the contract is not the version that was approved
    :raises DomainError: as the kind says, such as a home that is gone by now
    """
    actor.require(ASK_CHANGE, request.org_unit_id)
    actor.require(CHANGE_CONTRACT, request.org_unit_id)
    locked = lock_open(request)
    if locked.state != State.APPROVED:
        raise NotApprovedYet
    contract = lock_live_contract(locked.contract)
    if contract.version != locked.asked_version:
        raise ContractChanged
    about = about_request(locked)
    locked.new_contract = kinds[locked.kind].carry_out(locked, contract, actor=actor, now=now)
    locked.state, locked.closed_at, locked.updated_at = State.CARRIED_OUT, now, now
    locked.carried_out_by_id = actor.user_id
    locked.save()
    record(ChangeCarriedOut(**about, kind=locked.kind), actor=actor, now=now)
    return locked
