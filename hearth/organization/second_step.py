"""Roles that ask for a second step at sign-in: whom they concern, from which day on, and what is open until then.

The answer is kept in the session and looked up again after some minutes, so that a page costs nothing more.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.selectors import has_second_step
from hearth.accounts.sso import came_by_provider
from hearth.core.htmx import lead_to
from hearth.core.permissions import Access
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

Next = Callable[[HttpRequest], HttpResponse]
DUE, LOOKED_UP = "second_step_due", "second_step_looked_up"
LOOKED_UP_EVERY = timedelta(minutes=5).total_seconds()
# What a person reaches who has to set up a second step: their account, and the way out. No tokens: they would go on.
ACCOUNT_PAGES = frozenset(
    {"accounts:profile", "accounts:language", "accounts:end_session", "accounts:end_other_sessions"}
)
OPEN_PREFIXES = ("mfa_", "account_", "socialaccount_", "openid_connect_")
GRACE_DAYS = declare(
    SettingDefinition(
        "accounts.second_step_grace_days",
        _("Days within which a second step is set up"),
        "int",
        7,
        minimum=0,
        maximum=90,
        help_text=_("Counted from the first sign-in with a role that asks for it. The group's value counts."),
    )
)


def role_asks(user: User, today: date) -> bool:
    """Tell whether a role the person holds asks for a second step; one query. Accounts of the demo are left alone."""
    if user.is_sample:
        return False
    held = Membership.objects.current(today).filter(user=user, role__needs_second_step=True)
    return held.exists()


def due_date(user: User, today: date) -> date | None:
    """Return from which day on a person reaches nothing without a second step, None where none is missing.

    The day is set when it is first asked for, and kept.
    """
    if not role_asks(user, today) or has_second_step(user):
        return None
    if user.second_step_due_date is None:
        group = OrgUnit.objects.filter(depth=0).order_by("id").first()
        days = setting_at(GRACE_DAYS.key, group) if group else GRACE_DAYS.default
        user.second_step_due_date = today + timedelta(days=days)
        user.save(update_fields=["second_step_due_date"])
    return user.second_step_due_date


@receiver(user_logged_in)
def look_up_at_sign_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Ask once at sign-in; allauth tells of the second step itself afterwards."""
    _look_up(request, user)


@receiver([authenticator_added, authenticator_removed])
def look_up_after_a_change(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Ask again once a way to sign in came or went."""
    _look_up(request, user)


def missing_since(request: HttpRequest) -> date | None:
    """Return the day from which the person who asks reaches nothing else, None where nothing is missing; no query."""
    due = request.session.get(DUE, "")
    return date.fromisoformat(due) if due else None


class SecondStepPolicy:
    """Lead whoever has to set up a second step to their account, and nowhere else once the days of grace are over."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: Any
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User):
            return None
        if _now() - request.session.get(LOOKED_UP, 0) > LOOKED_UP_EVERY:
            _look_up(request, user)
        due = missing_since(request)
        if due is None or timezone.localdate() < due or _is_open(request, view):
            return None
        return lead_to(request, "accounts:profile")


def _is_open(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    access: Access | None = getattr(view, "access", None)
    name = request.resolver_match.view_name if request.resolver_match else ""
    return (
        (access is not None and access.is_public) or name in ACCOUNT_PAGES or name.startswith(OPEN_PREFIXES)
    )


def _look_up(request: HttpRequest, user: User) -> None:
    is_trusted = settings.OIDC_IS_SECOND_STEP and came_by_provider(request, user)
    due = None if is_trusted else due_date(user, timezone.localdate())
    request.session[DUE], request.session[LOOKED_UP] = due.isoformat() if due else "", _now()


def _now() -> int:
    return int(timezone.now().timestamp())
