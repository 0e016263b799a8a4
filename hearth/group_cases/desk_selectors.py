"""What the desk of a group complaint shows: plan, team, statements, meetings; and the years."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.utils.timezone import localdate, localtime

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.group_cases.models import (
    Attendance,
    Commitment,
    GroupCase,
    GroupMeeting,
    GroupReview,
    GroupStep,
    LibraryEntry,
    NegotiationEntry,
    PreventiveCheck,
    Statement,
    TeamMember,
)

GRAVE = (Case.GroupLevel.MAJOR, Case.GroupLevel.CRISIS)


def desk_story(group: GroupCase, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return plan, team and what is said; three queries."""
    said = (
        Statement.objects.visible_to(actor)
        .filter(group_case=group)
        .select_related("written_by", "approved_by")
        .order_by("kind", "-version")
    )
    by_kind: dict[str, list[Statement]] = defaultdict(list)
    for row in said:
        by_kind[row.kind].append(row)
    return {
        "steps": GroupStep.objects.visible_to(actor)
        .filter(group_case=group)
        .select_related("plan_step", "done_by")
        .annotate(is_overdue=Q(done_at=None, due_at__lt=now))
        .order_by("due_at", "plan_step__position", "id"),
        "team": TeamMember.objects.visible_to(actor)
        .present()
        .filter(group_case=group)
        .select_related("user")
        .order_by("role", "joined_at", "id"),
        "said": [
            {
                "kind": kind,
                "label": label,
                "latest": by_kind[kind][0] if by_kind[kind] else None,
                "standing": next((row for row in by_kind[kind] if row.approved_at), None),
                "versions": by_kind[kind],
            }
            for kind, label in Statement.Kind.choices
        ],
    }


def commitments_of(group: GroupCase, actor: Actor) -> Sequence[Commitment]:
    """Return what was promised, what is not kept first; one query."""
    rows = Commitment.objects.visible_to(actor).filter(group_case=group).select_related("responsible")
    return sorted(rows.order_by("due_date", "id"), key=lambda row: row.done_at is not None)


def meeting_story(meeting: GroupMeeting, actor: Actor) -> dict[str, Any]:
    """Return who is there, what was promised and what was said at a meeting; three queries."""
    promised = Commitment.objects.visible_to(actor).filter(meeting=meeting).select_related("responsible")
    return {
        "attendances": Attendance.objects.visible_to(actor)
        .filter(meeting=meeting)
        .select_related("user", "household__customer", "household__unit__building")
        .order_by("side", "id"),
        "commitments": list(promised.order_by("id")),
        "negotiation": NegotiationEntry.objects.visible_to(actor)
        .filter(meeting=meeting)
        .select_related("user")
        .order_by("-said_at", "-id"),
    }


def talks_of(group: GroupCase, actor: Actor) -> dict[str, Any]:
    """Return the meetings, the promises and what was said of a group complaint; three queries."""
    return {
        "meetings": GroupMeeting.objects.visible_to(actor)
        .filter(group_case=group)
        .annotate(people=Count("attendances"))
        .order_by("-begins_at", "-id"),
        "commitments": commitments_of(group, actor),
        "negotiation": NegotiationEntry.objects.visible_to(actor)
        .filter(group_case=group)
        .select_related("user", "meeting")
        .order_by("-said_at", "-id")[:100],
    }


def review_of(group: GroupCase, actor: Actor) -> GroupReview | None:
    """Return the review of a group complaint, once it is closed."""
    rows = GroupReview.objects.visible_to(actor).filter(group_case=group)
    return rows.select_related("group_case__org_unit", "written_by", "finished_by").first()


def checks_of(group: GroupCase, actor: Actor) -> Sequence[PreventiveCheck]:
    """Return the checks that came of a group complaint at places which the actor sees; one query."""
    rows = PreventiveCheck.objects.visible_to(actor).filter(group_case=group)
    return list(rows.select_related("project", "org_unit").order_by("due_date", "id"))


@dataclass
class Year:
    """The major complaints of a year: of many households, of the past, and how many single ones at which place."""

    number: int
    groups: list[GroupCase] = field(default_factory=list)
    past: list[LibraryEntry] = field(default_factory=list)
    single: list[tuple[str, int]] = field(default_factory=list)

    @property
    def households(self) -> int:
        return sum(group.households for group in self.groups)


def register_by_year(actor: Actor, *, now: datetime) -> list[Year]:
    """Return the major complaints year by year, the latest first, with every year between; three queries.

    A year is one of the clock of the installation.
    """
    years: dict[int, Year] = {}

    def year(number: int) -> Year:
        return years.setdefault(number, Year(number))

    groups = GroupCase.objects.visible_to(actor).filter(level__in=GRAVE).select_related("project", "org_unit")
    for group in groups.order_by("-opened_at", "-id"):
        year(localtime(group.opened_at).year).groups.append(group)
    for entry in LibraryEntry.objects.order_by("year", "id"):
        year(entry.year).past.append(entry)
    major = Case.objects.visible_to(actor).filter(kind=Case.Kind.COMPLAINT, grade=Case.Grade.MAJOR)
    counted = major.annotate(year=ExtractYear("opened_at")).order_by()
    for number, place, cases in (
        counted.values_list("year", "org_unit__name")
        .annotate(cases=Count("id"))
        .order_by("-year", "org_unit__path")
    ):
        year(number).single.append((place, cases))
    first = min(years, default=localdate(now).year)
    return [year(number) for number in range(max([localdate(now).year, *years]), first - 1, -1)]
