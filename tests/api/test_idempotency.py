"""A request sent twice acts once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hearth.core.idempotency import Answer, answer_once, forget_answers
from hearth.core.models import IdempotencyKey
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.api.builders import Answered, Program, make_program
from tests.organization.builders import make_group

BODY = {"name": "林月", "org_unit": "SZ", "phones": ["13912345678"]}


@pytest.mark.django_db
def test_the_same_key_gets_the_same_answer_and_acts_once(program: Program) -> None:
    first = program.post("/customers", BODY, Idempotency_Key="a1")
    second = program.post("/customers", BODY, Idempotency_Key="a1")

    assert (first.status, second.status) == (201, 201)
    assert second.body == first.body
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Location"] == first.headers["Location"]
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused(program: Program) -> None:
    program.post("/customers", BODY, Idempotency_Key="a1")

    answered = program.post("/customers", {**BODY, "name": "王强"}, Idempotency_Key="a1")

    assert (answered.status, answered.code) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_a_refused_request_may_be_mended_and_sent_with_its_key(program: Program) -> None:
    refused = program.post("/customers", {**BODY, "phones": ["12"]}, Idempotency_Key="a1")

    mended = program.post("/customers", BODY, Idempotency_Key="a1")

    assert (refused.status, mended.status) == (422, 201)


@pytest.mark.django_db
def test_keys_of_different_users_do_not_meet(company: OrgUnit, program: Program) -> None:
    other = make_program(company)
    program.post("/customers", BODY, Idempotency_Key="a1")

    answered = other.post("/customers", {"name": "王强", "org_unit": "SZ"}, Idempotency_Key="a1")

    assert answered.status == 201


@pytest.mark.django_db
def test_a_key_too_long_is_refused(program: Program) -> None:
    answered = program.post("/customers", BODY, Idempotency_Key="a" * 256)

    assert (answered.status, answered.body["errors"][0]["pointer"]) == (400, "Idempotency-Key")


@pytest.mark.django_db
def test_kept_answers_are_sealed_and_forgotten_after_a_day(program: Program) -> None:
    program.post("/customers", BODY, Idempotency_Key="a1")
    kept = IdempotencyKey.objects.get()

    forgotten_early = forget_answers(now=timezone.now() + timedelta(hours=23))
    forgotten = forget_answers(now=timezone.now() + timedelta(hours=25))

    assert "林月".encode() not in bytes(kept.body_sealed)
    assert "林月" in kept.body
    assert (forgotten_early, forgotten) == (0, 1)


@pytest.mark.django_db
def test_an_answer_older_than_a_day_is_not_given_again(program: Program) -> None:
    program.post("/customers", BODY, Idempotency_Key="a1")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))

    answered = program.post("/customers", BODY, Idempotency_Key="a1", X_Duplicate_Policy="create")

    assert (answered.status, Customer.objects.count()) == (201, 2)


@pytest.mark.django_db(transaction=True)
def test_while_the_first_request_runs_the_second_is_told_to_wait() -> None:
    company = OrgUnit.objects.get(pk=make_group().pk)
    program = make_program(company)
    user_id = program.get("/me").body["user_id"]
    has_begun, may_end = threading.Event(), threading.Event()

    def act() -> Answer:
        has_begun.set()
        may_end.wait(20)
        return Answer(201, "{}", {})

    def run() -> None:
        answer_once(act, user_id=user_id, key="a1", request=b"", now=timezone.now())
        connection.close()

    first = threading.Thread(target=run)
    first.start()
    has_begun.wait(20)
    answered: Answered = program.post("/customers", BODY, Idempotency_Key="a1")
    may_end.set()
    first.join()

    assert (answered.status, answered.code) == (409, "still_running")
    assert answered.headers["Retry-After"] == "1"
    assert Customer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_keeps_no_answer() -> None:
    def act() -> Answer:
        with transaction.atomic():
            make_group()
        message = "the process dies"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        answer_once(act, user_id=1, key="a1", request=b"", now=timezone.now())

    assert (IdempotencyKey.objects.count(), OrgUnit.objects.count()) == (0, 0)
