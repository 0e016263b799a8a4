"""Nothing stays without somebody in charge."""

import pytest

from hearth.accounts.models import Notification, User
from hearth.books.commands import check_ownership
from hearth.books.selectors import count_without_owner, within_reach, without_owner
from hearth.books.services import give_without_owner
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.ownership import holdings
from hearth.customers.models import Customer
from hearth.organization.models import Membership, OrgUnit
from tests.books.builders import NOW, TODAY, WORK, make_book, make_manager, make_worker, owners
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor
from tests.tasks.builders import make_task, make_team

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def counts(actor: Actor = SYSTEM) -> dict[str, int]:
    return {item.holding.code: item.number for item in count_without_owner(actor, today=TODAY) if item.number}


@pytest.mark.requirement("S140")
def test_nobody_a_closed_account_and_a_lost_right_are_all_no_owner(company: OrgUnit) -> None:
    stays, closed, moved = (make_worker(company) for _number in range(3))
    for person in (stays, closed, moved):
        make_book(person, company, customers=1)
    make_customer(company)
    assert counts() == {"customers": 1}

    User.objects.filter(pk=closed.pk).update(is_active=False)
    Membership.objects.filter(user=moved).update(valid_to=TODAY)

    assert counts() == {"customers": 3, "cases": 2, "tasks": 2}


def test_a_right_above_the_place_counts_and_one_beside_it_does_not(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_book(make_worker(group), company, customers=1)
    leaver = make_worker(company)
    make_book(leaver, company, customers=1)
    Membership.objects.filter(user=leaver).update(org_unit=neighbour)

    assert counts() == {"customers": 1, "cases": 1, "tasks": 1}


def test_a_task_that_waits_for_a_role_has_one(company: OrgUnit) -> None:
    role, _people = make_team(company)
    make_task(company, role=role)

    assert counts() == {}


def test_each_sees_what_lies_where_they_hand_over(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_customer(company)
    make_customer(neighbour)

    assert counts(make_manager(company)) == {"customers": 1}


def test_what_has_no_owner_is_given_to_somebody_with_the_right_there(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    heir, gone = make_worker(company), make_worker(company)
    make_book(gone, company, customers=1)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    here, there = make_customer(company), make_customer(neighbour)
    customers = holdings["customers"]
    ids = list(without_owner(customers, today=TODAY).values_list("pk", flat=True))

    given = give_without_owner(customers, ids, to_user=heir, actor=make_manager(group), now=NOW)

    assert given == 2
    assert owners("responsible", Customer.objects.all()) == {heir.pk: 2, None: 1}
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.responsible, there.responsible) == (heir, None)
    assert Notification.objects.get(kind="books.adopted").params["count"] == 2


def test_giving_needs_the_right(company: OrgUnit) -> None:
    customer = make_customer(company)

    with pytest.raises(NotAllowed):
        give_without_owner(
            holdings["customers"],
            [customer.pk],
            to_user=make_worker(company),
            actor=make_actor(company, *WORK),
            now=NOW,
        )
    assert (
        within_reach(holdings["customers"], Customer.objects.all(), make_actor(company, *WORK)).count() == 0
    )


def test_the_command_says_how_many_and_fails_where_there_are_any(company: OrgUnit) -> None:
    lines: list[str] = []

    fine = check_ownership(echo=lines.append)
    make_customer(company)
    found = check_ownership(echo=lines.append)

    assert (fine, found) == (0, 1)
    assert [line.split()[0] for line in lines] == ["0"] * len(holdings) + ["1"] + ["0"] * (len(holdings) - 1)
