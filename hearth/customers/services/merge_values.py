"""Which values a record keeps when others are merged into it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.errors import InvalidInput
from hearth.customers.merge_fields import FIELDS, default_choice
from hearth.customers.models import Customer
from hearth.customers.origins import IDENTITY, NOTE
from hearth.customers.services.merge_memory import Change

# Columns that follow from others, or differ each time they are written.
DERIVED = frozenset({"pinyin", "name_tokens", "identity_sealed"})


class UnknownChoice(InvalidInput):
    """A choice names no field, or a record that is not merged here."""

    code = "unknown_merge_choice"
    message = _("This choice names a field or a record that is not part of the merge.")


def check_choices(values: Mapping[str, UUID], people: Sequence[Customer]) -> None:
    """Refuse choices that make no sense.

    :raises UnknownChoice: naming the field
    """
    known = {person.pk for person in people}
    for field, chosen in values.items():
        if field not in FIELDS or chosen not in known:
            raise UnknownChoice(field)


def take_values(people: Sequence[Customer], values: Mapping[str, UUID]) -> list[Change]:
    """Set on the first of the records what it keeps of all, and return what changed; it saves nothing.

    Notes are joined unless one is chosen. Known since the first of the records was; last contact as the last of
    them; restricted, and not to be profiled, if one of them is; the identity number comes along wherever it stands.
    What note and number may be used for comes with them.
    """
    survivor, by_id = people[0], {person.pk: person for person in people}
    changes = []
    for field, columns in FIELDS.items():
        if field == NOTE:
            continue
        source = by_id[values.get(field) or default_choice(field, people)]
        changes += _set(survivor, {column: getattr(source, column) for column in columns})
    # Together, so that an undo never brings a note back without the block it had.
    changes += _set(survivor, _note_and_origins(people, by_id[values[NOTE]] if NOTE in values else None))
    contacts = [person.last_contact_at for person in people if person.last_contact_at]
    changes += _set(survivor, {"created_at": min(person.created_at for person in people)})
    changes += _set(survivor, {"last_contact_at": max(contacts, default=None)})
    restricted = [person.restricted_at for person in people if person.restricted_at]
    changes += _set(survivor, {"restricted_at": min(restricted, default=None)})
    refused = [person.profiling_refused_at for person in people if person.profiling_refused_at]
    changes += _set(survivor, {"profiling_refused_at": min(refused, default=None)})
    return changes + _take_identity(people)


def _note_and_origins(people: Sequence[Customer], chosen: Customer | None) -> dict[str, Any]:
    """Return the note and the origins: one chosen, else those that may be used joined, else a blocked one."""
    blocking = {person.note: person for person in reversed(people) if person.note and person.is_blocked(NOTE)}
    usable = [person for person in people if person.note and person.note not in blocking]
    if chosen is None and usable:
        source, note = usable[0], "\n".join(dict.fromkeys(person.note for person in usable))
    else:
        written = chosen or next((person for person in people if person.note), people[0])
        source, note = blocking.get(written.note, written), written.note
    origin_of = {NOTE: source.origins.get(NOTE) if note else None}
    if holder := _number_holder(people):
        origin_of[IDENTITY] = holder.origins.get(IDENTITY)
    merged = {**people[0].origins, **origin_of}
    return {"note": note, "origins": {item: origin for item, origin in merged.items() if origin}}


def _number_holder(people: Sequence[Customer]) -> Customer | None:
    return next((person for person in people if person.identity_index), None)


def _take_identity(people: Sequence[Customer]) -> list[Change]:
    survivor, holder = people[0], _number_holder(people)
    if holder is None or holder is survivor:
        return []
    before = {"identity_index": survivor.identity_index, "identity_sealed": survivor.identity_sealed}
    survivor.identity_number = holder.identity_number
    survivor.identity_index = holder.identity_index
    return [Change.of(Customer, survivor.pk, before, {"identity_index": holder.identity_index})]


def _set(survivor: Customer, new: Mapping[str, Any]) -> list[Change]:
    before = {column: getattr(survivor, column) for column in new}
    if all(before[column] == new[column] for column in new if column not in DERIVED):
        return []
    for column, value in new.items():
        setattr(survivor, column, value)
    after = {column: value for column, value in new.items() if column not in DERIVED}
    return [Change.of(Customer, survivor.pk, before, after)]
