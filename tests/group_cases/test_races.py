"""People who act on group complaints in the same second."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from hearth.cases.models import Case
from hearth.group_cases.models import GroupCase, GroupChild, GroupHousehold, GroupTelling, LevelChange
from hearth.group_cases.services import CaseInAnother, add_cases
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW
from tests.customers.builders import make_customer
from tests.group_cases.builders import SYSTEM, make_complaint, make_group_case
from tests.organization.builders import make_group


@pytest.mark.django_db(transaction=True)
def test_two_who_add_cases_of_one_household_in_the_same_second_add_it_once() -> None:
    with transaction.atomic():
        make_group()
        company = OrgUnit.objects.get(code="SZ")
        customer = make_customer(company)
        group = make_group_case(company, 4)
        cases = [make_complaint(company, customer=customer) for _each in range(2)]
    start, wrong = Barrier(2), []

    def add(case: Case) -> None:
        try:
            start.wait()
            add_cases(group, [case], actor=SYSTEM, now=NOW)
        except Exception as problem:  # noqa: BLE001  (shown by the assertion)
            wrong.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=add, args=[case]) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    group.refresh_from_db()
    assert wrong == []
    assert (group.households, group.level) == (5, "ordinary")
    assert GroupHousehold.objects.filter(customer=customer).count() == 1
    assert LevelChange.objects.filter(to_level="ordinary").count() == 1
    assert GroupTelling.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_groups_that_take_one_case_in_the_same_second_do_not_both_get_it() -> None:
    with transaction.atomic():
        make_group()
        company = OrgUnit.objects.get(code="SZ")
        groups = [make_group_case(company), make_group_case(company)]
        case = make_complaint(company)
    start, refused = Barrier(2), []

    def add(group: GroupCase) -> None:
        try:
            start.wait()
            add_cases(group, [case], actor=SYSTEM, now=NOW)
        except CaseInAnother as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=add, args=[group]) for group in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert GroupChild.objects.filter(case=case).count() == 1
