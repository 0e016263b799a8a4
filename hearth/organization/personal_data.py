"""The organisation is about colleagues and places."""

from hearth.core.personal_data import holds_none
from hearth.organization.models import CalendarDay, FirstStep, Membership, OrgUnit, Role, Setting

holds_none(OrgUnit, Role, Setting, CalendarDay, FirstStep, because="Places, roles, rules and days.")
holds_none(Membership, because="What colleagues do where.")
