"""The fields of a home that are edited where they are shown."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.lists.controls import SELECT
from hearth.lists.definitions import Batch, EditableField
from hearth.lists.filters.base import Words
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from hearth.properties.services import change_unit_state
from hearth.properties.services.states import NEXT_STATES, can_become

NO_RIGHT: Words = _("you may not change it there")
HANDED_OVER: Words = _("a home that was handed over stays so")


def _state_locks(batch: Batch[Unit]) -> Mapping[UUID, Words]:
    """Tell of homes that stay what they are, and of those out of reach; no query."""
    scope = batch.actor.scope(CHANGE_PROPERTY)
    beyond = {row.pk: NO_RIGHT for row in batch.rows if not scope.covers(row.org_unit_id)}
    return {**beyond, **{row.pk: HANDED_OVER for row in batch.rows if not NEXT_STATES[row.state]}}


def _next_states(row: Unit, _actor: Actor) -> forms.Field:
    """Offer the states the home may have next, and the one it has."""
    choices = [each for each in Unit.State.choices if can_become(row.state, each[0])]
    return forms.ChoiceField(choices=choices, widget=forms.Select(SELECT))


FIELDS: tuple[EditableField[Unit], ...] = (
    EditableField(
        key="state",
        label=_("State"),
        permission=CHANGE_PROPERTY,
        control=_next_states,
        read=lambda row: row.state,
        write=lambda row, state, actor, now: change_unit_state(row, state, actor=actor, now=now),
        locks=_state_locks,
        shortcut="s",
    ),
)
