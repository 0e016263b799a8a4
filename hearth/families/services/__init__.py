"""Acts on what is known of families."""

from hearth.families.services.many_relationships import (
    NewRelationship,
    RelationshipChanged,
    RelationshipRules,
    relate_many,
)
from hearth.families.services.needs import (
    NeedNotPossible,
    NeedValues,
    RangeTurnedAround,
    remove_blocked_need,
    reveal_income,
    state_need_origin,
    state_needs,
)
from hearth.families.services.relationships import (
    RelatedToThemselves,
    RelationshipContradicts,
    RelationshipGoesRound,
    RelationshipKnown,
    RelationshipOver,
    end_relationship,
    relate,
)

__all__ = [
    "NeedNotPossible",
    "NeedValues",
    "NewRelationship",
    "RangeTurnedAround",
    "RelatedToThemselves",
    "RelationshipChanged",
    "RelationshipContradicts",
    "RelationshipGoesRound",
    "RelationshipKnown",
    "RelationshipOver",
    "RelationshipRules",
    "end_relationship",
    "relate",
    "relate_many",
    "remove_blocked_need",
    "reveal_income",
    "state_need_origin",
    "state_needs",
]
