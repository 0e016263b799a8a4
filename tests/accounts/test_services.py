"""Acts on accounts and tokens: who may, what is refused, what is kept."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from hearth.accounts.models import ApiToken, User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.accounts.services import (
    BadExpiry,
    EmailTaken,
    TokenNotValid,
    UserNameTaken,
    WeakPassword,
    change_user,
    create_token,
    create_user,
    deactivate_user,
    find_token,
    reactivate_user,
    revoke_token,
    user_for_token,
)
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from tests.accounts.builders import PASSWORD, SYSTEM, make_account, post_sign_in
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db


def own_actor(user: User) -> Actor:
    return Actor(user_id=user.pk, name=str(user))


def make_token(user: User, now: datetime, *, days: int = 30) -> tuple[ApiToken, str]:
    return create_token(
        user, actor=own_actor(user), now=now, name="Sync", expires_at=now + timedelta(days=days)
    )


def test_an_account_is_made_with_its_event(group: OrgUnit, now: datetime) -> None:
    actor = make_actor(group, CHANGE_ACCOUNT)

    user = create_user(
        " lin ", actor=actor, now=now, display_name="林芳", email="l@example.com", password=PASSWORD
    )

    event = EventRecord.objects.get(type="accounts.user_created")
    assert (user.username, user.is_active, user.check_password(PASSWORD)) == ("lin", True, True)
    assert (event.actor_id, event.payload) == (actor.user_id, {"user_id": user.pk})


def test_a_right_at_one_company_makes_no_accounts(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, CHANGE_ACCOUNT)

    with pytest.raises(NotAllowed):
        create_user("lin", actor=actor, now=now, display_name="Lin", password=PASSWORD)


@pytest.mark.parametrize(
    ("username", "email", "password", "refusal"),
    [
        ("LIN", "", PASSWORD, UserNameTaken),
        ("wang", "Lin@hearth.invalid", PASSWORD, EmailTaken),
        ("wang", "", "short", WeakPassword),
        ("  ", "", PASSWORD, InvalidInput),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    now: datetime, username: str, email: str, password: str, refusal: type[InvalidInput]
) -> None:
    make_account("lin")

    with pytest.raises(refusal):
        create_user(username, actor=SYSTEM, now=now, display_name="x", email=email, password=password)


def test_people_change_themselves_and_nobody_else(now: datetime) -> None:
    lin, wang = make_account("lin"), make_account("wang")

    change_user(lin, actor=own_actor(lin), now=now, display_name="林芳")

    assert lin.display_name == "林芳"
    with pytest.raises(NotAllowed):
        change_user(wang, actor=own_actor(lin), now=now, display_name="王")


def test_a_change_that_changes_nothing_records_nothing(now: datetime) -> None:
    lin = make_account("lin")

    change_user(lin, actor=own_actor(lin), now=now, display_name=lin.display_name)

    assert not EventRecord.objects.filter(type="accounts.user_changed").exists()


def test_deactivation_ends_sessions_and_tokens(client: Client, place: OrgUnit, now: datetime) -> None:
    lin = make_account("lin", org_unit=place)
    post_sign_in(client, "lin")
    client.get("/accounts/profile/")
    _token, secret = make_token(lin, now)

    deactivate_user(lin, actor=SYSTEM, now=now)

    assert client.get("/accounts/profile/").status_code == 302
    with pytest.raises(TokenNotValid):
        find_token(secret, now=now)


def test_deactivation_may_be_repeated_and_undone(now: datetime) -> None:
    lin = make_account("lin")

    deactivate_user(lin, actor=SYSTEM, now=now)
    deactivate_user(lin, actor=SYSTEM, now=now)
    reactivate_user(lin, actor=SYSTEM, now=now)

    assert lin.is_active
    assert EventRecord.objects.filter(type="accounts.user_deactivated").count() == 1


def test_an_administrator_cannot_shut_themselves_out(group: OrgUnit, now: datetime) -> None:
    actor = make_actor(group, CHANGE_ACCOUNT)
    administrator = User.objects.get(pk=actor.user_id)

    with pytest.raises(NotAllowed):
        deactivate_user(administrator, actor=actor, now=now)


def test_a_token_is_kept_as_a_hash_only(now: datetime) -> None:
    lin = make_account("lin")

    token, secret = make_token(lin, now)

    token.refresh_from_db()
    assert secret.startswith("hearth_")
    assert len(secret) == 50
    assert secret.startswith(token.prefix)
    assert bytes(token.digest) == ApiToken.digest_of(secret)
    assert user_for_token(secret, now=now) == lin


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_ends_within_a_year(now: datetime, days: int) -> None:
    lin = make_account("lin")

    with pytest.raises(BadExpiry):
        make_token(lin, now, days=days)


def test_nobody_makes_a_token_for_another_person(group: OrgUnit, now: datetime) -> None:
    lin = make_account("lin")
    actor = make_actor(group, CHANGE_ACCOUNT)

    with pytest.raises(NotAllowed):
        create_token(lin, actor=actor, now=now, name="x", expires_at=now + timedelta(days=1))


def test_an_expired_a_revoked_and_an_unknown_token_open_nothing(now: datetime) -> None:
    lin = make_account("lin")
    _expired, expired_secret = make_token(lin, now, days=1)
    revoked, revoked_secret = make_token(lin, now)
    revoke_token(revoked, actor=own_actor(lin), now=now)
    later = now + timedelta(days=1)

    for secret in (expired_secret, revoked_secret, "hearth_unknown", ""):
        with pytest.raises(TokenNotValid):
            find_token(secret, now=later)


def test_a_token_of_another_person_is_revoked_by_an_administrator_only(
    group: OrgUnit, company: OrgUnit, now: datetime
) -> None:
    token, _secret = make_token(make_account("lin"), now)

    with pytest.raises(NotAllowed):
        revoke_token(token, actor=make_actor(company, CHANGE_ACCOUNT), now=now)
    revoke_token(token, actor=make_actor(group, CHANGE_ACCOUNT), now=now)

    assert EventRecord.objects.filter(type="accounts.token_revoked").count() == 1


def test_the_use_of_a_token_is_noted_every_five_minutes(now: datetime) -> None:
    token, secret = make_token(make_account("lin"), now)
    seen = []

    for minutes in (0, 4, 6):
        find_token(secret, now=now + timedelta(minutes=minutes))
        token.refresh_from_db()
        seen.append(token.last_used_at)

    assert seen == [now, now, now + timedelta(minutes=6)]
