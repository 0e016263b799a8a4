"""How long a sign-in lasts: so long without anything being asked, and so long at most."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Next = Callable[[HttpRequest], HttpResponse]
BEGAN, ACTIVE = "began_at", "active_at"
# The session is written once a minute at most; until then somebody counts as active.
NOTED_EVERY = timedelta(minutes=1)
# What open pages ask by themselves shows nobody at work.
ASKED_BY_PAGES = frozenset(
    {"accounts:bell", "accounts:activity", "inventory:plan_now", "inventory:opening_changes"}
)


@receiver(user_logged_in)
def note_beginning(request: HttpRequest, **_kwargs: Any) -> None:
    """Note when a sign-in began, in the session it is written to anyway."""
    request.session[BEGAN] = request.session[ACTIVE] = _now()


class SessionLimits:
    """End a sign-in that nobody used for a while, or that is too old; the view then asks to sign in again."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if not request.user.is_authenticated:
            return
        now, kept = _now(), request.session
        idle = now - kept.get(ACTIVE, now)
        if idle > settings.SESSION_IDLE_SECONDS or now - kept.get(BEGAN, now) > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif idle > NOTED_EVERY.total_seconds() and _is_asked_by_people(request):
            kept[ACTIVE] = now


def _is_asked_by_people(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name not in ASKED_BY_PAGES


def _now() -> int:
    return int(timezone.now().timestamp())
