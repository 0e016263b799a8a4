"""The board of a day, working days cut into slots, and the catalogue of parts."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import ngettext

from hearth.accounts.models import User
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.organization.models import Membership
from hearth.organization.selectors import users_visible_to
from hearth.repairs.forms import DaysForm, SparePartForm
from hearth.repairs.models import RepairSlot, SparePart
from hearth.repairs.permissions import CHANGE_REPAIR, VIEW_REPAIR, WORK_REPAIR
from hearth.repairs.policy import SLOT_MINUTES
from hearth.repairs.selectors import catalogue, day_board
from hearth.repairs.services import cut_days, keep_part, remove_slot
from hearth.repairs.views import BOTH

DAY = timedelta(days=1)
YEARS = range(2000, 2101)


def _asked_day(request: HttpRequest) -> date:
    """Return the day that was asked for, or today where it is none of our time."""
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        day = None
    return day if day and day.year in YEARS else timezone.localdate()


def engineers_for(request: HttpRequest) -> "QuerySet[User]":
    """Return who repairs at places the actor sees; the service asks whether it is at the place."""
    held = Membership.objects.current(timezone.localdate()).filter(role__permissions__contains=[WORK_REPAIR])
    people = users_visible_to(actor_of(request)).filter(is_active=True, pk__in=held.values("user"))
    return people.order_by("display_name", "id")


@requires(VIEW_REPAIR)
def day(request: HttpRequest) -> HttpResponse:
    """Who goes where on a day."""
    return _day_page(request)


def _day_page(request: HttpRequest, *, form: DaysForm | None = None, refusal: str = "") -> HttpResponse:
    actor, shown = actor_of(request), _asked_day(request)
    may_change = actor.can(CHANGE_REPAIR)
    fresh = {"first_date": shown, "last_date": shown, "minutes": SLOT_MINUTES.default}
    context = {
        "day": shown,
        "before": shown - DAY,
        "after": shown + DAY,
        "board": day_board(actor, shown),
        "may_change": may_change,
        "form": form
        or (DaysForm(actor=actor, people=engineers_for(request), initial=fresh) if may_change else None),
        "refusal": refusal,
    }
    status = REFUSED if refusal or form is not None else SUCCESS
    return page(request, "repairs/day.html", context, status=status)


@requires(CHANGE_REPAIR, methods=("POST",))
def cut(request: HttpRequest) -> HttpResponse:
    """Cut working days into slots."""
    actor = actor_of(request)
    form = DaysForm(request.POST, actor=actor, people=engineers_for(request))
    if form.is_valid():
        place, wanted = form.cleaned_data["org_unit"], form.days()
        try:
            made = len(cut_days(place, wanted, actor=actor, now=timezone.now()))
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            said = ngettext("%(number)s slot is open.", "%(number)s slots are open.", made)
            messages.success(request, said % {"number": made})
            return go_to(request, f"{reverse('repairs:day')}?day={wanted.first_date.isoformat()}")
    return _day_page(request, form=form)


@requires(CHANGE_REPAIR, methods=("POST",))
def remove(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Take a slot away that nobody waits for."""
    slot = get_object_or_404(RepairSlot.objects.visible_to(actor_of(request)), pk=slot_id)
    try:
        remove_slot(slot, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _day_page(request, refusal=str(refusal))
    return go_to(request, f"{reverse('repairs:day')}?day={timezone.localdate(slot.starts_at).isoformat()}")


@requires(VIEW_REPAIR)
def parts(request: HttpRequest) -> HttpResponse:
    """The catalogue of parts."""
    rows = catalogue(actor_of(request))[:500]
    return page(request, "repairs/parts.html", {"parts": rows})


@requires(CHANGE_REPAIR, methods=BOTH)
def new_part(request: HttpRequest) -> HttpResponse:
    """Add a part to the catalogue of a place."""
    return _part_page(request, None)


@requires(CHANGE_REPAIR, methods=BOTH)
def part(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """Change a part of the catalogue."""
    rows = SparePart.objects.visible_to(actor_of(request)).visible_with(actor_of(request), CHANGE_REPAIR)
    return _part_page(request, get_object_or_404(rows.select_related("org_unit"), pk=part_id))


def _part_page(request: HttpRequest, row: SparePart | None) -> HttpResponse:
    form = SparePartForm(request.POST or None, actor=actor_of(request), part=row)
    if request.method == "POST" and form.is_valid():
        place = row.org_unit if row else form.cleaned_data["org_unit"]
        try:
            keep_part(place, form.part(), part=row, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("repairs:parts"))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "repairs/part.html", {"form": form, "part": row}, status=status)
