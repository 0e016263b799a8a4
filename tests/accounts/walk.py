"""What the walk over all routes needs to know of this app."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from hearth.accounts.models import Notification
from hearth.accounts.services import create_token
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from tests.organization.builders import make_member


def _session(company: OrgUnit) -> dict[str, Any]:
    from allauth.usersessions.models import UserSession  # noqa: PLC0415  (its models load after the settings)

    owner = make_member(company, "core.signed_in")
    row = UserSession.objects.create(user=owner, ip="10.0.0.1", session_key=f"walk{owner.pk}", user_agent="")
    return {"pk": row.pk}


def _token(company: OrgUnit) -> dict[str, Any]:
    owner, now = make_member(company, "core.signed_in"), timezone.now()
    token, _secret = create_token(
        owner, actor=Actor(owner.pk, "owner"), now=now, name="walk", expires_at=now + timedelta(days=1)
    )
    return {"pk": token.pk}


def _notification(company: OrgUnit) -> dict[str, Any]:
    owner, now = make_member(company, "core.signed_in"), timezone.now()
    row = Notification.objects.create(user=owner, kind="walk", url="/", created_at=now, updated_at=now)
    return {"pk": row.pk}


def _dead_link(company: OrgUnit) -> dict[str, Any]:
    return {"uidb36": "1", "key": "no-such-key"}


def _passkey(company: OrgUnit) -> dict[str, Any]:
    from allauth.mfa.models import Authenticator  # noqa: PLC0415  (its models load after the settings)

    owner = make_member(company, "core.signed_in")
    return {"pk": Authenticator.objects.create(user=owner, type="webauthn", data={"name": "walk"}).pk}


def _provider(company: OrgUnit) -> dict[str, Any]:
    return {"provider_id": "nobody"}


SAMPLES = {
    "openid_connect_login": _provider,
    "openid_connect_callback": _provider,
    "sso_disconnect": _provider,
    "mfa_edit_webauthn": _passkey,
    "mfa_remove_webauthn": _passkey,
    "accounts:end_session": _session,
    "accounts:revoke_token": _token,
    "accounts:open_notification": _notification,
    "account_reset_password_from_key": _dead_link,
}
PUBLIC = {
    "accounts:language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
}
# The samples belong to another person: nobody but the owner reaches them.
PREPARED = {
    "accounts:end_session": 404,
    "accounts:revoke_token": 404,
    "accounts:open_notification": 404,
    "sso_disconnect": 404,
    "mfa_edit_webauthn": 404,
    "mfa_remove_webauthn": 404,
    "mfa_deactivate_totp": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_download_recovery_codes": 404,
}
