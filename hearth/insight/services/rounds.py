"""Rounds of the loop: opened on figures, decided, and closed on figures that can be compared."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import Campaign
from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.insight.events import RoundClosed, RoundDecided, RoundOpened
from hearth.insight.models import Round, RoundDecision
from hearth.insight.permissions import RUN_INSIGHT
from hearth.insight.selectors.figures import figures_at
from hearth.insight.selectors.runs import latest_run
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.warehouse.models import Snapshot


class NothingScored(DomainError):
    """A round begins and ends on figures; there are none before the first run."""

    code = "nothing_scored"
    message = _("Compute the profiles first: a round starts from their figures.")


class SnapshotNotNewest(DomainError):
    """Profiles speak of the newest scored snapshot; older figures are gone."""

    code = "snapshot_not_newest"
    message = _("Only the snapshot of the newest computation can be frozen.")


class RoundAlreadyOpen(DomainError):
    """One round after another: the one under way must be closed first."""

    code = "round_already_open"
    message = _("“%(name)s” is still under way here. Close it first.")


class RoundStartsTooEarly(InvalidInput):
    """Rounds at a place follow each other in time."""

    code = "round_starts_too_early"
    message = _("A round cannot start before the one before it.")


class RoundNotOpen(DomainError):
    """A closed round is history."""

    code = "round_not_open"
    message = _("This round is closed.")


class DecisionEmpty(InvalidInput):
    """A decision says what is done."""

    code = "decision_empty"
    message = _("Say what was decided.")


class CountOfOtherSegment(InvalidInput):
    """The count belongs to another segment."""

    code = "count_of_other_segment"
    message = _("This count belongs to another segment.")


@transaction.atomic
def open_round(
    org_unit: OrgUnit,
    *,
    name: str,
    goal: str,
    starts: date,
    actor: Actor,
    now: datetime,
    snapshot: Snapshot | None = None,
) -> Round:
    """Begin a round at a place on the figures of the newest computation, which are frozen with it.

    :raises NotAllowed: if the actor may not keep rounds at the place
    :raises NothingScored: if no profiles were computed
    :raises SnapshotNotNewest: if `snapshot` is not the one the profiles speak of
    :raises RoundAlreadyOpen: if a round is under way at the place
    :raises RoundStartsTooEarly: if it starts before the round before
    """
    actor.require(RUN_INSIGHT, org_unit.pk)
    # Two people may open a round in the same second; the place's row lets them in one after another.
    OrgUnit.objects.select_for_update().get(pk=org_unit.pk)
    last = Round.objects.filter(org_unit=org_unit).order_by("-starts_date", "-id").first()
    if last and last.state == Round.State.OPEN:
        raise RoundAlreadyOpen(name=last.name)
    if last and starts < last.starts_date:
        raise RoundStartsTooEarly("starts")
    frozen, figures = _freeze(org_unit, snapshot)
    opened = Round.objects.create(
        org_unit=org_unit,
        name=name,
        goal=goal,
        starts_date=starts,
        snapshot=frozen,
        figures=figures,
        created_at=now,
        updated_at=now,
    )
    record(RoundOpened(subject_id=opened.id, org_unit_id=org_unit.pk), actor=actor, now=now)
    return opened


@transaction.atomic
def decide(
    subject: Round,
    *,
    text: str,
    actor: Actor,
    now: datetime,
    segment: Segment | None = None,
    count: SegmentCount | None = None,
    campaign: Campaign | None = None,
) -> RoundDecision:
    """Write down what is decided in a round; without a count, the segment's newest one is kept with it.

    :raises NotAllowed: if the actor may not keep rounds there, or not see the segment or campaign
    :raises RoundNotOpen: if the round is closed
    :raises DecisionEmpty: if nothing is said
    :raises CountOfOtherSegment: if count and segment do not fit
    """
    actor.require(RUN_INSIGHT, subject.org_unit_id)
    if not text.strip():
        raise DecisionEmpty("text")
    if segment and not actor.can(VIEW_SEGMENT, segment.org_unit_id):
        raise NotAllowed(permission=VIEW_SEGMENT)
    if campaign and not actor.can(VIEW_CAMPAIGN, campaign.org_unit_id):
        raise NotAllowed(permission=VIEW_CAMPAIGN)
    if count and (segment is None or count.segment_id != segment.pk):
        raise CountOfOtherSegment("count")
    _lock_open(subject)
    decision = RoundDecision.objects.create(
        round=subject,
        text=text.strip(),
        segment=segment,
        count=count or _newest_count(segment),
        campaign=campaign,
        decided_by_id=actor.user_id,
        decided_at=now,
        created_at=now,
        updated_at=now,
    )
    event = RoundDecided(
        subject_id=decision.id,
        org_unit_id=subject.org_unit_id,
        round_id=subject.pk,
        segment_id=segment.pk if segment else None,
        campaign_id=campaign.pk if campaign else None,
    )
    record(event, actor=actor, now=now)
    return decision


@transaction.atomic
def close_round(
    subject: Round, *, lessons: str, actor: Actor, now: datetime, snapshot: Snapshot | None = None
) -> Round:
    """End a round today on the figures of the newest computation, with what was learnt.

    :raises NotAllowed: if the actor may not keep rounds there
    :raises RoundNotOpen: if it is closed already
    :raises NothingScored: if no profiles were computed
    :raises SnapshotNotNewest: if `snapshot` is not the one the profiles speak of
    """
    actor.require(RUN_INSIGHT, subject.org_unit_id)
    locked = _lock_open(subject)
    locked.state, locked.lessons, locked.updated_at = Round.State.CLOSED, lessons.strip(), now
    locked.ends_date = max(timezone.localdate(now), locked.starts_date)
    locked.closing_snapshot, locked.closing_figures = _freeze(locked.org_unit, snapshot)
    locked.save()
    record(RoundClosed(subject_id=locked.id, org_unit_id=locked.org_unit_id), actor=actor, now=now)
    return locked


def _freeze(org_unit: OrgUnit, snapshot: Snapshot | None) -> tuple[Snapshot, dict[str, Any]]:
    run = latest_run()
    if run is None or run.snapshot is None:
        raise NothingScored
    if snapshot is not None and run.snapshot != snapshot:
        raise SnapshotNotNewest
    return run.snapshot, figures_at(org_unit, run)


def _lock_open(subject: Round) -> Round:
    locked: Any = Round.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=subject.pk)
    if locked.state != Round.State.OPEN:
        raise RoundNotOpen
    return locked  # type: ignore[no-any-return]


def _newest_count(segment: Segment | None) -> SegmentCount | None:
    if segment is None:
        return None
    return SegmentCount.objects.filter(segment=segment).order_by("-created_at", "-id").first()
