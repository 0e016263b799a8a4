"""The first run: the account that opens an empty installation, and the steps it is led through."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import create_user
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.events import record
from hearth.organization.events import FirstStepSettled
from hearth.organization.models import FirstStep, OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION
from hearth.organization.services.memberships import appoint
from hearth.organization.services.roles import sync_roles
from hearth.organization.services.units import create_org_unit

FIRST_NAME, ROLE, GROUP_CODE = "admin", "administrator", "GROUP"
LANGUAGE = "zh-hans"


class AccountsExist(DomainError):
    """Somebody can sign in already; a second first account would be a back door."""

    code = "accounts_exist"
    message = _("There are accounts already: an administrator makes further ones.")


@transaction.atomic
def make_first_account(*, actor: Actor, now: datetime, password: str) -> User:
    """Make the administrator of an installation without accounts, and the group where there is none.

    The table of accounts is locked for the moment, so that two starts make one account. The steps of the first run
    are opened.

    :raises AccountsExist: if there is any account, active or not
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_user IN SHARE ROW EXCLUSIVE MODE")
    if User.objects.exists():
        raise AccountsExist
    sync_roles()
    with override(LANGUAGE):
        name, group_name = gettext("Administrator"), gettext("Our group")
    group = OrgUnit.objects.filter(parent=None).first() or create_org_unit(
        group_name, actor=actor, now=now, parent=None, kind=OrgUnit.Kind.GROUP, code=GROUP_CODE
    )
    user = create_user(
        FIRST_NAME, actor=actor, now=now, display_name=name, password=password, language=LANGUAGE
    )
    appoint(user, actor=actor, now=now, role=Role.objects.get(code=ROLE), org_unit=group)
    FirstStep.objects.bulk_create(
        [FirstStep(code=code) for code in FirstStep.Code.values], ignore_conflicts=True
    )
    return user


@transaction.atomic
def settle_first_steps(*codes: str, actor: Actor, now: datetime, state: str) -> None:
    """Note that steps are done or skipped; a skipped one may be done later, a done one stays done.

    :raises NotAllowed: unless the actor changes the organisation of the whole group
    """
    if not actor.scope(CHANGE_ORGANIZATION).everywhere:
        raise NotAllowed(permission=CHANGE_ORGANIZATION)
    steps = FirstStep.objects.select_for_update().filter(code__in=codes)
    for step in steps.exclude(state__in=(FirstStep.State.DONE, state)).order_by("id"):
        step.state, step.settled_at, step.settled_by_id = state, now, actor.user_id
        step.save(update_fields=["state", "settled_at", "settled_by"])
        record(FirstStepSettled(code=step.code, state=state), actor=actor, now=now)
