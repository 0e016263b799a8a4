"""A broken promise opens cases for the homes it covers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NewCase, write_cases
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.promises.ledger_selectors import contracts_without_case
from hearth.promises.models import Promise, PromiseCase

AT_ONCE = 200
KINDS = (Case.Kind.ENQUIRY, Case.Kind.COMPLAINT)


class PromiseNotBroken(DomainError):
    """Cases are opened for what a second person has confirmed as broken."""

    code = "promise_not_broken"
    message = _("Cases are opened once it is confirmed that the promise is broken.")


class NobodyToAnswer(DomainError):
    """No home that the promise covers is under a contract without a case."""

    code = "nobody_to_answer"
    message = _("No signed home is left without a case.")


@transaction.atomic
def open_cases(promise: Promise, kind: str, *, actor: Actor, now: datetime) -> Sequence[Case]:
    """Open a case for each signed home that a broken promise covers and that has none yet, 200 at a time.

    The row of the promise is locked, so that two persons do not open two cases for one home.

    :raises NotAllowed: if the actor may not open cases there
    :raises PromiseNotBroken: if it is not confirmed as broken
    :raises NobodyToAnswer: if there is no home left
    """
    actor.require(CHANGE_CASE, promise.org_unit_id)
    if kind not in KINDS:
        raise InvalidInput("kind")
    locked = Promise.objects.select_for_update(of=("self",)).select_related("project").get(pk=promise.pk)
    if locked.state != Promise.State.BROKEN:
        raise PromiseNotBroken
    contracts = list(contracts_without_case(locked).order_by("id")[:AT_ONCE])
    if not contracts:
        raise NobodyToAnswer
    cases = write_cases(
        [
            NewCase(
                org_unit_id=locked.org_unit_id,
                kind=kind,
                title=locked.title,
                body=locked.wording or locked.title,
                channel=Channel.NOTE,
                opened_at=now,
                customer_id=contract.customer_id,
                project_id=locked.project_id,
                unit_id=contract.unit_id,
            )
            for contract in contracts
        ],
        actor=actor,
        now=now,
        is_sample=locked.is_sample,
        is_quiet=False,
    )
    insert_many(
        [
            PromiseCase(
                org_unit_id=locked.org_unit_id,
                promise=locked,
                unit_id=contract.unit_id,
                case=case,
                is_sample=locked.is_sample,
                created_at=now,
                updated_at=now,
            )
            for contract, case in zip(contracts, cases, strict=True)
        ]
    )
    return cases
