"""Cases and households that join a group complaint, and that leave it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.group_cases.events import CaseTakenOut, HouseholdJoined, HouseholdLeft, RepresentativeNamed
from hearth.group_cases.models import GroupCase, GroupChild, GroupHousehold
from hearth.group_cases.services.levels import judge
from hearth.group_cases.services.steps import about, live
from hearth.properties.models import Unit


class NoCases(InvalidInput):
    """A group complaint is made of cases."""

    code = "no_cases"
    message = _("Choose at least one case.")


class CaseElsewhere(DomainError):
    """A group complaint is about one project."""

    code = "case_elsewhere"
    message = _("Case #%(number)s is about another project.")


class CaseInAnother(DomainError):
    """A case is part of one group complaint."""

    code = "case_in_another"
    message = _("Case #%(number)s is part of a group complaint already.")


class HomeElsewhere(InvalidInput):
    """A group complaint is about one project."""

    code = "home_elsewhere"
    message = _("This home is in another project.")


class NotInGroup(DomainError):
    """Who left, or never was in it, cannot leave."""

    code = "not_in_group"
    message = _("It is not part of this group complaint any more.")


@transaction.atomic
def add_cases(group: GroupCase, cases: Collection[Case], *, actor: Actor, now: datetime) -> GroupCase:
    """Make further cases part of a group complaint, with their households; its level is judged anew.

    Two people may add cases of one household in the same second: the group complaint is locked first, and the database
    admits each household, each home and each case once.

    :raises NotAllowed: if the actor may not change cases there, or at the place of one of the cases
    :raises GroupIsClosed: if it is closed
    :raises NoCases, CaseElsewhere, CaseInAnother: as `open_group_case`
    """
    group = live(group, actor)
    if not cases:
        raise NoCases("cases")
    join_cases(group, cases, actor=actor, now=now)
    return group


def join_cases(group: GroupCase, cases: Collection[Case], *, actor: Actor, now: datetime) -> None:
    """Add cases to a group complaint that is locked, or new; opens no transaction."""
    ids = {case.pk for case in cases}
    rows = Case.objects.select_for_update(of=("self",)).select_related("customer", "unit")
    locked = list(rows.filter(pk__in=ids).order_by("opened_at", "id"))
    taken = set(GroupChild.objects.present().filter(case__in=ids).values_list("case_id", flat=True))
    for case in locked:
        actor.require(CHANGE_CASE, case.org_unit_id)
        at = case.project_id or (case.unit.project_id if case.unit else None)
        if at not in (None, group.project_id):
            raise CaseElsewhere(number=case.number)
        if case.pk in taken:
            raise CaseInAnother(number=case.number)
    for case in locked:
        household = None
        if case.customer is not None:
            household = _find_or_join(group, case.customer, case.unit, case, actor=actor, now=now)
        GroupChild.objects.create(
            group_case=group,
            case=case,
            household=household,
            added_at=now,
            added_by_id=actor.user_id,
            is_sample=group.is_sample,
            created_at=now,
            updated_at=now,
        )
    judge(group, actor=actor, now=now)


@transaction.atomic
def add_household(
    group: GroupCase, customer: Customer, *, unit: Unit | None = None, actor: Actor, now: datetime
) -> GroupHousehold:
    """Make a household part of a group complaint without a case, as one that signed a petition is.

    One that is in it already stays as it is.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises HomeElsewhere: if the home is in another project
    """
    group = live(group, actor)
    if unit is not None and unit.project_id != group.project_id:
        raise HomeElsewhere("unit")
    household = _find_or_join(group, customer, unit, None, actor=actor, now=now)
    judge(group, actor=actor, now=now)
    return household


def _find_or_join(
    group: GroupCase, customer: Customer, unit: Unit | None, case: Case | None, *, actor: Actor, now: datetime
) -> GroupHousehold:
    """Return the household of a customer or of a home, in the group complaint from now on if it was not."""
    key = customer.household_id or customer.pk
    present = GroupHousehold.objects.present().filter(group_case=group)
    at_home = present.filter(unit=unit).first() if unit else None
    known = present.filter(household_key=key).first() or at_home
    if known is not None:
        if known.unit_id is None and unit is not None and at_home is None:
            known.unit, known.updated_at = unit, now
            known.save(update_fields=["unit", "updated_at"])
        return known
    household = GroupHousehold.objects.create(
        group_case=group,
        customer=customer,
        unit=unit,
        household_key=key,
        case=case,
        joined_at=now,
        is_sample=group.is_sample,
        created_at=now,
        updated_at=now,
    )
    event = HouseholdJoined(
        **about(group), customer_id=customer.pk, unit_id=household.unit_id, households=present.count()
    )
    record(event, actor=actor, now=now)
    return household


@transaction.atomic
def take_out_case(child: GroupChild, *, actor: Actor, now: datetime) -> GroupCase:
    """Take a case out of a group complaint; a household that came by a case leaves with the last one it has there.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises NotInGroup: if it was taken out before
    """
    group = live(child.group_case, actor)
    child = GroupChild.objects.select_for_update(of=("self",)).select_related("household").get(pk=child.pk)
    if child.removed_at is not None:
        raise NotInGroup
    child.removed_at, child.updated_at = now, now
    child.save(update_fields=["removed_at", "updated_at"])
    record(CaseTakenOut(**about(group), case=str(child.case_id)), actor=actor, now=now)
    household = child.household
    came_by_case = household is not None and household.case_id is not None
    if household and came_by_case and not GroupChild.objects.present().filter(household=household).exists():
        _leave(group, household, "", actor=actor, now=now)
    judge(group, actor=actor, now=now)
    return group


@transaction.atomic
def take_out_household(
    household: GroupHousehold, *, actor: Actor, because: str = "", now: datetime
) -> GroupCase:
    """Let a household leave a group complaint, with its cases; the level is judged anew.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if it is closed
    :raises NotInGroup: if it left before
    """
    group = live(household.group_case, actor)
    household = GroupHousehold.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if household.left_at is not None:
        raise NotInGroup
    children = GroupChild.objects.present().filter(household=household)
    children.update(removed_at=now, updated_at=now)
    _leave(group, household, because, actor=actor, now=now)
    judge(group, actor=actor, now=now)
    return group


def _leave(group: GroupCase, household: GroupHousehold, because: str, *, actor: Actor, now: datetime) -> None:
    household.left_at, household.left_because, household.updated_at = now, because.strip()[:200], now
    household.is_representative = False
    household.save(update_fields=["left_at", "left_because", "is_representative", "updated_at"])
    left = GroupHousehold.objects.present().filter(group_case=group).count()
    event = HouseholdLeft(
        **about(group), customer_id=household.customer_id, unit_id=household.unit_id, households=left
    )
    record(event, actor=actor, now=now)


@transaction.atomic
def name_representative(
    household: GroupHousehold, *, actor: Actor, is_representative: bool, now: datetime
) -> GroupHousehold:
    """Note that a household speaks for the others, or does no more.

    :raises NotAllowed: if the actor may not change cases there
    :raises GroupIsClosed: if the group complaint is closed
    :raises NotInGroup: if the household left
    """
    group = live(household.group_case, actor)
    household = GroupHousehold.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if household.left_at is not None:
        raise NotInGroup
    if household.is_representative != is_representative:
        household.is_representative, household.updated_at = is_representative, now
        household.save(update_fields=["is_representative", "updated_at"])
        event = RepresentativeNamed(
            **about(group), customer_id=household.customer_id, is_representative=is_representative
        )
        record(event, actor=actor, now=now)
    return household
