"""The account page of the person who is signed in, and the language switch."""

from datetime import datetime, time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.adapter import remember_language
from hearth.accounts.forms import ProfileForm, TokenForm
from hearth.accounts.models import ApiToken, User
from hearth.accounts.selectors import list_sessions, list_tokens, second_steps_of
from hearth.accounts.services import change_user, create_token, end_other_sessions, end_session, revoke_token
from hearth.accounts.sso import offers_to, proof_of
from hearth.core.errors import InvalidInput
from hearth.core.htmx import REFUSED, page, page_before
from hearth.core.permissions import SIGNED_IN, actor_of, public, requires

TEMPLATE = "accounts/profile.html"
NEW_SECRET = "accounts.new_secret"  # noqa: S105  (a key of the session)


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (`requires` let a person through)
    return user


def _show(
    request: HttpRequest, *, profile: Form | None = None, token: Form | None = None, status: int = 200
) -> HttpResponse:
    user = _person(request)
    # Sessions are noted at sign-in only; this one may have changed its key since, by a change of password.
    UserSession.objects.create_from_request(request)
    offers = offers_to(user)
    context = {
        "profile_form": profile or ProfileForm(user=user),
        "token_form": token or TokenForm(),
        "sessions": list_sessions(user),
        "tokens": list_tokens(user),
        "second_steps": second_steps_of(user),
        "offers": offers,
        "sso_proof": proof_of(request) if offers else "",
        "new_secret": request.session.pop(NEW_SECRET, "") if request.method == "GET" else "",
        "now": timezone.now(),
    }
    return page(request, TEMPLATE, context, status=status)


@requires(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def profile(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    user = _person(request)
    form = ProfileForm(request.POST, user=user)
    if not form.is_valid():
        return _show(request, profile=form, status=REFUSED)
    values = {name: form.cleaned_data[name] for name in ("display_name", "email", "language")}
    try:
        change_user(user, actor=actor_of(request), now=timezone.now(), **values)
    except InvalidInput as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _show(request, profile=form, status=REFUSED)
    messages.success(request, gettext("Saved."))
    response = redirect("accounts:profile")
    remember_language(response, user.language)
    return response


@public(methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language; who is signed in keeps it as their setting."""
    wanted = request.POST.get("language", "")
    response = redirect(page_before(request))
    if wanted in dict(settings.LANGUAGES):
        remember_language(response, wanted)
        if isinstance(request.user, User):
            change_user(request.user, actor=actor_of(request), now=timezone.now(), language=wanted)
    return response


@requires(SIGNED_IN)
def second_step(request: HttpRequest) -> HttpResponse:
    """Lead to the part of the account page on two-step sign-in; allauth goes here after a change of it."""
    return redirect(f"{reverse('accounts:profile')}#two-step")


@requires(SIGNED_IN, methods=("POST",))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of the person's own."""
    session = get_object_or_404(UserSession, pk=pk, user=_person(request))
    end_session(session, actor=actor_of(request))
    messages.success(request, gettext("The session has ended."))
    return redirect("accounts:profile")


@requires(SIGNED_IN, methods=("POST",))
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of the person's own but this one."""
    end_other_sessions(_person(request), actor=actor_of(request), kept_key=request.session.session_key or "")
    messages.success(request, gettext("You are signed in on this device only."))
    return redirect("accounts:profile")


@requires(SIGNED_IN, methods=("POST",))
def add_token(request: HttpRequest) -> HttpResponse:
    """Make a token; the next page shows its secret once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _show(request, token=form, status=REFUSED)
    last_moment = datetime.combine(form.cleaned_data["expires_date"], time.max)
    try:
        _token, secret = create_token(
            _person(request),
            actor=actor_of(request),
            now=timezone.now(),
            name=form.cleaned_data["name"],
            expires_at=timezone.make_aware(last_moment),
            can_write=form.cleaned_data["can_write"],
            rights=form.cleaned_data["rights"],
            networks=form.cleaned_data["networks"],
        )
    except InvalidInput as refusal:
        form.add_error("expires_date" if refusal.field == "expires_at" else refusal.field, str(refusal))
        return _show(request, token=form, status=REFUSED)
    request.session[NEW_SECRET] = secret
    return redirect("accounts:profile")


@requires(SIGNED_IN, methods=("POST",))
def remove_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=_person(request))
    revoke_token(token, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The token is revoked."))
    return redirect("accounts:profile")
