"""The page that opens the account for an emergency, and the middleware that keeps it closed until then."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.addresses import client_address
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, lead_to, page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.vigilance.emergency import begin_emergency, minutes_open

Next = Callable[[HttpRequest], HttpResponse]
UNTIL, ENDS = "emergency_until", "emergency_ends"
PAGE = "vigilance:emergency"
OPEN_BEFORE = frozenset({PAGE, "account_logout", "accounts:language"})
# What would outlast the hour: another password, a passkey, a token, an account to come back with.
NEVER = (
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "mfa_",
    "openid_connect_",
    "accounts:",
)
STILL_OPEN = frozenset(
    {"accounts:language", "accounts:bell", "accounts:activity", "accounts:notifications", "accounts:profile"}
)


class EmergencyMiddleware:
    """Keep the account for an emergency at its page until a reason is given, and end it when its time is over."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or not user.is_for_emergency:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        until = request.session.get(UNTIL)
        if until is None:
            return None if name in OPEN_BEFORE else lead_to(request, PAGE)
        if timezone.now().timestamp() > until:
            logout(request)
            return lead_to(request, "account_login")
        is_closed = name.startswith(NEVER) and name not in STILL_OPEN
        return lead_to(request, "workspace:home") if is_closed else None


@requires(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def emergency(request: HttpRequest) -> HttpResponse:
    """Ask for the reason; with it the account is open, for a while."""
    user, now = request.user, timezone.now()
    if not isinstance(user, User) or not user.is_for_emergency:
        raise Http404
    if request.session.get(UNTIL):
        return redirect("workspace:home")
    if request.method != "POST":
        return _page(request)
    reason = request.POST.get("reason", "")
    try:
        alarm = begin_emergency(
            user, reason=reason, address=client_address(request), actor=actor_of(request), now=now
        )
    except DomainError as refusal:
        return _page(request, refusal=str(refusal), reason=reason)
    update_session_auth_hash(request, user)
    request.session[UNTIL] = alarm.window_ended_at.timestamp()
    request.session[ENDS] = f"{timezone.localtime(alarm.window_ended_at):%H:%M}"
    return redirect("workspace:home")


def _page(request: HttpRequest, *, refusal: str = "", reason: str = "") -> HttpResponse:
    context = {"refusal": refusal, "reason": reason, "minutes": minutes_open()}
    return page(request, "vigilance/emergency.html", context, status=REFUSED if refusal else SUCCESS)
