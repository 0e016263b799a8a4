"""Accounts, and who holds which role where."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.accounts.selectors import has_second_step
from hearth.accounts.services import (
    create_user,
    deactivate_user,
    invite_again,
    may_be_invited,
    reactivate_user,
)
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.htmx import REFUSED, page
from hearth.core.ownership import count_held
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.organization.forms import AppointForm, InviteForm, UserForm
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION, VIEW_ORGANIZATION
from hearth.organization.selectors import memberships_of, users_visible_to
from hearth.organization.services import appoint, end_membership, invite_colleague
from hearth.organization.views.units import BOTH, unit_for


@requires(VIEW_ORGANIZATION)
def users(request: HttpRequest) -> HttpResponse:
    actor, wanted = actor_of(request), request.GET.get("q", "").strip()
    state = request.GET.get("state", "active")
    rows = users_visible_to(actor)
    if wanted:
        rows = rows.filter(Q(display_name__icontains=wanted) | Q(username__icontains=wanted))
    if state != "all":
        rows = rows.filter(is_active=state != "inactive")
    found = keyset_page(rows, order="username", cursor=request.GET.get("cursor", ""))
    held = memberships_of(found.rows, actor, today=timezone.localdate())
    context = {
        "rows": [(user, held.get(user.pk, [])) for user in found.rows],
        "next_cursor": found.next_cursor,
        "q": wanted,
        "state": state,
        "may_create": actor.scope(CHANGE_ACCOUNT).everywhere,
    }
    return page(request, "organization/users.html", context, parts=("users",))


@requires(CHANGE_ACCOUNT, methods=BOTH)
def add_user(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not actor.scope(CHANGE_ACCOUNT).everywhere:
        raise NotAllowed(permission=CHANGE_ACCOUNT)
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_user(actor=actor, now=timezone.now(), **form.cleaned_data)
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return redirect("organization:user", made.pk)
    status = REFUSED if request.method == "POST" else 200
    return page(request, "organization/user_form.html", {"form": form}, status=status)


@requires(CHANGE_ACCOUNT, methods=BOTH)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague by mail."""
    actor = actor_of(request)
    if not actor.scope(CHANGE_ACCOUNT).everywhere:
        raise NotAllowed(permission=CHANGE_ACCOUNT)
    form = InviteForm(request.POST or None, actor=actor)
    if request.method == "POST" and (made := invite_by(form, actor)):
        messages.success(request, gettext("The invitation is on its way."))
        return redirect("organization:user", made.pk)
    status = REFUSED if request.method == "POST" else 200
    return page(request, "organization/invite.html", {"form": form}, status=status)


def invite_by(form: InviteForm, actor: Actor) -> User | None:
    """Invite whom a form names; what is refused stands in the form afterwards."""
    if not form.is_valid():
        return None
    try:
        return invite_colleague(actor=actor, now=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) and refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return None


@requires(CHANGE_ACCOUNT, methods=("POST",))
def invite_once_more(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation again to a person who has not signed in yet."""
    person = _visible_user(actor_of(request), pk)
    invite_again(person, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The invitation is on its way."))
    return redirect("organization:user", person.pk)


def _visible_user(actor: Actor, pk: int) -> User:
    return get_object_or_404(users_visible_to(actor), pk=pk)


def _show_user(request: HttpRequest, person: User, **more: Any) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    memberships = memberships_of([person], actor, today=today).get(person.pk, [])
    may_appoint = actor.can(CHANGE_ORGANIZATION) and person.is_active
    context = {
        "person": person,
        "memberships": [(row, actor.can(CHANGE_ORGANIZATION, row.org_unit_id)) for row in memberships],
        "has_second_step": has_second_step(person),
        "may_change": actor.scope(CHANGE_ACCOUNT).everywhere and actor.user_id != person.pk,
        "may_invite": actor.scope(CHANGE_ACCOUNT).everywhere and may_be_invited(person),
        "held": count_held(person.pk),
        "appoint_form": AppointForm(actor=actor, today=today, user=person) if may_appoint else None,
        **more,
    }
    status = REFUSED if more else 200
    return page(request, "organization/user.html", context, status=status)


@requires(VIEW_ORGANIZATION)
def user(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_user(request, _visible_user(actor_of(request), pk))


@requires(CHANGE_ORGANIZATION, methods=("POST",))
def appoint_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role at a place chosen in the form."""
    actor = actor_of(request)
    person = _visible_user(actor, pk)
    form = AppointForm(request.POST, actor=actor, today=timezone.localdate(), user=person)
    if not form.is_valid():
        return _show_user(request, person, appoint_form=form)
    try:
        appoint(person, actor=actor, now=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        return _show_user(request, person, appoint_form=form, refusal=refusal)
    messages.success(request, gettext("Appointed."))
    return redirect("organization:user", person.pk)


@requires(CHANGE_ORGANIZATION, methods=("POST",))
def appoint_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person chosen in the form a role at a place."""
    actor = actor_of(request)
    place = unit_for(actor, pk)
    actor.require(CHANGE_ORGANIZATION, place.pk)
    form = AppointForm(request.POST, actor=actor, today=timezone.localdate(), org_unit=place)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("organization:unit", place.pk)
    try:
        appoint(org_unit=place, actor=actor, now=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("Appointed."))
    return redirect("organization:unit", place.pk)


@requires(CHANGE_ORGANIZATION, methods=("POST",))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment and go back to where it was shown."""
    actor = actor_of(request)
    visible = Membership.objects.filter(org_unit__in=OrgUnit.objects.visible_to(actor).values("pk"))
    membership = get_object_or_404(visible.select_related("role", "user"), pk=pk)
    if _must_ask_first(request, membership.user):
        return _show_user(request, membership.user, leaving=membership)
    end_membership(membership, actor=actor, now=timezone.now())
    messages.success(request, gettext("The appointment has ended."))
    if request.POST.get("back") == "unit":
        return redirect("organization:unit", membership.org_unit_id)
    return redirect("organization:users")


def _must_ask_first(request: HttpRequest, person: User) -> bool:
    """Ask for the handover before somebody goes who is in charge of something, unless it was decided to wait."""
    return "is_decided" not in request.POST and bool(count_held(person.pk))


@requires(CHANGE_ACCOUNT, methods=("POST",))
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = _visible_user(actor_of(request), pk)
    if _must_ask_first(request, person):
        return _show_user(request, person, leaving=person)
    deactivate_user(person, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The account is deactivated; all sessions and tokens have ended."))
    return redirect("organization:user", person.pk)


@requires(CHANGE_ACCOUNT, methods=("POST",))
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = _visible_user(actor_of(request), pk)
    reactivate_user(person, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The account is active again."))
    return redirect("organization:user", person.pk)
