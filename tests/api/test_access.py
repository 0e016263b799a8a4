"""Who may ask, how often, and what they are told otherwise."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import ApiToken
from hearth.api.v1 import OperationEntry, list_operations
from hearth.core.permissions import SIGNED_IN, permissions
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program, make_token
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db
NOBODY = str(uuid7())


def address_of(path: str) -> str:
    """Fill the ids of an operation's path."""
    filled = [NOBODY if part.startswith("{uuid") else part for part in path.split("/")]
    return "/".join("0" if part.startswith("{int") else part for part in filled)


def test_without_a_token_nothing_is_told(group: OrgUnit) -> None:
    answered = Program().get("/customers")

    assert (answered.status, answered.code) == (401, "unauthorized")
    assert answered.headers["WWW-Authenticate"] == 'Bearer realm="hearth"'


@pytest.mark.parametrize("secret", ["hearth_wrong", "x" * 5000, "hearth_ü", " "])
def test_a_wrong_token_is_told_to_be_wrong(group: OrgUnit, secret: str) -> None:
    answered = Program(secret).get("/customers")

    assert answered.status == 401
    assert answered.headers["WWW-Authenticate"] == 'Bearer realm="hearth", error="invalid_token"'


def test_an_expired_or_revoked_token_is_refused(company: OrgUnit) -> None:
    user = make_member(company, SIGNED_IN)
    expired = make_token(user, now=timezone.now() - timedelta(days=9), days=8)
    revoked = make_token(user)
    ApiToken.objects.filter(digest=ApiToken.digest_of(revoked)).delete()

    statuses = [Program(secret).get("/me").status for secret in (expired, revoked)]

    assert statuses == [401, 401]


def test_a_cookie_opens_nothing(signed_in: Client) -> None:
    response = signed_in.get("/api/v1/me")

    assert response.status_code == 401


def test_a_token_that_only_reads_changes_nothing(company: OrgUnit) -> None:
    program = make_program(company, can_write=False)

    answered = program.post("/customers", {"name": "Lin", "org_unit": "SZ"})

    assert (answered.status, answered.code) == (403, "token_reads_only")
    assert program.get("/customers").status == 200


def test_the_caller_is_told_who_it_is_and_what_it_may(company: OrgUnit) -> None:
    program = make_program(company, SIGNED_IN, "customers.view")

    me = program.get("/me").body

    places = sorted(OrgUnit.objects.filter(path__startswith=company.path).values_list("pk", flat=True))
    assert me["rights"] == [
        {"permission": "core.signed_in", "everywhere": False, "org_unit_ids": places},
        {"permission": "customers.view", "everywhere": False, "org_unit_ids": places},
    ]
    assert me["token"]["can_write"] is True


@pytest.mark.parametrize("operation", list_operations(), ids=lambda entry: f"{entry.method} {entry.path}")
def test_no_operation_answers_somebody_without_its_right(company: OrgUnit, operation: OperationEntry) -> None:
    others = [name for name in permissions if name != operation.access.permission]
    program = make_program(company, *others)

    answered = program.send(operation.method, address_of(operation.path), "{}", "application/json")

    assert operation.access.permission in permissions
    assert (answered.status, answered.code) == (403, "not_allowed")


def test_a_neighbours_rows_are_not_there(company: OrgUnit, program: Program, stranger: Program) -> None:
    customer = make_customer(company)
    path = f"/customers/{customer.pk}"

    statuses = [stranger.get(path).status, stranger.get(f"{path}/timeline").status]
    changed = stranger.patch(path, {"note": "mine"}, If_Match="*")

    assert [*statuses, changed.status] == [404, 404, 404]
    assert stranger.get("/customers").body["data"] == []
    assert program.get(path).status == 200


def test_a_customer_is_not_recorded_at_a_place_out_of_reach(program: Program) -> None:
    foreign = program.post("/customers", {"name": "Lin", "org_unit": "GZ"})
    absent = program.post("/customers", {"name": "Lin", "org_unit": "NOWHERE"})

    assert (foreign.status, foreign.code) == (422, "unknown_reference")
    assert foreign.body["errors"] == absent.body["errors"]


def test_the_rate_is_told_and_held(company: OrgUnit, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    program = make_program(company)

    answers = [program.get("/me") for _ in range(5)]

    # A minute may begin between two requests.
    refused = [answered for answered in answers if answered.status == 429]
    assert 1 <= len(refused) <= 2 or answers[-1].headers["RateLimit"].startswith('"default";r=2')
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert answers[0].headers["RateLimit"].startswith('"default";r=2;t=')
    for answered in refused:
        assert 1 <= int(answered.headers["Retry-After"]) <= 60
        assert answered.code == "too_many_requests"


def test_one_programs_requests_do_not_count_for_another(company: OrgUnit, settings: LazySettings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    busy, calm = make_program(company), make_program(company)
    busy.get("/me")

    answered = calm.get("/me")

    assert answered.status == 200
