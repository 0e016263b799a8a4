"""Where the organisation stands in the rail, and what an installation needs of it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.core.context import Notice, notices
from hearth.core.installation import installation_steps
from hearth.core.navigation import Place, Section, register_place
from hearth.organization.permissions import CHANGE_FIELD_RULE, VIEW_ORGANIZATION
from hearth.organization.second_step import missing_since
from hearth.organization.services import sync_roles

notices.register(
    "second step",
    Notice("organization/second_step_notice.html", lambda request: missing_since(request) is not None),
)

register_place(
    Place(
        _("Organisation"),
        "sitemap",
        "organization:tree",
        VIEW_ORGANIZATION,
        order=10,
        section=Section.SETTINGS,
        shortcut="o",
    )
)
register_place(
    Place(
        _("Colleagues"),
        "users",
        "organization:users",
        VIEW_ORGANIZATION,
        order=11,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Roles"),
        "shield-check",
        "organization:roles",
        VIEW_ORGANIZATION,
        order=12,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Rules of fields"),
        "shield-lock",
        "organization:field_rules",
        CHANGE_FIELD_RULE,
        order=13,
        section=Section.SETTINGS,
    )
)
register_place(
    Place(
        _("Colleague"),
        "user-plus",
        "organization:invite",
        CHANGE_ACCOUNT,
        order=11,
        section=Section.SETTINGS,
        is_creation=True,
        is_in_rail=False,
    )
)


def keep_roles(now: datetime) -> None:
    """Create the roles that ship, and add the rights newly shipped."""
    sync_roles()


installation_steps.register("organization.roles", keep_roles)
