"""The fields of a record of which a person chooses one value when records are merged."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from hearth.customers.models import Customer

# Each with the columns that go with it; the first tells whether there is a value.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "pinyin", "name_tokens"),
    "kind": ("kind",),
    "sex": ("sex",),
    "birth_date": ("birth_date",),
    "occupation": ("occupation",),
    "source": ("source",),
    "household": ("household_id", "household_role"),
    "responsible": ("responsible_id",),
    "external_key": ("external_key",),
    "note": ("note",),
}


def default_choice(field: str, people: Sequence[Customer]) -> UUID:
    """Return whose value is kept unless a person says otherwise: the first that has one; the survivor is first."""
    column = FIELDS[field][0]
    return next((person.pk for person in people if getattr(person, column)), people[0].pk)
