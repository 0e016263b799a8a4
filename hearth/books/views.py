"""Pages of books: who hands over what to whom, and what nobody is in charge of."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.books.forms import GiveForm, HandoverForm
from hearth.books.models import BookHandover, BookMove
from hearth.books.permissions import HAND_OVER
from hearth.books.planning import HandoverRule, preview
from hearth.books.selectors import (
    count_without_owner,
    first_place_of,
    places_held_at,
    possible_recipients,
    within_reach,
    without_owner,
)
from hearth.books.services import give_without_owner, hand_over_book, undo_handover
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.ownership import Holding, count_held, holdings
from hearth.core.pages import Page, keyset_page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import users_visible_to

SHOWN_ROWS = 200


@requires(HAND_OVER)
def handovers(request: HttpRequest) -> HttpResponse:
    """What was handed over, the newest first."""
    rows = BookHandover.objects.visible_to(actor_of(request)).select_related(
        "from_user", "org_unit", "requested_by"
    )
    found = keyset_page(rows, order="-created_at", cursor=request.GET.get("cursor", ""))
    return page(request, "books/handovers.html", {"found": found}, parts={"handovers"})


@requires(HAND_OVER, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest, user_id: int) -> HttpResponse:
    """Choose a rule for the book of a colleague, look at what it would do, and hand over."""
    actor, today = actor_of(request), timezone.localdate()
    person = get_object_or_404(users_visible_to(actor), pk=user_id)
    form = _form(request, person, actor)
    context: dict[str, Any] = {"form": form, "person": person, "held": count_held(person.pk)}
    if not form.is_bound or not form.is_valid():
        status = REFUSED if request.method == "POST" else SUCCESS
        return page(request, "books/new.html", context, parts={"book-preview"}, status=status)
    rule = _rule(form, person)
    if request.method == "POST":
        try:
            row = hand_over_book(rule, actor=actor, now=timezone.now())
        except DomainError as refusal:
            context["refusal"] = refusal
            return page(request, "books/new.html", context, status=REFUSED)
        return go_to(request, reverse("books:handover", args=[row.pk]))
    context["preview"] = preview(rule, today=today)
    return page(request, "books/new.html", context, parts={"book-preview"})


def _form(request: HttpRequest, person: User, actor: Actor) -> HandoverForm:
    """The form for a person at the chosen place, or at the widest that both share."""
    sent = request.POST if request.method == "POST" else request.GET
    tops = OrgUnit.objects.visible_with(actor, HAND_OVER).filter(is_active=True).in_tree_order()
    wanted = sent.get("org_unit", "")
    today = timezone.localdate()
    top = tops.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    top = top or first_place_of(person, actor, today=today)
    people = possible_recipients(top, besides=person, today=today) if top else User.objects.none()
    initial = {"org_unit": top, "rule": BookHandover.Rule.ONE, "holdings": list(holdings)}
    return HandoverForm(
        sent if "rule" in sent else None,
        tops=tops,
        people=people,
        places=places_held_at(person, top) if top else [],
        initial=initial,
    )


def _rule(form: HandoverForm, person: User) -> HandoverRule:
    chosen = form.cleaned_data
    by_place = {place.pk: chosen[name].pk for name, place in form.places.items() if chosen.get(name)}
    return HandoverRule(
        from_user=person,
        org_unit=chosen["org_unit"],
        kind=chosen["rule"],
        recipients=tuple(user.pk for user in chosen["recipients"]),
        holdings=tuple(chosen["holdings"]),
        by_place=by_place if chosen["rule"] == BookHandover.Rule.PLACE else {},
        until_date=chosen["until_date"],
        note=chosen["note"],
    )


@requires(HAND_OVER)
def handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """One handover: how far it is, and what went to whom."""
    row = _visible(request, handover_id)
    counted = (
        row.moves.order_by("holding", "to_user__display_name", "outcome")
        .values("holding", "to_user__display_name", "outcome")
        .annotate(number=Count("id"))
    )
    lines = [
        (
            holdings[line["holding"]],
            line["to_user__display_name"],
            BookMove.Outcome(line["outcome"]),
            line["number"],
        )
        for line in counted
        if line["holding"] in holdings
    ]
    return page(request, "books/handover.html", {"handover": row, "lines": lines}, parts={"handover"})


@requires(SIGNED_IN)
def mine(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """What a handover brought the reader, or took from them."""
    actor = actor_of(request)
    row = get_object_or_404(BookHandover.objects.select_related("from_user", "org_unit"), pk=handover_id)
    moves = row.moves.filter(outcome=BookMove.Outcome.MOVED)
    is_own = actor.user_id == row.from_user_id
    got = moves.filter(to_user_id=actor.user_id)
    if not is_own and not got.exists():
        raise Http404
    counted = dict((moves if is_own else got).order_by().values_list("holding").annotate(number=Count("id")))
    parts = [
        (holdings[code], number, [] if is_own else _received(holdings[code], got, actor))
        for code, number in counted.items()
        if code in holdings
    ]
    return page(request, "books/mine.html", {"handover": row, "parts": parts, "is_own": is_own})


def _received(holding: Holding, moves: Any, actor: Actor) -> list[tuple[str, str]]:
    """Name the rows of a kind that the reader still has."""
    ids = moves.filter(holding=holding.code).values("row_id")
    rows = holding.held_by(actor.user_id or 0).filter(pk__in=ids).order_by("-pk")[:SHOWN_ROWS]
    return [holding.describe(row) for row in rows]


@requires(HAND_OVER, methods=("POST",))
def undo(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Take a handover back as far as nothing changed since."""
    row = undo_handover(_visible(request, handover_id), actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The book is back, except what changed hands since."))
    return go_to(request, reverse("books:handover", args=[row.pk]))


def _visible(request: HttpRequest, handover_id: UUID) -> BookHandover:
    rows = BookHandover.objects.visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("from_user", "org_unit", "requested_by"), pk=handover_id)


