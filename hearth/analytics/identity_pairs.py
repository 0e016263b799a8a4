"""Which records are compared at all: those that share a key, and no key is shared by many (Fellegi, Sunter 1969)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hearth.analytics.identity import COLUMNS
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
else:
    ibis = Postponed("ibis")

Expression = Any
# A key that more records share says little, and comparing them all would take time that grows with the square.
MOST_SHARING = 50


def candidate_pairs(*, is_fresh_only: bool = False) -> Expression:
    """Return the pairs of records worth comparing, each once, as an expression bound to no engine.

    In: a table `people` with the columns of `identity.COLUMNS`; where only pairs with certain records are wanted, a
    table `fresh` of their `person_id`. Out: `person_id_l`, `person_id_r` (int64), the smaller first. A record without
    a value has no key of that kind. Keys shared by more than `MOST_SHARING` records are left out, so that pairs grow
    as records do.
    """
    keys = _keys(ibis.table(dict(COLUMNS), name="people"))
    sizes = keys.group_by("key").agg(records=keys.count())
    sizes = sizes.filter((sizes.records > 1) & (sizes.records <= MOST_SHARING))
    kept = keys.semi_join(sizes, "key")
    left = kept.select("key", person_id_l=kept.person_id)
    right = kept.view()
    right = right.select("key", person_id_r=right.person_id)
    if is_fresh_only:
        return _with_fresh(left, right, ibis.table({"person_id": "int64"}, name="fresh"))
    pairs = left.join(right, "key").filter(lambda pair: pair.person_id_l < pair.person_id_r)
    return pairs.select("person_id_l", "person_id_r").distinct()


def _with_fresh(left: Expression, right: Expression, fresh: Expression) -> Expression:
    asked = left.semi_join(fresh, left.person_id_l == fresh.person_id)
    met = asked.join(right, "key").filter(lambda pair: pair.person_id_l != pair.person_id_r)
    return met.select(
        person_id_l=ibis.least(met.person_id_l, met.person_id_r),
        person_id_r=ibis.greatest(met.person_id_l, met.person_id_r),
    ).distinct()


def _keys(people: Expression) -> Expression:
    """Return `person_id` and `key` (text): one row for each key of a record."""
    born = people.birth_date.cast("string")
    single = {
        "i": people.identity.cast("string"),
        "h": people.household.cast("string"),
        "b": people.sound + "|" + born,
        "s": people.surname + "|" + born,
    }
    parts = [_key(people, mark, value) for mark, value in single.items()]
    parts += [
        _key(exploded, mark, exploded.token.cast("string"))
        for mark, column in (("p", "phones"), ("e", "emails"), ("a", "homes"))
        for exploded in [people.select("person_id", token=people[column].unnest())]
    ]
    parts += [
        _key(exploded, mark, exploded.sound + "|" + exploded.token.cast("string"))
        for mark, column in (("4", "phone_ends"), ("n", "buildings"))
        for exploded in [people.select("person_id", "sound", token=people[column].unnest())]
    ]
    return ibis.union(*parts)


def _key(rows: Expression, mark: str, value: Expression) -> Expression:
    keyed = rows.select("person_id", key=ibis.literal(mark) + value)
    return keyed.filter(keyed.key.notnull())
