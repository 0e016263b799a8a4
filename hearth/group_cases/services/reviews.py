"""The review of a closed group complaint, and the checks that it raises in sister projects."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hearth.cases.permissions import CHANGE_CASE, OVERSEE_CASE
from hearth.cases.services import NotAChoice
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.group_cases.events import CheckDone, CheckRaised, ReviewFinished
from hearth.group_cases.models import GroupCase, GroupReview, PreventiveCheck, Reach
from hearth.group_cases.plans import CHECK_DAYS, REVIEW_DAYS
from hearth.group_cases.services.steps import about
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import calendar_for, calendars_for, setting_at
from hearth.properties.models import Project
from hearth.tasks.services import NewTask, create_tasks

SYSTEM = Actor.system("group_cases")
# Who is asked at a place where nobody is named.
DESK = "customer_manager"


class ReviewIncomplete(InvalidInput):
    """A review says what happened, why, and what follows."""

    code = "review_incomplete"
    message = _("Say what happened, why, and what we do otherwise from now on.")


class PreventionMissing(InvalidInput):
    """Sister projects are told what to check, in words that stand by themselves."""

    code = "prevention_missing"
    message = _("Say what other projects are to check.")


class ReviewIsFinished(DomainError):
    """A finished review does not change."""

    code = "review_is_finished"
    message = _("This review is finished.")


class CheckIsDone(DomainError):
    """A check is done once."""

    code = "check_is_done"
    message = _("This check is done already.")


class FindingMissing(InvalidInput):
    """A check ends with what was found."""

    code = "finding_missing"
    message = _("Say what was found.")


@dataclass(frozen=True)
class ReviewWords:
    """What a review says."""

    course: str = ""
    reasons: str = ""
    lessons: str = ""
    prevention: str = ""


def call_for_review(group: GroupCase, *, now: datetime) -> GroupReview:
    """Have a review written within the working days of the place; opens no transaction. The desk gets a task."""
    days = setting_at(REVIEW_DAYS.key, group.org_unit)
    due_date = calendar_for(group.org_unit).add_working_days(localdate(now), days)
    review = GroupReview.objects.create(
        group_case=group, due_date=due_date, is_sample=group.is_sample, created_at=now, updated_at=now
    )
    role_id = Role.objects.filter(code=DESK).values_list("pk", flat=True).first()
    if role_id is not None:
        title = pgettext("task", "Review of group complaint #%(number)s") % {"number": group.number}
        task = NewTask(
            group.org_unit_id,
            title,
            due_date,
            role_id=role_id,
            about_kind="group_case",
            about_id=group.pk,
            rule="group_cases.review",
        )
        create_tasks([task], actor=SYSTEM, now=now, is_sample=group.is_sample)
    return review


def _open(review: GroupReview, actor: Actor) -> GroupReview:
    """Lock a review that is not finished."""
    actor.require(CHANGE_CASE, review.group_case.org_unit_id)
    rows = GroupReview.objects.select_for_update(of=("self",)).select_related("group_case__org_unit")
    review = rows.get(pk=review.pk)
    if review.finished_at is not None:
        raise ReviewIsFinished
    return review


@transaction.atomic
def write_review(review: GroupReview, said: ReviewWords, *, actor: Actor, now: datetime) -> GroupReview:
    """Keep what a review says so far.

    :raises NotAllowed: if the actor may not change cases there
    :raises ReviewIsFinished: if it is finished
    """
    review = _open(review, actor)
    review.course, review.reasons = said.course.strip(), said.reasons.strip()
    review.lessons, review.prevention = said.lessons.strip(), said.prevention.strip()
    review.written_by_id, review.updated_at = actor.user_id, now
    review.save(update_fields=["course", "reasons", "lessons", "prevention", "written_by", "updated_at"])
    return review


@transaction.atomic
def finish_review(review: GroupReview, *, actor: Actor, reach: str = "", now: datetime) -> GroupReview:
    """Finish a review. With a reach, every other project there is asked to check, by a job of the system.

    :raises NotAllowed: if the actor may not change cases there, or does not answer for them
    :raises ReviewIsFinished: if that was done
    :raises ReviewIncomplete: if something is not said
    :raises NotAChoice: if there is no such reach
    :raises PreventionMissing: if others are to check, and it is not said what
    """
    from hearth.group_cases.jobs import raise_checks_of  # noqa: PLC0415  (jobs call services)

    review = _open(review, actor)
    group = review.group_case
    actor.require(OVERSEE_CASE, group.org_unit_id)
    if not (review.course and review.reasons and review.lessons):
        raise ReviewIncomplete("course")
    if reach and reach not in Reach.values:
        raise NotAChoice("reach")
    if reach and not review.prevention:
        raise PreventionMissing("prevention")
    review.finished_at, review.finished_by_id, review.updated_at = now, actor.user_id, now
    review.save(update_fields=["finished_at", "finished_by", "updated_at"])
    event = ReviewFinished(**about(group), reach=reach, is_in_time=localdate(now) <= review.due_date)
    record(event, actor=actor, now=now)
    if reach:
        raise_checks_of.defer(group_id=str(group.pk), reach=reach)
    return review


@transaction.atomic
def raise_checks(group_id: UUID, reach: str, *, now: datetime) -> int:
    """Ask every other project within reach to check, each at its place and by a task; return how many were asked.

    What the review says to others goes there, and nothing else of the group complaint. May be repeated: a project is
    asked once. Finished projects are left alone.
    """
    review = GroupReview.objects.select_related("group_case__org_unit").get(group_case=group_id)
    group = review.group_case
    kind = OrgUnit.Kind(Reach(reach).value)
    top = OrgUnit.objects.above(group.org_unit).filter(kind=kind).first() or group.org_unit
    asked = PreventiveCheck.objects.filter(group_case=group).values("project")
    projects = list(
        Project.objects.filter(org_unit__path__startswith=top.path, is_sample=group.is_sample)
        .exclude(pk__in=[group.project_id])
        .exclude(pk__in=asked)
        .exclude(life_phase=Project.LifePhase.FINISH)
        .select_related("org_unit")
        .order_by("id")
    )
    calendars = calendars_for({project.org_unit for project in projects})
    days = setting_at(CHECK_DAYS.key, group.org_unit)
    checks = [
        PreventiveCheck(
            id=uuid7(),
            group_case=group,
            org_unit_id=project.org_unit_id,
            project=project,
            what=review.prevention,
            due_date=calendars[project.org_unit_id].add_working_days(localdate(now), days),
            is_sample=group.is_sample,
            created_at=now,
            updated_at=now,
        )
        for project in projects
    ]
    PreventiveCheck.objects.bulk_create(checks)
    _give_tasks(checks, now)
    return len(checks)


def _give_tasks(checks: list[PreventiveCheck], now: datetime) -> None:
    role_id = Role.objects.filter(code=DESK).values_list("pk", flat=True).first()
    tasks = []
    for check in checks:
        event = CheckRaised(
            org_unit_id=check.org_unit_id,
            project_id=check.project_id,
            subject_id=check.pk,
            is_sample=check.is_sample,
            check=str(check.pk),
        )
        written = record(event, actor=SYSTEM, now=now)
        if role_id is None:
            continue
        title = pgettext("task", "Preventive check at %(project)s") % {"project": check.project.name}
        tasks.append(
            NewTask(
                check.org_unit_id,
                title[:200],
                check.due_date,
                role_id=role_id,
                note=check.what,
                about_kind="group_check",
                about_id=check.pk,
                rule="group_cases.check",
                event_id=written.id,
            )
        )
    if tasks:
        create_tasks(tasks, actor=SYSTEM, now=now, is_sample=checks[0].is_sample)


@transaction.atomic
def finish_check(
    check: PreventiveCheck, *, actor: Actor, is_found: bool, finding: str, now: datetime
) -> PreventiveCheck:
    """Say whether it is so at this project as well, and what was found.

    :raises NotAllowed: if the actor may not change cases at the project's place
    :raises CheckIsDone: if that was said
    :raises FindingMissing: if nothing is said
    """
    actor.require(CHANGE_CASE, check.org_unit_id)
    check = PreventiveCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if check.done_at is not None:
        raise CheckIsDone
    if not finding.strip():
        raise FindingMissing("finding")
    check.done_at, check.done_by_id, check.updated_at = now, actor.user_id, now
    check.is_found, check.finding = is_found, finding.strip()
    check.save(update_fields=["done_at", "done_by", "updated_at", "is_found", "finding"])
    event = CheckDone(
        org_unit_id=check.org_unit_id,
        project_id=check.project_id,
        subject_id=check.pk,
        is_sample=check.is_sample,
        check=str(check.pk),
        is_found=is_found,
    )
    record(event, actor=actor, now=now)
    return check
