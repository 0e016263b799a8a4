"""The campaigns of the demo: two that ended, with a known effect each, and one that runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hearth.analytics.assignment import assign_arm
from hearth.campaigns.models import Campaign, Treatment
from hearth.campaigns.services.members import NewMember
from hearth.campaigns.services.samples import write_sample_campaign, write_sample_members
from hearth.core.actor import Actor
from hearth.demo.city.dice import Dice
from hearth.demo.city.experiments import CAMPAIGNS, CONTROL, RUNNING, TREATED, CampaignPlan, choose_responders
from hearth.demo.city.records import ZONE
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment
from hearth.segments.services import create_segment

WINDOW_DAYS = 30
SEGMENTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "接受邮件的业主",
        "持有住房的客户,用于推荐与节日活动",
        {"all": [{"behaviour": "home", "aggregate": "at_least_once"}]},
    ),
    (
        "近一年有投诉的客户",
        "一年内提出过投诉,关怀前先解决问题",
        {"all": [{"behaviour": "case", "days": 365, "aggregate": "at_least_once"}]},
    ),
)


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be addressed."""

    customer_id: UUID
    household_id: UUID


def load_campaigns(
    by_email: Sequence[Candidate],
    by_phone: Sequence[Candidate],
    *,
    group: OrgUnit,
    seed: int,
    today: date,
    actor: Actor,
    now: datetime,
) -> dict[str, UUID]:
    """Write segments and campaigns; return the ids of the campaigns by their keys."""
    segments = _load_segments(group, actor=actor, now=now)
    ids = {}
    for number, plan in enumerate(CAMPAIGNS):
        writer = CampaignWriter(plan, group, segments[0], Dice(seed, 3, number), today, actor, now)
        ids[plan.key] = writer.write_finished(by_email)
    running = CampaignWriter(RUNNING, group, segments[0], Dice(seed, 4), today, actor, now)
    ids[RUNNING.key] = running.write_running(by_phone)
    return ids


def _load_segments(group: OrgUnit, *, actor: Actor, now: datetime) -> list[Segment]:
    return [
        create_segment(
            org_unit=group, name=name, description=text, rule=rule, actor=actor, now=now, is_sample=True
        )
        for name, text, rule in SEGMENTS
    ]


@dataclass(frozen=True)
class CampaignWriter:
    """Writes one campaign as its plan says."""

    plan: CampaignPlan
    group: OrgUnit
    segment: Segment
    dice: Dice
    today: date
    actor: Actor
    now: datetime

    def write_finished(self, candidates: Sequence[Candidate]) -> UUID:
        """Divide the candidates by household, let some respond in each arm, and write the result."""
        campaign, arms = self._write(Campaign.State.FINISHED, Decimal("0.5"))
        members = self._assign(candidates, campaign, arms)
        chosen = choose_responders(members, self.plan, self.dice, treated=TREATED)
        responders = {candidate.household_id for candidate in chosen}
        rows = [
            self._member(candidate, arms[name], campaign, has_responded=candidate.household_id in responders)
            for name, people in members.items()
            for candidate in people
        ]
        write_sample_members(campaign, rows, actor=self.actor, now=self.now)
        return campaign.pk

    def write_running(self, candidates: Sequence[Candidate], most: int = 400) -> UUID:
        """Write a campaign whose call list has just been drawn; nobody has been called yet."""
        campaign, arms = self._write(Campaign.State.RUNNING, Decimal("0.2"))
        members = self._assign(candidates[:most], campaign, arms)
        rows = [
            NewMember(person.customer_id, person.household_id, arms[name].pk)
            for name, people in members.items()
            for person in people
        ]
        write_sample_members(campaign, rows, actor=self.actor, now=self.now)
        return campaign.pk

    def _assign(
        self, candidates: Sequence[Candidate], campaign: Campaign, arms: Mapping[str, Treatment]
    ) -> dict[str, list[Candidate]]:
        shares = [(name, arm.share) for name, arm in arms.items()]
        members: dict[str, list[Candidate]] = {name: [] for name in arms}
        for candidate in candidates:
            members[assign_arm(campaign.salt, str(candidate.household_id), shares)].append(candidate)
        return members

    def _member(
        self, candidate: Candidate, arm: Treatment, campaign: Campaign, *, has_responded: bool
    ) -> NewMember:
        begun = self._at(self.plan.start)
        after = timedelta(minutes=self.dice.between(60, 20 * 24 * 60))
        return NewMember(
            customer_id=candidate.customer_id,
            household_key=candidate.household_id,
            treatment_id=arm.pk,
            treated_at=None if arm.is_control else begun + timedelta(minutes=self.dice.between(1, 50)),
            responded_at=begun + after if has_responded else None,
        )

    def _write(self, state: str, control: Decimal) -> tuple[Campaign, dict[str, Treatment]]:
        plan = self.plan
        campaign = Campaign(
            org_unit=self.group,
            name=plan.name,
            goal=plan.goal,
            hypothesis=plan.hypothesis,
            segment=self.segment,
            state=state,
            planned_lift=2.0,
            window_days=WINDOW_DAYS,
            salt=plan.salt,
            starts_at=self._at(plan.start),
            ends_at=None if plan.end is None else self._at(plan.end),
            created_at=self._at(plan.start - 7),
            updated_at=self.now,
        )
        arms = {
            CONTROL: self._arm(campaign, CONTROL, Treatment.Channel.NONE, control, 0),
            TREATED: self._arm(campaign, TREATED, Treatment.Channel(plan.channel), 1 - control, 1),
        }
        write_sample_campaign(campaign, list(arms.values()), actor=self.actor, now=self.now)
        return campaign, arms

    def _arm(
        self, campaign: Campaign, name: str, channel: Treatment.Channel, share: Decimal, position: int
    ) -> Treatment:
        is_treated = channel != Treatment.Channel.NONE
        return Treatment(
            campaign=campaign,
            name="电话组" if channel == Treatment.Channel.CALL else name,
            channel=channel,
            share=share,
            subject=self.plan.subject if is_treated else "",
            body=f"{self.plan.body}\n\n{{opt_out}}" if channel == Treatment.Channel.EMAIL else "",
            position=position,
            created_at=self.now,
            updated_at=self.now,
        )

    def _at(self, days: int) -> datetime:
        return datetime.combine(self.today + timedelta(days=days), time(9, 30), ZONE)
