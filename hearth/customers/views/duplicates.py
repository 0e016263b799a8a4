"""Judging pairs of records that may be one customer: made for the keyboard, one pair after another."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.merge_fields import FIELDS
from hearth.customers.models import Customer, DuplicatePair
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.customers.selectors import duplicate_queue
from hearth.customers.services import compare_by_hand, judge_pair, merge_pair, take_back_judgement
from hearth.customers.views.recording import find_member
from hearth.lib.identifiers import read_uuid

State = DuplicatePair.State
TABS = {State.OPEN: "inbox", State.LATER: "clock"}


@requires(MERGE_CUSTOMER)
def duplicates(request: HttpRequest) -> HttpResponse:
    """The queue, with one pair side by side."""
    return _show(request, pair_id=read_uuid(request.GET.get("pair", "")))


@requires(MERGE_CUSTOMER, methods=("POST",))
def judge(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Merge the pair, say that they are different people, or put it off; the next pair follows."""
    actor, now = actor_of(request), timezone.now()
    pair = get_object_or_404(DuplicatePair.objects.visible_to(actor), pk=pair_id)
    after = read_uuid(request.POST.get("next", ""))
    try:
        if request.POST.get("verdict") == State.MERGED:
            survivor_id, values = _choices(request)
            merge_pair(pair, survivor_id=survivor_id, values=values, actor=actor, now=now)
        else:
            verdict = State.LATER if request.POST.get("verdict") == State.LATER else State.DIFFERENT
            judge_pair(pair, state=verdict, actor=actor, now=now)
    except DomainError as refusal:
        return _show(request, pair_id=pair_id, refusal=str(refusal))
    return _show(request, pair_id=after, judged=pair)


@requires(MERGE_CUSTOMER, methods=("POST",))
def take_back(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Undo the last judgement of a pair and show it again."""
    actor = actor_of(request)
    pair = get_object_or_404(DuplicatePair.objects.visible_to(actor), pk=pair_id)
    try:
        take_back_judgement(pair, actor=actor, now=timezone.now())
    except DomainError as refusal:
        return _show(request, pair_id=None, refusal=str(refusal), judged=pair)
    return _show(request, pair_id=pair_id)


@requires(MERGE_CUSTOMER, methods=("POST",))
def compare(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Put a customer beside another one that somebody names by number, phone or name."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    try:
        other = find_member(request.POST.get("other", ""), actor)
        pair = compare_by_hand(customer, other, actor=actor, now=timezone.now())
    except InvalidInput as refusal:
        return _show(request, pair_id=None, refusal=str(refusal))
    return go_to(request, f"{reverse('customers:duplicates')}?pair={pair.pk}")


def _show(
    request: HttpRequest, *, pair_id: UUID | None, refusal: str = "", judged: DuplicatePair | None = None
) -> HttpResponse:
    asked = request.POST.get("state") or request.GET.get("state")
    state = State.LATER if asked == State.LATER else State.OPEN
    context = {
        "queue": duplicate_queue(actor_of(request), state=state, pair_id=pair_id),
        "state": state,
        "tabs": [(code, State(code).label, icon) for code, icon in TABS.items()],
        "refusal": refusal,
        "judged": judged,
    }
    status = REFUSED if refusal else SUCCESS
    return page(request, "customers/duplicates.html", context, parts={"duplicate-queue"}, status=status)


def _choices(request: HttpRequest) -> tuple[UUID, dict[str, UUID]]:
    """Read which record stays, and whose values are kept where a person chose."""
    survivor_id = read_uuid(request.POST.get("survivor", ""))
    chosen = {field: read_uuid(request.POST.get(f"choose_{field}", "")) for field in FIELDS}
    if survivor_id is None:
        raise InvalidInput("survivor")
    return survivor_id, {field: pk for field, pk in chosen.items() if pk}
