"""Pages for those who watch over who reads what."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.vigilance.forms import CanaryForm, RuleForm
from hearth.vigilance.models import Alarm, AlarmRule
from hearth.vigilance.permissions import CHANGE_ALARM, CHANGE_RULE, VIEW_ALARM, require_everywhere
from hearth.vigilance.selectors import alarm_list, reads_behind
from hearth.vigilance.services import (
    change_rule,
    close_alarm,
    examine_alarm,
    lift_canary,
    plant_canary,
)

State = Alarm.State
COLOURS = {State.OPEN: "red", State.EXAMINED: "orange", State.HARMLESS: "green", State.CONFIRMED: "purple"}


@requires(VIEW_ALARM)
def alarms(request: HttpRequest) -> HttpResponse:
    """The alarms about others: those that wait, or those that are closed."""
    actor, is_settled = actor_of(request), request.GET.get("state") == "settled"
    require_everywhere(actor, VIEW_ALARM)
    found = alarm_list(actor, is_settled=is_settled, cursor=request.GET.get("cursor", ""))
    context = {
        "lines": [(alarm, COLOURS[State(alarm.state)]) for alarm in found.rows],
        "next_cursor": found.next_cursor,
        "is_settled": is_settled,
    }
    return page(request, "vigilance/alarms.html", context, parts={"alarm-list"})


@requires(VIEW_ALARM)
def alarm(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """One alarm: what was counted, what is usual, what was read, and what was done about it."""
    return _alarm_page(request, _alarm(request, alarm_id))


def _alarm(request: HttpRequest, alarm_id: UUID) -> Alarm:
    require_everywhere(actor_of(request), VIEW_ALARM)
    rows = Alarm.objects.visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("rule", "user", "handler", "customer"), pk=alarm_id)


def _alarm_page(request: HttpRequest, row: Alarm, *, refusal: str = "", note: str = "") -> HttpResponse:
    context = {
        "alarm": row,
        "colour": COLOURS[State(row.state)],
        "reads": reads_behind(row, actor_of(request)),
        "steps": row.steps.select_related("user").order_by("-id"),
        "refusal": refusal,
        "note": note,
    }
    return page(request, "vigilance/alarm.html", context, status=REFUSED if refusal else SUCCESS)


@requires(CHANGE_ALARM, methods=("POST",))
def examine(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Take an alarm up."""
    examine_alarm(_alarm(request, alarm_id), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("vigilance:alarm", args=[alarm_id]))


@requires(CHANGE_ALARM, methods=("POST",))
def close(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Close an alarm, saying what was found."""
    row, note = _alarm(request, alarm_id), request.POST.get("note", "")
    is_harmless = request.POST.get("finding") != State.CONFIRMED
    try:
        close_alarm(row, is_harmless=is_harmless, note=note, actor=actor_of(request), now=timezone.now())
    except InvalidInput as refused:
        return _alarm_page(request, row, refusal=str(refused), note=note)
    messages.success(request, gettext("The alarm is closed."))
    return go_to(request, reverse("vigilance:alarms"))


@requires(CHANGE_RULE)
def rules(request: HttpRequest) -> HttpResponse:
    """When reading is unusual."""
    require_everywhere(actor_of(request), CHANGE_RULE)
    return page(request, "vigilance/rules.html", {"rules": AlarmRule.objects.order_by("id")})


@requires(CHANGE_RULE, methods=("GET", "HEAD", "POST"))
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Change a rule."""
    require_everywhere(actor_of(request), CHANGE_RULE)
    row = get_object_or_404(AlarmRule, code=code)
    form = RuleForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        change_rule(row, form.terms(), actor=actor_of(request), now=timezone.now())
        messages.success(request, gettext("The rule is changed."))
        return go_to(request, reverse("vigilance:rules"))
    context = {"rule": row, "form": form, "kinds": [*map(str, row.kind_labels)]}
    return page(request, "vigilance/rule.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(CHANGE_RULE, methods=("GET", "HEAD", "POST"))
def canaries(request: HttpRequest) -> HttpResponse:
    """The canary customers; another one by its number."""
    actor = actor_of(request)
    require_everywhere(actor, CHANGE_RULE)
    form = CanaryForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        plant_canary(form.cleaned_data["number"], actor=actor)
        return go_to(request, reverse("vigilance:canaries"))
    found = Customer.objects.visible_to(actor).filter(is_canary=True).order_by("number")
    context = {"form": form, "customers": found}
    return page(request, "vigilance/canaries.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(CHANGE_RULE, methods=("POST",))
def lift(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Make a canary an ordinary customer again."""
    require_everywhere(actor_of(request), CHANGE_RULE)
    row = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    lift_canary(row, actor=actor_of(request))
    return go_to(request, reverse("vigilance:canaries"))
