"""Rounds of the loop, each beside the one before it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.core.actor import Actor
from hearth.core.templatetags.ui import money, percent, points
from hearth.customers.words import OWNER_STAGES, VALUE_TIERS
from hearth.insight import words
from hearth.insight.models import Round, RoundDecision, RoundQuerySet
from hearth.organization.models import OrgUnit

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One figure of a round beside another; `direction` is `up`, `down`, `same`, or empty without the other."""

    label: str
    now: str
    before: str
    change: str
    direction: str

    @property
    def words(self) -> str:
        if self.direction == "up":
            return _("%(change)s more") % {"change": self.change}
        if self.direction == "down":
            return _("%(change)s less") % {"change": self.change}
        return _("unchanged") if self.direction == "same" else "—"


@dataclass(frozen=True)
class CampaignResult:
    """What a campaign of the round did: rates of the addressed and of the control group, None where empty."""

    campaign: Campaign
    addressed: int
    control: int
    treated_rate: float | None
    control_rate: float | None
    revenue: Decimal

    @property
    def lift(self) -> float | None:
        if self.treated_rate is None or self.control_rate is None:
            return None
        return self.treated_rate - self.control_rate


@dataclass(frozen=True)
class RoundPage:
    """A round, the one before it at the same place, and what can be compared."""

    round: Round
    previous: Round | None
    decisions: Sequence[RoundDecision]
    results: Sequence[CampaignResult]
    against_previous: Sequence[Difference]
    since_start: Sequence[Difference]


def round_list(actor: Actor) -> RoundQuerySet:
    """The rounds the actor may see, with their places and numbers of decisions; no order yet."""
    return Round.objects.visible_to(actor).select_related("org_unit").annotate(taken=Count("decisions"))


def round_page(subject: Round, actor: Actor) -> RoundPage:
    """Gather a round's page; three queries."""
    previous = (
        Round.objects.filter(org_unit=subject.org_unit_id)
        .filter(
            Q(starts_date__lt=subject.starts_date) | Q(starts_date=subject.starts_date, id__lt=subject.pk)
        )
        .order_by("-starts_date", "-id")
        .first()
    )
    decisions = list(
        RoundDecision.objects.filter(round=subject)
        .select_related("segment", "count", "campaign", "decided_by")
        .order_by("decided_at", "id")
    )
    campaigns = {each.campaign.pk: each.campaign for each in decisions if each.campaign}
    visible = actor.scope(VIEW_CAMPAIGN)
    shown = [campaign for campaign in campaigns.values() if visible.covers(campaign.org_unit_id)]
    return RoundPage(
        round=subject,
        previous=previous,
        decisions=decisions,
        results=campaign_results(shown),
        against_previous=compare(subject.figures, previous.figures if previous else {}),
        since_start=compare(subject.closing_figures, subject.figures) if subject.closing_figures else [],
    )


def compare(now: Figures, before: Figures) -> list[Difference]:
    """Lay the figures of two moments side by side; `before` may be empty. No query."""
    differences = [
        _difference(label, now.get(key), before.get(key), write, signed)
        for key, label, write, signed in _totals()
    ]
    for key, order, word in (
        ("stages", OWNER_STAGES, words.stage_word),
        ("tiers", VALUE_TIERS, words.tier_word),
        ("actions", words.ACTIONS, words.action_word),
    ):
        counts, earlier = now.get(key, {}), before.get(key, {})
        known = counts.keys() | earlier.keys()
        for code in words.in_order([each for each in order if each in known], dict.fromkeys(known)):
            old = earlier.get(code, 0) if before else None
            differences.append(_difference(word(code), counts.get(code, 0), old, _count, _count))
    return differences


Writer = Callable[[Any], str]


def _totals() -> list[tuple[str, str, Writer, Writer]]:
    return [
        ("customers", _("Customers"), _count, _count),
        ("buyers", _("Ever bought"), _count, _count),
        ("conversion", _("Share that ever bought"), percent, _points),
        ("amount", _("Spent in the window"), lambda value: money(Decimal(value)), money),
        ("contacts", _("Contacts noted"), _count, _count),
        ("open_complaints", _("Open complaints"), _count, _count),
    ]


def _count(value: Any) -> str:
    return f"{value:,}"


def _points(difference: Any) -> str:
    return _("%(n)s points") % {"n": points(float(difference)).lstrip("+-")}


def _difference(label: str, now: Any, before: Any, write: Writer, write_change: Writer) -> Difference:
    if now is None or before is None:
        return Difference(
            label, "—" if now is None else write(now), "—" if before is None else write(before), "", ""
        )
    change = Decimal(str(now)) - Decimal(str(before))
    direction = "up" if change > 0 else "down" if change < 0 else "same"
    return Difference(label, write(now), write(before), write_change(abs(change)), direction)


def campaign_results(campaigns: Sequence[Campaign]) -> list[CampaignResult]:
    """Sum up what the campaigns' arms did by their main outcome; one query for all, none without campaigns."""
    if not campaigns:
        return []
    rows = (
        CampaignMember.objects.filter(campaign__in=campaigns, exclusion="")
        .values_list("campaign", "treatment__channel")
        .annotate(
            members=Count("pk"),
            responded=Count("pk", filter=Q(responded_at__isnull=False)),
            bought=Count("pk", filter=Q(purchased_at__isnull=False)),
            revenue=Sum("revenue_amount"),
        )
        .order_by()
    )
    arms: dict[UUID, list[Any]] = {}
    for campaign_id, *arm in rows:
        arms.setdefault(campaign_id, []).append(arm)
    return [_result(campaign, arms.get(campaign.pk, [])) for campaign in campaigns]


def _result(campaign: Campaign, arms: Sequence[Sequence[Any]]) -> CampaignResult:
    position = 2 if campaign.main_outcome == Campaign.Outcome.RESPONSE else 3
    sizes, hits, revenue = [0, 0], [0, 0], Decimal(0)
    for arm in arms:
        is_control = int(arm[0] == "")
        sizes[is_control] += arm[1]
        hits[is_control] += arm[position]
        revenue += arm[4] if not is_control else 0
    rates = [hit / size if size else None for hit, size in zip(hits, sizes, strict=True)]
    return CampaignResult(campaign, sizes[0], sizes[1], rates[0], rates[1], revenue)


def places_without_open_round(actor: Actor, permission: str) -> list[OrgUnit]:
    """List the places where the actor could open a round; one query."""
    places = OrgUnit.objects.all().visible_with(actor, permission).in_tree_order()
    busy = Round.objects.filter(state=Round.State.OPEN).values("org_unit_id")
    return list(places.exclude(pk__in=busy).exclude(kind=OrgUnit.Kind.DEPARTMENT))
