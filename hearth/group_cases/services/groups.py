"""Opening group complaints, changing their words, and closing them."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, Cause
from hearth.cases.permissions import CHANGE_CASE, OVERSEE_CASE
from hearth.cases.services import NotAChoice, tokens_of
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.group_cases.events import GroupCaseChanged, GroupCaseClosed, GroupCaseOpened
from hearth.group_cases.models import GroupCase
from hearth.group_cases.services.joining import NoCases, join_cases
from hearth.group_cases.services.reviews import call_for_review
from hearth.group_cases.services.steps import about, live
from hearth.properties.models import Project


class TitleMissing(InvalidInput):
    """A group complaint has a name by which people speak of it."""

    code = "title_missing"
    message = _("Say in a few words what it is about.")


class OutcomeMissing(InvalidInput):
    """A group complaint is closed with a word on how it ended."""

    code = "outcome_missing"
    message = _("Say how it ended.")


@dataclass(frozen=True)
class GroupChange:
    """The words of a group complaint."""

    title: str
    topic: str = ""
    demand: str = ""
    facts: str = ""
    cause: Cause | None = None


@transaction.atomic
def open_group_case(
    project: Project,
    *,
    actor: Actor,
    cases: Collection[Case],
    title: str,
    topic: str = "",
    demand: str = "",
    kind: str = Case.Kind.COMPLAINT,
    now: datetime,
) -> GroupCase:
    """Make cases of a project one group complaint, with the households that raised them; those above are told.

    The cases stay what they are: each is answered and settled by itself.

    :raises NotAllowed: if the actor may not change cases at the project's place, or at the place of one of the cases
    :raises TitleMissing: if it has no title
    :raises NotAChoice: if the kind is none
    :raises NoCases: if no case is named
    :raises CaseElsewhere: if a case is about another project
    :raises CaseInAnother: if a case is part of a group complaint already
    """
    actor.require(CHANGE_CASE, project.org_unit_id)
    if not title.strip():
        raise TitleMissing("title")
    if kind not in Case.Kind.values:
        raise NotAChoice("kind")
    if not cases:
        raise NoCases("cases")
    group = GroupCase.objects.create(
        org_unit_id=project.org_unit_id,
        project=project,
        kind=kind,
        topic=topic.strip()[:60],
        title=title.strip()[:200],
        demand=demand.strip(),
        opened_at=now,
        text_tokens=tokens_of(title, topic, demand),
        is_sample=project.is_sample,
        created_at=now,
        updated_at=now,
    )
    group.refresh_from_db(fields=["number"])
    join_cases(group, cases, actor=actor, now=now)
    event = GroupCaseOpened(**about(group), kind=kind, topic=group.topic, households=group.households)
    record(event, actor=actor, now=now)
    return group


@transaction.atomic
def change_group_case(group: GroupCase, said: GroupChange, *, actor: Actor, now: datetime) -> GroupCase:
    """Change the words of a group complaint; records what changed, and nothing when nothing did.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises TitleMissing: if it would have no title
    """
    group = live(group, actor)
    if not said.title.strip():
        raise TitleMissing("title")
    wanted = {each.name: getattr(said, each.name) for each in fields(said)}
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in wanted.items()}
    changed = tuple(name for name, value in wanted.items() if getattr(group, name) != value)
    if not changed:
        return group
    for name in changed:
        setattr(group, name, wanted[name])
    group.text_tokens, group.updated_at = tokens_of(group.title, group.topic, group.demand), now
    group.save(update_fields=[*changed, "text_tokens", "updated_at"])
    record(GroupCaseChanged(**about(group), changed=changed), actor=actor, now=now)
    return group


@transaction.atomic
def close_group_case(group: GroupCase, *, actor: Actor, outcome: str, now: datetime) -> GroupCase:
    """End a group complaint; cases in it that are open stay open, and are settled by themselves.

    A review is due some working days later.

    :raises NotAllowed: if the actor may not change cases there, or does not answer for them
    :raises GroupIsClosed: if it was closed before
    :raises OutcomeMissing: if it is not said how it ended
    """
    group = live(group, actor)
    actor.require(OVERSEE_CASE, group.org_unit_id)
    if not outcome.strip():
        raise OutcomeMissing("outcome")
    group.state, group.closed_at, group.outcome = GroupCase.State.CLOSED, now, outcome.strip()
    group.updated_at = now
    group.save(update_fields=["state", "closed_at", "outcome", "updated_at"])
    record(GroupCaseClosed(**about(group), households=group.households), actor=actor, now=now)
    call_for_review(group, now=now)
    return group
