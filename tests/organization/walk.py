"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import Membership, OrgUnit, Role
from tests.organization.builders import make_member, make_org_unit


def _unit(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_org_unit(company, kind="department").pk}


def _setting(company: OrgUnit) -> dict[str, Any]:
    return {"pk": company.pk, "key": "organization.opens_hour"}


def _user(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_member(company, "core.signed_in").pk}


def _membership(company: OrgUnit) -> dict[str, Any]:
    return {"pk": Membership.objects.get(user=make_member(company, "core.signed_in")).pk}


def _role(company: OrgUnit) -> dict[str, Any]:
    return {"pk": Role.objects.create(code="walked", name_zh="角色", name_en="Role").pk}


def _trace_of_unit(company: OrgUnit) -> str:
    return make_org_unit(company, kind="department", name="走查部").name


def _trace_of_user(company: OrgUnit) -> str:
    return make_member(company, "core.signed_in", username="walked-person").username


def _field_rule(company: OrgUnit) -> dict[str, Any]:
    role = Role.objects.create(code="ruled", name_zh="角色", name_en="Role")
    return {"pk": role.pk, "field": "phone", "unit_pk": company.pk}


SAMPLES = {
    "organization:remove_field_rule": _field_rule,
    **dict.fromkeys(
        [
            "organization:unit",
            "organization:add_unit",
            "organization:rename_unit",
            "organization:move_unit",
            "organization:close_unit",
            "organization:appoint_at",
            "organization:calendar",
            "organization:calendar_day",
        ],
        _unit,
    ),
    "organization:setting": _setting,
    **dict.fromkeys(
        [
            "organization:user",
            "organization:appoint_user",
            "organization:deactivate_user",
            "organization:reactivate_user",
            "organization:invite_again",
        ],
        _user,
    ),
    "organization:end_membership": _membership,
    "organization:role": _role,
}
TRACES = {"organization:tree": _trace_of_unit, "organization:users": _trace_of_user}
SHARED = {"organization:remove_field_rule", "organization:role", "organization:roles"}
GROUP_ONLY = {
    "organization:field_rules",
    "organization:remove_field_rule",
    "organization:add_user",
    "organization:invite",
    "organization:invite_again",
    "organization:deactivate_user",
    "organization:reactivate_user",
    "organization:role",
}
