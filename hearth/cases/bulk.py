"""Changes of many cases at once, beside assigning them."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.cases.fields import settled_or_beyond_reach
from hearth.cases.lists import CASES, GRADES, place_of_each
from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import change_case, close_case
from hearth.core.actor import Actor
from hearth.lists.bulk import register_action
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Words
from hearth.lists.setting import Setting, doing, setting
from hearth.tasks.giving import About, giving


def _set_grade(case: Case, grade: str, actor: Actor, now: datetime) -> object:
    return change_case(case, actor=actor, grade=grade, assignee=case.assignee, now=now)


def _close(case: Case, actor: Actor, now: datetime) -> object:
    return close_case(case, actor=actor, now=now)


def _cannot_close(batch: Batch[Case]) -> Mapping[UUID, Words]:
    """Leave out what has no answer yet, beside what is closed or out of reach; no query."""
    unanswered = {row.pk: UNANSWERED for row in batch.rows if row.answered_at is None}
    return {**unanswered, **settled_or_beyond_reach(batch)}


UNANSWERED = _("the customer has no answer yet")
register_action(
    CASES.key,
    setting(
        "grade",
        _("Set the grade"),
        "flag",
        CHANGE_CASE,
        Setting(
            field=partial(
                forms.ChoiceField,
                label=_("Grade"),
                choices=GRADES,
                widget=forms.Select({"class": "form-select"}),
            ),
            read=lambda case: case.grade,
            write=_set_grade,
        ),
        settled_or_beyond_reach,
        places=place_of_each,
    ),
)
register_action(
    CASES.key, giving(About(places=place_of_each, customer_id=lambda case: case.customer_id, kind="case"))
)
register_action(
    CASES.key,
    doing("close", _("Close"), "check", CHANGE_CASE, _close, _cannot_close, places=place_of_each),
)
