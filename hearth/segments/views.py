"""Pages of segments."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.trends import Series, trend
from hearth.customers.lists import CUSTOMERS
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.exports.permissions import EXPORT
from hearth.lib.identifiers import read_uuid
from hearth.lists.pages import list_page
from hearth.lists.state import query_string
from hearth.segments.counting import NoSnapshot, estimate
from hearth.segments.explanation import explain_customer
from hearth.segments.forms import SegmentForm
from hearth.segments.list_filter import KEY
from hearth.segments.lists import SEGMENTS
from hearth.segments.models import Segment
from hearth.segments.offering import editor_catalogue
from hearth.segments.permissions import CHANGE_SEGMENT, VIEW_SEGMENT
from hearth.segments.reading import parse_rule
from hearth.segments.rules import RuleError, selects_by_score
from hearth.segments.selectors import latest_members_count, list_sizes, members_seen
from hearth.segments.services import change_segment, create_segment, materialise
from hearth.segments.wording import rule_in_words

MOST_HITS = 8


@requires(VIEW_SEGMENT)
def segments(request: HttpRequest) -> HttpResponse:
    """The list of segments by name, with their last sizes."""
    return list_page(request, SEGMENTS, "segments/segments.html")


@requires(CHANGE_SEGMENT, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """The editor, empty."""
    form = SegmentForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_segment(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("segments:segment", args=[made.pk]))
    return _editor(request, form, None)


@requires(CHANGE_SEGMENT, methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """The editor of one segment; its place stays."""
    row = get_object_or_404(_changeable(request), pk=segment_id)
    initial = {"name": row.name, "description": row.description, "org_unit": row.org_unit, "rule": row.rule}
    form = SegmentForm(request.POST or None, actor=actor_of(request), place=row.org_unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {key: value for key, value in form.cleaned_data.items() if key != "org_unit"}
        try:
            change_segment(row, **values, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("segments:segment", args=[row.pk]))
    return _editor(request, form, row)


def _changeable(request: HttpRequest) -> Any:
    return Segment.objects.visible_with(actor_of(request), CHANGE_SEGMENT).select_related("org_unit")


def _editor(request: HttpRequest, form: SegmentForm, row: Segment | None) -> HttpResponse:
    context = {"form": form, "segment": row, "catalogue": editor_catalogue()}
    status = REFUSED if form.is_bound else SUCCESS
    return page(request, "segments/edit.html", context, status=status)


@requires(CHANGE_SEGMENT, methods=("POST",))
def estimate_rule(request: HttpRequest) -> HttpResponse:
    """How many a rule would find, and the rule in words; asked while it is written."""
    form = SegmentForm(request.POST, actor=actor_of(request))
    context: dict[str, Any] = {}
    form.is_valid()
    try:
        rule = json.loads(request.POST.get("rule", "") or "null")
        parsed = parse_rule(rule)
        context |= {"words": rule_in_words(parsed), "is_by_score": selects_by_score(parsed)}
        if place := form.cleaned_data.get("org_unit"):
            context["estimate"] = estimate(rule, org_unit=place)
    except (RuleError, NoSnapshot) as refusal:
        context["refusal"] = str(refusal)
    except ValueError:
        context["refusal"] = str(RuleError("not_an_object", ""))
    return render(request, "segments/estimate.html", context)


@requires(VIEW_SEGMENT)
def segment(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """One segment: its rule in words, its sizes, its members."""
    actor = actor_of(request)
    row = get_object_or_404(Segment.objects.visible_to(actor).select_related("org_unit"), pk=segment_id)
    counted = latest_members_count(row)
    context = {
        "segment": row,
        **_words(row),
        "counted": counted,
        "is_older_rule": counted is not None and counted.rule != row.rule,
        "members": members_seen(counted, actor) if counted else [],
        "list_url": f"{reverse(CUSTOMERS.url_name)}{query_string({KEY: str(row.pk)})}",
        "may_list": actor.can(CUSTOMERS.permission),
        "sizes": _drawn(list_sizes(row)),
        "may_change": actor.can(CHANGE_SEGMENT, row.org_unit_id),
        "may_export": counted is not None and actor.can(EXPORT) and actor.can(VIEW_CUSTOMER),
    }
    return page(request, "segments/segment.html", context)


def _drawn(sizes: Sequence[tuple[str, int]]) -> Mapping[str, Any] | None:
    """Return the sizes of the last counts as a drawing; None where there are none."""
    if not sizes:
        return None
    return trend(
        [day for day, _size in sizes], [Series(gettext("Size over time"), [size for _day, size in sizes])]
    )


def _words(row: Segment) -> dict[str, Any]:
    """Say the rule, or why it no longer makes sense, and whether it asks for scores."""
    try:
        rule = parse_rule(row.rule)
    except RuleError as refusal:
        return {"words": str(refusal), "is_by_score": False}
    return {"words": rule_in_words(rule), "is_by_score": selects_by_score(rule)}


@requires(VIEW_SEGMENT, methods=("POST",))
def count(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """Write down who is in the segment now."""
    actor = actor_of(request)
    row = get_object_or_404(Segment.objects.visible_to(actor).select_related("org_unit"), pk=segment_id)
    try:
        counted = materialise(row, actor=actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, gettext("%(size)s customers are in this segment.") % {"size": f"{counted.size:,}"}
        )
    return go_to(request, reverse("segments:segment", args=[row.pk]))


@requires(VIEW_SEGMENT)
def why(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """Why one customer is in the segment or not; first the customers whose name fits."""
    actor = actor_of(request)
    row = get_object_or_404(Segment.objects.visible_to(actor).select_related("org_unit"), pk=segment_id)
    people, text = Customer.objects.visible_to(actor), request.GET.get("q", "").strip()
    context: dict[str, Any] = {"segment": row}
    if chosen := request.GET.get("customer", ""):
        customer_id = read_uuid(chosen)
        customer = get_object_or_404(people, pk=customer_id) if customer_id else None
        if customer:
            context |= {"customer": customer, **_explain(row, customer)}
    elif text:
        context["hits"] = people.filter(name__istartswith=text).order_by("name", "id")[:MOST_HITS]
    return render(request, "segments/why.html", context)


def _explain(row: Segment, customer: Customer) -> dict[str, Any]:
    try:
        return {"explanation": explain_customer(row, customer, now=timezone.now())}
    except RuleError as refusal:
        return {"refusal": str(refusal)}
