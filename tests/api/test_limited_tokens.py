"""A token may be limited to some rights and to some addresses; nothing of the API goes round the limits."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import ApiToken, User
from hearth.accounts.services.tokens import BadNetwork, UnknownRight
from hearth.organization.models import OrgUnit
from tests.api.builders import RIGHTS, Program, make_token
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db
HOOK = {"org_unit": "SZ", "name": "x", "url": "https://example.com/"}


@pytest.fixture
def person(company: OrgUnit) -> User:
    """Somebody who may do everything at the first city company."""
    return make_member(company, *RIGHTS)


def test_a_limited_token_has_only_its_rights(company: OrgUnit, person: User) -> None:
    customer = make_customer(company)
    program = Program(make_token(person, rights=["customers.view"]))

    seen = program.get(f"/customers/{customer.pk}")
    refused = [program.get("/cases"), program.patch(f"/customers/{customer.pk}", {"note": "x"}, If_Match="*")]
    me = program.get("/me").body

    assert seen.status == 200
    assert [(answer.status, answer.code) for answer in refused] == [(403, "not_allowed")] * 2
    assert [right["permission"] for right in me["rights"]] == ["core.signed_in", "customers.view"]
    assert me["token"]["rights"] == ["customers.view"]


def test_the_parts_of_a_batch_have_the_same_limit(company: OrgUnit, person: User) -> None:
    program = Program(make_token(person, rights=["customers.view"]))
    parts = [{"method": "GET", "path": "/customers"}, {"method": "GET", "path": "/cases"}]

    answered = program.post("/batch", {"operations": parts})

    assert [result["status"] for result in answered.body["results"]] == [200, 403]


def test_a_right_the_person_lacks_is_not_given_by_a_token(company: OrgUnit) -> None:
    person = make_member(company, "core.signed_in")
    program = Program(make_token(person, rights=["customers.view"]))

    answered = program.get("/customers")

    assert (answered.status, answered.code) == (403, "not_allowed")


def test_a_limited_token_makes_no_webhook_that_sees_more(company: OrgUnit, person: User) -> None:
    limited = Program(make_token(person, rights=["webhooks.manage"]))

    refused = limited.post("/webhooks", HOOK)
    made = Program(make_token(person)).post("/webhooks", HOOK)

    assert (refused.status, refused.code, made.status) == (403, "token_is_limited", 201)
    assert limited.patch(f"/webhooks/{made.body['id']}", {"name": "y"}).code == "token_is_limited"
    assert limited.get("/webhooks").status == 200


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        (["10.1.0.0/16"], "10.1.2.3", 200),
        (["10.1.0.0/16"], "10.2.2.3", 403),
        (["192.0.2.7"], "192.0.2.7", 200),
        (["2001:db8::/32", "10.1.0.0/16"], "2001:db8::7", 200),
        (["2001:db8::/32"], "10.1.2.3", 403),
        (["10.1.0.0/16"], "", 403),
    ],
)
def test_a_token_is_used_from_its_networks_only(
    person: User, networks: list[str], address: str, status: int
) -> None:
    program = Program(make_token(person, networks=networks), address=address)

    answered = program.get("/me")

    assert answered.status == status
    if status == 403:
        assert answered.code == "address_not_allowed"


def test_behind_a_proxy_of_ours_the_visitors_own_address_counts(person: User, settings: LazySettings) -> None:
    secret = make_token(person, networks=["192.0.2.0/24"])

    invented = Program(secret).get("/me", X_Forwarded_For="192.0.2.7")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    told = Program(secret).get("/me", X_Forwarded_For="192.0.2.7")
    prefixed = Program(secret).get("/me", X_Forwarded_For="192.0.2.7, 198.51.100.1")

    assert [answer.status for answer in (invented, told, prefixed)] == [403, 200, 403]


def test_limits_that_make_no_sense_are_refused(person: User) -> None:
    with pytest.raises(UnknownRight):
        make_token(person, rights=["customers.explode"])
    with pytest.raises(BadNetwork):
        make_token(person, networks=["castle"])


def test_the_account_page_makes_a_limited_token_and_shows_its_limits(client: Client, person: User) -> None:
    client.cookies["hearth_language"] = "en"
    sign_in(client, person)
    until = timezone.localdate() + timedelta(days=30)
    values = {"name": "Warehouse", "expires_date": until.isoformat(), "networks": "10.1.0.0/16, 192.0.2.7"}

    client.post("/accounts/tokens/add/", {**values, "rights": ["cases.view"]})
    page = client.get("/accounts/profile/").content.decode()
    refused = client.post("/accounts/tokens/add/", {**values, "networks": "castle"})

    token = ApiToken.objects.get()
    assert (token.rights, token.networks) == (["cases.view"], ["10.1.0.0/16", "192.0.2.7/32"])
    assert "10.1.0.0/16, 192.0.2.7/32" in page
    assert refused.status_code == 422
    assert "castle" in refused.content.decode()