@requires(HAND_OVER)
def unowned(request: HttpRequest) -> HttpResponse:
    """What is open and has nobody in charge, kind by kind."""
    actor, today = actor_of(request), timezone.localdate()
    counts = count_without_owner(actor, today=today)
    code = request.GET.get("kind", "")
    if code not in holdings:
        code = next((item.holding.code for item in counts if item.number), next(iter(holdings)))
    found = _without(request, holdings[code], actor)
    context = {
        "counts": counts,
        "chosen": holdings[code],
        "next_cursor": found.next_cursor,
        "lines": [(*holdings[code].describe(row), getattr(row, holdings[code].field)) for row in found.rows],
        "form": GiveForm(people=_receivers(actor)),
    }
    return page(request, "books/unowned.html", context, parts={"unowned"})


def _without(request: HttpRequest, holding: Holding, actor: Actor) -> Page[Any]:
    rows = within_reach(holding, without_owner(holding, today=timezone.localdate()), actor)
    cursor = request.GET.get("cursor", "") or request.POST.get("cursor", "")
    return keyset_page(rows.select_related(holding.field), order="id", cursor=cursor)


def _receivers(actor: Actor) -> Any:
    return users_visible_to(actor).filter(is_active=True).order_by("display_name", "id")


@requires(HAND_OVER, methods=("POST",))
def give(request: HttpRequest, code: str) -> HttpResponse:
    """Put a person in charge of the rows of the page that was shown."""
    actor = actor_of(request)
    holding = holdings.get(code)
    if holding is None:
        raise Http404
    form = GiveForm(request.POST, people=_receivers(actor))
    address = f"{reverse('books:unowned')}?kind={code}"
    if not form.is_valid():
        messages.error(request, gettext("Choose who gets it."))
        return go_to(request, address)
    ids = [row.pk for row in _without(request, holding, actor).rows]
    given = give_without_owner(
        holding, ids, to_user=form.cleaned_data["to_user"], actor=actor, now=timezone.now()
    )
    text = gettext("%(given)s of %(shown)s were given; where the person has no right, nothing changed.")
    messages.success(request, text % {"given": given, "shown": len(ids)})
    return go_to(request, address)
