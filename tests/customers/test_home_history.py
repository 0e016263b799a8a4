"""Roles on homes in two times: when they held, and when they were known."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import UnitRole, UnitRoleVersion
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import changed_minds, people_as_known
from hearth.customers.services import (
    CorrectionWithoutReason,
    NothingToCorrect,
    RoleAlreadyHeld,
    RoleEndsBeforeItBegins,
    correct_unit_role,
    end_unit_role,
    withdraw_unit_role,
)
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
IN_MARCH, IN_APRIL, IN_MAY = date(2026, 3, 20), date(2026, 4, 10), date(2026, 5, 20)
APRIL, MAY = datetime(2026, 4, 15, 3, tzinfo=UTC), datetime(2026, 5, 15, 3, tzinfo=UTC)


def names(unit: Unit, actor: Actor, *, on: date, known_on: date) -> list[str]:
    return [then.customer.name for then in people_as_known(unit, actor, on=on, known_on=known_on)]


@pytest.mark.requirement("S110")
def test_who_we_thought_lived_here_in_march_stays_known_after_the_correction(
    company: OrgUnit, actor: Actor
) -> None:
    unit = make_home(company)
    tenant = make_unit_role(make_customer(company, name="王租"), unit, role="tenant", valid_from=IN_MARCH)

    correct_unit_role(
        tenant,
        kind="resident",
        valid_from=IN_APRIL,
        valid_to=None,
        reason="合同写明四月起",
        actor=actor,
        now=MAY,
    )

    assert names(unit, actor, on=IN_MARCH, known_on=IN_APRIL) == ["王租"]
    assert names(unit, actor, on=IN_MARCH, known_on=IN_MAY) == []
    assert names(unit, actor, on=IN_APRIL, known_on=IN_MAY) == ["王租"]
    (before,) = changed_minds(unit, actor)
    assert (before.role, before.valid_from, before.reason) == ("tenant", IN_MARCH, "合同写明四月起")
    assert before.superseded_at == MAY


def test_nothing_is_known_before_it_was_recorded(company: OrgUnit, actor: Actor) -> None:
    unit = make_home(company)
    make_unit_role(make_customer(company), unit, valid_from=date(2020, 1, 1))

    assert names(unit, actor, on=date(2025, 1, 1), known_on=date(2026, 3, 17)) == []
    assert len(names(unit, actor, on=date(2025, 1, 1), known_on=date(2026, 3, 18))) == 1


def test_an_ended_role_was_thought_open_until_its_end_was_recorded(company: OrgUnit, actor: Actor) -> None:
    unit = make_home(company)
    role = make_unit_role(make_customer(company, name="张三"), unit, valid_from=IN_MARCH)

    end_unit_role(role, last_day=IN_APRIL, actor=actor, now=MAY)

    assert names(unit, actor, on=date(2026, 4, 20), known_on=date(2026, 4, 20)) == ["张三"]
    assert names(unit, actor, on=date(2026, 4, 20), known_on=IN_MAY) == []


def test_two_corrections_leave_two_versions_one_after_the_other(company: OrgUnit, actor: Actor) -> None:
    unit = make_home(company)
    role = make_unit_role(make_customer(company), unit, role="tenant")

    for kind, at in (("resident", APRIL), ("owner", MAY)):
        role = correct_unit_role(
            role, kind=kind, valid_from=None, valid_to=None, reason="看错", actor=actor, now=at
        )

    versions = UnitRoleVersion.objects.order_by("id").values_list("role", "superseded_at")
    assert list(versions) == [("tenant", APRIL), ("resident", MAY)]
    assert UnitRole.objects.get(pk=role.pk).role == "owner"


def test_a_change_that_goes_past_the_services_leaves_its_version_too(company: OrgUnit, now: datetime) -> None:
    role = make_unit_role(make_customer(company), make_home(company), role="tenant")

    UnitRole.objects.filter(pk=role.pk).update(valid_to=IN_MAY, updated_at=APRIL)

    version = UnitRoleVersion.objects.get()
    assert (version.valid_to, version.recorded_at, version.superseded_at) == (None, now, APRIL)
    assert UnitRole.objects.get().known_at == APRIL


def test_another_owner_of_the_record_is_no_other_belief(company: OrgUnit) -> None:
    role = make_unit_role(make_customer(company), make_home(company))

    UnitRole.objects.filter(pk=role.pk).update(customer=make_customer(company), updated_at=APRIL)

    assert not UnitRoleVersion.objects.exists()


@pytest.mark.requirement("S110")
def test_a_role_that_never_was_is_gone_but_that_we_thought_so_is_not(company: OrgUnit, actor: Actor) -> None:
    unit = make_home(company)
    role = make_unit_role(make_customer(company, name="错人"), unit, valid_from=IN_MARCH)

    withdraw_unit_role(role, reason="房号录错", actor=actor, now=MAY)

    assert not UnitRole.objects.exists()
    assert names(unit, actor, on=IN_MARCH, known_on=IN_APRIL) == ["错人"]
    assert names(unit, actor, on=IN_MARCH, known_on=IN_MAY) == []
    last = EventRecord.objects.order_by("-position").first()
    assert last
    assert (last.type, last.subject_id, last.payload) == ("unit_role.withdrawn", role.pk, {"role": "owner"})


def test_a_correction_says_why_and_changes_something(company: OrgUnit, actor: Actor, now: datetime) -> None:
    role = make_unit_role(make_customer(company), make_home(company), valid_from=IN_MARCH)

    with pytest.raises(CorrectionWithoutReason):
        correct_unit_role(
            role, kind="tenant", valid_from=None, valid_to=None, reason=" ", actor=actor, now=now
        )
    with pytest.raises(NothingToCorrect):
        correct_unit_role(
            role, kind="owner", valid_from=IN_MARCH, valid_to=None, reason="?", actor=actor, now=now
        )
    with pytest.raises(RoleEndsBeforeItBegins):
        correct_unit_role(
            role, kind="owner", valid_from=IN_MAY, valid_to=IN_MARCH, reason="?", actor=actor, now=now
        )
    with pytest.raises(CorrectionWithoutReason):
        withdraw_unit_role(role, reason="", actor=actor, now=now)
    assert not UnitRoleVersion.objects.exists()


def test_a_correction_does_not_double_a_role(company: OrgUnit, actor: Actor, now: datetime) -> None:
    customer, unit = make_customer(company), make_home(company)
    make_unit_role(customer, unit, valid_from=IN_MARCH)
    tenant = make_unit_role(customer, unit, role="tenant", valid_from=IN_MARCH)

    with pytest.raises(RoleAlreadyHeld):
        correct_unit_role(
            tenant, kind="owner", valid_from=IN_APRIL, valid_to=IN_MAY, reason="?", actor=actor, now=now
        )


def test_who_may_not_change_customers_corrects_nothing(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    role = make_unit_role(make_customer(company), make_home(company))
    reader = make_actor(neighbour, VIEW_CUSTOMER)

    with pytest.raises(NotAllowed):
        correct_unit_role(
            role, kind="tenant", valid_from=None, valid_to=None, reason="?", actor=reader, now=now
        )
    with pytest.raises(NotAllowed):
        withdraw_unit_role(role, reason="?", actor=reader, now=now)


def test_a_neighbour_reads_nothing_of_the_past(company: OrgUnit, neighbour: OrgUnit, actor: Actor) -> None:
    unit = make_home(company)
    role = make_unit_role(make_customer(company), unit)
    end_unit_role(role, last_day=IN_APRIL, actor=actor, now=APRIL)
    reader = make_actor(neighbour, VIEW_CUSTOMER)

    assert people_as_known(unit, reader, on=IN_MARCH, known_on=timezone.localdate(APRIL)) == []
    assert changed_minds(unit, reader) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_takes_three_queries_for_any_number(
    company: OrgUnit,
    actor: Actor,
    now: datetime,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    unit = make_home(company)
    for _number in range(count):
        role = make_unit_role(make_customer(company), unit)
        end_unit_role(role, last_day=IN_APRIL, actor=actor, now=now)
        make_unit_role(make_customer(company), unit)

    with django_assert_num_queries(3):
        people_as_known(unit, actor, on=IN_MARCH, known_on=IN_MAY)
        changed_minds(unit, actor)
