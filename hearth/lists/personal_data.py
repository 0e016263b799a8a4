"""What colleagues searched for and saved, and what changes of many rows remember."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    holds_none,
    naming,
    register_personal_data,
    strike_out_in,
)
from hearth.lists.models import BulkRow, BulkRun, DefaultView, PinnedView, SavedView


def without(parameters: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """Return the parameters of a list's address but for those that name the person."""
    return {key: value for key, value in parameters.items() if not person.is_meant_in([key, value])}


def erase_searches(person: Person, now: datetime) -> int:
    number = 0
    for view in naming(SavedView.objects.all(), person, "parameters", with_ids=True):
        view.parameters = without(view.parameters, person)
        view.save(update_fields=["parameters"])
        number += 1
    return number + strike_out_in(SavedView.objects.all(), person, "name")


def erase_memory(person: Person, now: datetime) -> int:
    """Forget what rows had before a change: it can then not be taken back for them."""
    own = BulkRow.objects.filter(row_id__in=person.ids).exclude(before={})
    others = naming(BulkRow.objects.all(), person, "before")
    runs = naming(BulkRun.objects.all(), person, "values")
    number = own.update(before={}, outcome=BulkRow.Outcome.KEPT)
    number += others.update(before={}, outcome=BulkRow.Outcome.KEPT)
    return number + runs.update(values={})


register_personal_data("lists.searches", _("Saved searches"), SavedView, erase=erase_searches)
register_personal_data("lists.changes", _("Changes of many rows"), BulkRow, BulkRun, erase=erase_memory)
holds_none(PinnedView, DefaultView, because="Which saved lists colleagues use.")
