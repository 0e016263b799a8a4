"""What a scored pair has in common, in words' codes, and whether that is enough to take it for one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hearth.analytics.identity import IdentityModel
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
else:
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")

UNKNOWN = "unknown"
# What agrees between people who live together says nothing of which of them is meant.
OWN_NAMES = ("same_name", "same_sound", "similar_name")
DOUBTFUL_NAMES = ("shortened_name",)
# Half of all people are of the same sex, and one in forty has the same surname: no reason anybody would give.
LEAST_SIGN = 2.0
OWN_SIGNS = ("same_birth_date", "same_email")


def with_levels(pairs: pa.Table, model: IdentityModel) -> pa.Table:
    """Turn each column `gamma_x` (levels counted from 0 for the last, -1 unknown) into `x` with the level's code."""
    for each in model.comparisons:
        codes = pa.array([UNKNOWN, *(level.code for level in reversed(each.levels))])
        at = pairs.schema.get_field_index(f"gamma_{each.name}")
        numbers = pc.add(pairs.column(at).cast(pa.int32()), 1)
        pairs = pairs.set_column(at, each.name, pc.take(codes, numbers))
    return pairs


def of_one_person(pairs: pa.Table) -> pa.Table:
    """Keep the pairs (with level columns) in which something is common that a family does not share.

    That is the identity number; a name that is the same, sounds so or is nearly so; or a name with one character
    less, beside the same date of birth or e-mail. 张伟 and 张敏 with one phone, address and surname are a couple or
    parent and child, however high their weight. A missing value is no sign.
    """
    return pairs.filter(_is_of_one_person(pairs))


def worth_a_look(pairs: pa.Table) -> pa.Table:
    """Keep the pairs (with level columns) that a person should judge, though not all are sure enough for a group.

    Beside those `of_one_person`: 王先生 and 王伟, or 张三丰 and 张三, where phone, e-mail or home are the same.
    """
    has_phone = pc.equal(pairs["phone"], "same_phone")
    has_email = pc.equal(pairs["email"], "same_email")
    has_contact = pc.or_(pc.or_(has_phone, has_email), pc.equal(pairs["place"], "same_home"))
    is_vague = pc.is_in(pairs["name"], pa.array(("courtesy", *DOUBTFUL_NAMES)))
    return pairs.filter(pc.or_(_is_of_one_person(pairs), pc.and_(has_contact, is_vague)))


def _is_of_one_person(pairs: pa.Table) -> pa.ChunkedArray:
    name = pairs["name"]
    has_number = pc.equal(pairs["identity"], "same_identity")
    has_name = pc.is_in(name, pa.array(OWN_NAMES))
    has_own = pc.or_(pc.equal(pairs["birth_date"], OWN_SIGNS[0]), pc.equal(pairs["email"], OWN_SIGNS[1]))
    has_short = pc.and_(pc.is_in(name, pa.array(DOUBTFUL_NAMES)), has_own)
    return pc.or_(pc.or_(has_number, has_name), has_short)


def signs_of(pair: Mapping[str, object], model: IdentityModel) -> list[str]:
    """Return the codes of what agrees in a pair (a row with level columns) and says something, the weightiest first."""
    weights = {
        str(pair[each.name]): each.weight_of(str(pair[each.name]))
        for each in model.comparisons
        if pair[each.name] not in ("else", UNKNOWN, None)
    }
    return sorted(
        (code for code, weight in weights.items() if weight >= LEAST_SIGN), key=lambda code: -weights[code]
    )
