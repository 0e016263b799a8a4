"""The fields of a case that are edited where they are shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import change_case
from hearth.core.actor import Actor
from hearth.lists import controls
from hearth.lists.definitions import Batch, EditableField, FixedField
from hearth.lists.filters.base import Words

NO_RIGHT: Words = _("you may not change it there")
CLOSED: Words = _("closed")
BY_ACT: Words = _("a case is answered and closed on its page, or on the board")


def settled_or_beyond_reach(batch: Batch[Case]) -> Mapping[UUID, Words]:
    """Tell of closed cases, and of those where the actor may not change cases; no query."""
    scope = batch.actor.scope(CHANGE_CASE)
    beyond = {row.pk: NO_RIGHT for row in batch.rows if not scope.covers(row.org_unit_id)}
    return {**beyond, **{row.pk: CLOSED for row in batch.rows if row.state == Case.State.CLOSED}}


def _grade(case: Case, grade: Any, actor: Actor, now: datetime) -> object:
    return change_case(case, actor=actor, grade=grade, assignee=case.assignee, now=now)


def _put_in_charge(case: Case, person: Any, actor: Actor, now: datetime) -> object:
    return change_case(case, actor=actor, grade=case.grade, assignee=person, now=now)


FIELDS: tuple[EditableField[Case], ...] = (
    EditableField(
        key="grade",
        label=_("Grade"),
        permission=CHANGE_CASE,
        control=controls.one_of(Case.Grade.choices),
        read=lambda row: row.grade,
        write=_grade,
        locks=settled_or_beyond_reach,
        shortcut="p",
    ),
    EditableField(
        key="assignee",
        label=_("In charge"),
        permission=CHANGE_CASE,
        control=controls.colleague("assignee_id"),
        read=lambda row: row.assignee,
        write=_put_in_charge,
        locks=settled_or_beyond_reach,
        shortcut="a",
    ),
)
FIXED = (FixedField("state", CHANGE_CASE, BY_ACT),)
