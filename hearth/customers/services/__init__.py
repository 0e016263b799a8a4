"""Acts on customers, their contacts, households and homes."""

from hearth.customers.services.canaries import mark_canary
from hearth.customers.services.contact_points import (
    add_contact_point,
    make_contact_point_preferred,
    remove_blocked_contact,
    remove_contact_point,
)
from hearth.customers.services.corrections import (
    CorrectionWithoutReason,
    NothingToCorrect,
    correct_unit_role,
    withdraw_unit_role,
)
from hearth.customers.services.creation import LooksKnown, NewCustomer, create_customer, create_customers
from hearth.customers.services.customers import (
    CustomerValues,
    IdentityNumberKnown,
    NameMissing,
    make_known_at,
    make_many_known_at,
    note_contacts,
    require_change,
    require_place_of,
    update_customer,
)
from hearth.customers.services.households import (
    NotInHousehold,
    form_household,
    join_household,
    leave_household,
)
from hearth.customers.services.judging import (
    NeverOne,
    NotJudged,
    SameRecord,
    compare_by_hand,
    judge_pair,
    merge_pair,
    take_back_judgement,
)
from hearth.customers.services.merge_rules import (
    AlreadyMerged,
    MergeGroup,
    NothingToMerge,
    SampleAndReal,
    TwoIdentityNumbers,
)
from hearth.customers.services.merge_values import UnknownChoice
from hearth.customers.services.merging import GroupResult, merge_customers, merge_groups
from hearth.customers.services.origins import (
    NotBlocked,
    OriginUnclear,
    check_origin,
    remove_blocked_field,
    state_contact_origin,
    state_field_origin,
    tell_origin,
    tell_removal,
)
from hearth.customers.services.profiles import (
    ProfileValues,
    forget_last_profiles,
    forget_profiles,
    write_profiles,
)
from hearth.customers.services.profiling import allow_profiling, refuse_profiling
from hearth.customers.services.reveals import (
    DataBlocked,
    ReasonMissing,
    reveal_contact_point,
    reveal_identity_number,
)
from hearth.customers.services.suggestions import Suggested, SuggestedDuplicate, suggest_duplicates
from hearth.customers.services.unit_roles import (
    NewUnitRole,
    RoleAlreadyEnded,
    RoleAlreadyHeld,
    RoleEndsBeforeItBegins,
    assign_unit_role,
    assign_unit_roles,
    end_unit_role,
    end_unit_roles,
)
from hearth.customers.services.unmerging import (
    IdentityNumberTaken,
    LaterMergeStands,
    MergeAlreadyUndone,
    undo_merge,
)
from hearth.customers.services.updates import update_customers

__all__ = [
    "AlreadyMerged",
    "CorrectionWithoutReason",
    "CustomerValues",
    "DataBlocked",
    "GroupResult",
    "IdentityNumberKnown",
    "IdentityNumberTaken",
    "LaterMergeStands",
    "LooksKnown",
    "MergeAlreadyUndone",
    "MergeGroup",
    "NameMissing",
    "NeverOne",
    "NewCustomer",
    "NewUnitRole",
    "NotBlocked",
    "NotInHousehold",
    "NotJudged",
    "NothingToCorrect",
    "NothingToMerge",
    "OriginUnclear",
    "ProfileValues",
    "ReasonMissing",
    "RoleAlreadyEnded",
    "RoleAlreadyHeld",
    "RoleEndsBeforeItBegins",
    "SameRecord",
    "SampleAndReal",
    "Suggested",
    "SuggestedDuplicate",
    "TwoIdentityNumbers",
    "UnknownChoice",
    "add_contact_point",
    "allow_profiling",
    "assign_unit_role",
    "assign_unit_roles",
    "check_origin",
    "compare_by_hand",
    "correct_unit_role",
    "create_customer",
    "create_customers",
    "end_unit_role",
    "end_unit_roles",
    "forget_last_profiles",
    "forget_profiles",
    "form_household",
    "join_household",
    "judge_pair",
    "leave_household",
    "make_contact_point_preferred",
    "make_known_at",
    "make_many_known_at",
    "mark_canary",
    "merge_customers",
    "merge_groups",
    "merge_pair",
    "note_contacts",
    "refuse_profiling",
    "remove_blocked_contact",
    "remove_blocked_field",
    "remove_contact_point",
    "require_change",
    "require_place_of",
    "reveal_contact_point",
    "reveal_identity_number",
    "state_contact_origin",
    "state_field_origin",
    "suggest_duplicates",
    "take_back_judgement",
    "tell_origin",
    "tell_removal",
    "undo_merge",
    "update_customer",
    "update_customers",
    "withdraw_unit_role",
    "write_profiles",
]
