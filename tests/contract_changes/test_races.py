"""Many press at the same second, and a connection dies in the middle; commits are real."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, transaction

from hearth.contract_changes.kinds import Wanted
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.services import approve_change, ask_change, carry_out_change
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.models import Contract, ContractVersion, Payment, SettlementLine
from tests.contract_changes.builders import (
    LESS,
    make_approved,
    make_approver,
    make_asker,
    make_paid,
    make_request,
    set_bands,
)
from tests.customers.builders import make_home
from tests.exports.builders import actor_of
from tests.inventory.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_swaps_for_one_home_one_is_carried_out(company: OrgUnit, now: datetime) -> None:
    home = make_home(company)
    requests = [
        make_approved(
            make_request(
                company,
                kind="unit_swap",
                wanted=Wanted(unit=home, number=f"HT-{number}", total_amount=Decimal(2_100_000)),
            )
        )
        for number in range(2)
    ]

    outcome = at_once(
        [
            lambda request=request: carry_out_change(request, actor=actor_of(request.author), now=now)  # type: ignore[misc]
            for request in requests
        ]
    )

    assert outcome == {"": 1, "unit_already_sold": 1}
    assert Contract.objects.live().filter(unit=home).count() == 1
    assert sorted(ChangeRequest.objects.values_list("state", flat=True)) == ["approved", "carried_out"]
    assert sum(Payment.objects.values_list("amount", flat=True)) == Decimal(1_200_000)


def test_one_request_is_carried_out_once_by_two_who_press_together(company: OrgUnit, now: datetime) -> None:
    request = make_approved(make_request(company))
    actors = [actor_of(make_asker(company)) for _twice in range(2)]

    outcome = at_once(
        [lambda actor=actor: carry_out_change(request, actor=actor, now=now) for actor in actors]  # type: ignore[misc]
    )

    assert outcome == {"": 1, "past_that_step": 1}
    assert ContractVersion.objects.count() == 1


def test_of_two_who_ask_for_a_change_of_one_contract_one_is_heard(company: OrgUnit, now: datetime) -> None:
    contract, actors = make_paid(company), [actor_of(make_asker(company)) for _twice in range(2)]

    outcome = at_once(
        [
            lambda actor=actor: ask_change(  # type: ignore[misc]
                contract, "discount", LESS, reason="便宜一点", actor=actor, now=now
            )
            for actor in actors
        ]
    )

    assert outcome == {"": 1, "change_request_open": 1}
    assert ChangeRequest.objects.open().count() == 1


def test_a_step_is_decided_once_by_two_who_press_together(company: OrgUnit, now: datetime) -> None:
    set_bands(company, {"kind": "any", "steps": ["city_company"]})
    request, actors = make_request(company), [actor_of(make_approver(company)) for _twice in range(2)]

    outcome = at_once(
        [lambda actor=actor: approve_change(request, comment="", actor=actor, now=now) for actor in actors]  # type: ignore[misc]
    )

    assert outcome == {"": 1, "past_that_step": 1}
    assert list(request.steps.values_list("state", flat=True)) == ["approved"]


def waiting_backends() -> Iterator[int]:
    """Wait until another connection stands before a lock, and give its process."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
            )
            found = [pid for (pid,) in cursor.fetchall()]
        if found:
            yield from found
            return
        sleep(0.05)


def test_a_connection_that_dies_in_the_middle_leaves_nothing_and_the_next_click_does_it(
    company: OrgUnit, now: datetime
) -> None:
    request = make_approved(
        make_request(company, kind="withdrawal", wanted=Wanted(penalty_amount=Decimal(1_000)))
    )
    actor, failures = actor_of(request.author), []

    def press() -> None:
        try:
            carry_out_change(request, actor=actor, now=now)
        except OperationalError as failure:
            failures.append(failure)
        finally:
            connection.close()

    # The version is written by then; the act waits for the home.
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=request.contract.unit_id)
        pressing = Thread(target=press)
        pressing.start()
        for pid in waiting_backends():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        pressing.join(30)
    contract = Contract.objects.get(pk=request.contract_id)
    left = (contract.state, contract.version, ContractVersion.objects.count(), SettlementLine.objects.count())
    done = carry_out_change(request, actor=actor, now=now)

    assert len(failures) == 1
    assert left == ("signed", 1, 0, 0)
    assert (done.state, Contract.objects.get(pk=contract.pk).state) == ("carried_out", "cancelled")
    assert dict(SettlementLine.objects.values_list("kind", "amount")) == {
        "penalty": Decimal(1_000),
        "refund": Decimal(599_000),
    }
