"""Acts on the tree, on who works where, on what is set there."""

from hearth.organization.services.calendars import clear_calendar_day, set_calendar_day
from hearth.organization.services.first_run import AccountsExist, make_first_account, settle_first_steps
from hearth.organization.services.invitations import invite_colleague
from hearth.organization.services.memberships import (
    EndBeforeStart,
    PlaceClosed,
    RoleTooHigh,
    RoleTooWide,
    appoint,
    end_membership,
)
from hearth.organization.services.roles import NoSuchRight, change_role, sync_roles
from hearth.organization.services.settings import (
    BadSettingValue,
    LockedAbove,
    NoSuchSetting,
    clear_setting,
    set_setting,
)
from hearth.organization.services.units import (
    CodeTaken,
    GroupExists,
    StillInUse,
    WouldCircle,
    WrongPlace,
    create_org_unit,
    deactivate_org_unit,
    move_org_unit,
    rename_org_unit,
)

__all__ = [
    "AccountsExist",
    "BadSettingValue",
    "CodeTaken",
    "EndBeforeStart",
    "GroupExists",
    "LockedAbove",
    "NoSuchRight",
    "NoSuchSetting",
    "PlaceClosed",
    "RoleTooHigh",
    "RoleTooWide",
    "StillInUse",
    "WouldCircle",
    "WrongPlace",
    "appoint",
    "change_role",
    "clear_calendar_day",
    "clear_setting",
    "create_org_unit",
    "deactivate_org_unit",
    "end_membership",
    "invite_colleague",
    "make_first_account",
    "move_org_unit",
    "rename_org_unit",
    "set_calendar_day",
    "set_setting",
    "settle_first_steps",
    "sync_roles",
]
