"""Releasing many homes for sale, holding them, or taking them out of sale."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.lists.bulk import register_action
from hearth.lists.definitions import Batch
from hearth.lists.filters.base import Words
from hearth.lists.setting import Setting, setting
from hearth.properties.lists import HOMES
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from hearth.properties.services import change_unit_state

# What somebody decides for many at once; every other state is the step of one sale or handover.
BEFORE_A_SALE = (Unit.State.PLANNED, Unit.State.AVAILABLE, Unit.State.HELD)
NO_RIGHT, IN_A_SALE = _("you may not change it there"), _("in a sale, or handed over")


def _state_field() -> forms.Field:
    return forms.ChoiceField(
        label=_("State"),
        choices=[(state.value, state.label) for state in BEFORE_A_SALE],
        widget=forms.Select({"class": "form-select"}),
    )


def _set_state(unit: Unit, state: str, actor: Actor, now: datetime) -> object:
    return change_unit_state(unit, state, actor=actor, now=now)


def _sold_or_beyond_reach(batch: Batch[Unit]) -> Mapping[UUID, Words]:
    """Leave out homes in a sale, and those where the actor may not change homes; no query."""
    scope = batch.actor.scope(CHANGE_PROPERTY)
    beyond = {row.pk: NO_RIGHT for row in batch.rows if not scope.covers(row.org_unit_id)}
    return {**beyond, **{row.pk: IN_A_SALE for row in batch.rows if row.state not in BEFORE_A_SALE}}


def _place_of_each(batch: Batch[Unit]) -> Mapping[UUID, Collection[int]]:
    return {row.pk: [row.org_unit_id] for row in batch.rows}


register_action(
    HOMES.key,
    setting(
        "state",
        _("Release, hold or withdraw"),
        "key",
        CHANGE_PROPERTY,
        Setting(field=_state_field, read=lambda unit: unit.state, write=_set_state),
        _sold_or_beyond_reach,
        places=_place_of_each,
    ),
)
