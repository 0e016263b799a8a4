"""The pages of the first run: four steps, each by the act that its own page uses too."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.adapter import remember_language
from hearth.accounts.models import User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.accounts.services import change_user
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.organization.forms import InviteForm
from hearth.organization.models import FirstStep, OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION
from hearth.organization.selectors import tree_for, users_visible_to
from hearth.organization.services import create_org_unit, rename_org_unit, settle_first_steps
from hearth.organization.views.people import invite_by
from hearth.workspace.first_steps import all_steps, first_steps_for, next_open
from hearth.workspace.first_steps_forms import CompanyForm, PlaceForm

Code, State = FirstStep.Code, FirstStep.State
SEEN = "first_steps_seen"


def leads_into_first_run(request: HttpRequest) -> bool:
    """Tell whether whoever signed in is still to be led into the first run, once a session."""
    return SEEN not in request.session and bool(first_steps_for(actor_of(request)))


@requires(CHANGE_ORGANIZATION, methods=("GET", "HEAD", "POST"))
def first_steps(request: HttpRequest) -> HttpResponse:
    """Go on with the step that is open; a POST leaves all that are open aside for good."""
    actor = _administrator(request)
    if request.method == "POST":
        settle_first_steps(*Code.values, actor=actor, now=timezone.now(), state=State.SKIPPED)
        return go_to(request, reverse("workspace:home"))
    step = next_open(first_steps_for(actor))
    return go_to(
        request,
        reverse("workspace:first_step", args=[step.code]) if step else reverse("workspace:home"),
    )


@requires(CHANGE_ORGANIZATION, methods=("GET", "HEAD", "POST"))
def first_step(request: HttpRequest, code: str) -> HttpResponse:
    """One step; `skip` leaves it aside, `next` goes on, anything else does the act of the step."""
    actor = _administrator(request)
    if code not in [step.code for step in all_steps()]:
        raise Http404
    request.session[SEEN] = True
    if "skip" in request.POST:
        return _settle(request, code, State.SKIPPED)
    if "next" in request.POST:
        return _settle(request, code, State.DONE)
    return STEPS[Code(code)](request, actor)


def _administrator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.scope(CHANGE_ORGANIZATION).everywhere:
        raise NotAllowed(permission=CHANGE_ORGANIZATION)
    return actor


def _settle(request: HttpRequest, code: str, state: str) -> HttpResponse:
    actor = actor_of(request)
    settle_first_steps(code, actor=actor, now=timezone.now(), state=state)
    following = next_open(first_steps_for(actor), after=code)
    if following is None:
        messages.success(request, gettext("Hearth is set up. Everything can be changed later."))
        return go_to(request, reverse("workspace:home"))
    return go_to(request, reverse("workspace:first_step", args=[following.code]))


def _show(request: HttpRequest, code: str, **more: Any) -> HttpResponse:
    """Write the page of a step; a form that was sent and is shown again was refused."""
    steps = all_steps()
    context = {"steps": steps, "step": next(step for step in steps if step.code == code), **more}
    is_refused = request.method == "POST" and not more.get("is_done_once")
    status = REFUSED if is_refused else SUCCESS
    return page(request, f"workspace/first_steps/{code}.html", context, status=status)


def _company(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name the group, and the person who sets it up."""
    group, person = OrgUnit.objects.get(parent=None), User.objects.get(pk=actor.user_id)
    initial = {
        "name": group.name,
        "language": person.language,
        "display_name": person.display_name,
        "email": person.email,
    }
    form = CompanyForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _show(request, Code.COMPANY, form=form)
    wanted = dict(form.cleaned_data)
    try:
        with transaction.atomic():
            rename_org_unit(group, actor=actor, now=timezone.now(), name=wanted.pop("name"))
            change_user(person, actor=actor, now=timezone.now(), **wanted)
    except InvalidInput as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _show(request, Code.COMPANY, form=form)
    response = _settle(request, Code.COMPANY, State.DONE)
    remember_language(response, person.language)
    return response


def _places(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hang places below the group, one after the other."""
    form, made = PlaceForm(request.POST or None, actor=actor), None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_org_unit(actor=actor, now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("code" if isinstance(refusal, InvalidInput) else None, str(refusal))
        else:
            form = PlaceForm(actor=actor, initial={"parent": made.parent_id, "kind": made.kind})
    roots = tree_for(actor, today=timezone.localdate())
    return _show(request, Code.PLACES, form=form, roots=roots, made=made, is_done_once=made is not None)


def _records(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lead to the import, the sample city or the form; each has its own page."""
    has_places = OrgUnit.objects.filter(parent__isnull=False, is_active=True).exists()
    context = {"has_customers": Customer.objects.exists(), "has_places": has_places}
    return _show(request, Code.RECORDS, is_done_once=True, **context)


def _people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Invite colleagues, one after the other."""
    may_invite = actor.scope(CHANGE_ACCOUNT).everywhere
    form, made = InviteForm(request.POST or None, actor=actor) if may_invite else None, None
    if request.method == "POST" and form is not None and (made := invite_by(form, actor)):
        form = InviteForm(actor=actor)
    people = users_visible_to(actor).filter(is_active=True).order_by("-id")[:20]
    return _show(request, Code.PEOPLE, form=form, people=people, made=made, is_done_once=made is not None)


STEPS = {Code.COMPANY: _company, Code.PLACES: _places, Code.RECORDS: _records, Code.PEOPLE: _people}
