"""Every page and operation that names no object, read by the neighbour: no id and no word of ours is in it.

Whatever shows a customer, of an object or not, is noted as read.

A new page or operation is found by itself, and asked.
"""

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import get_resolver, resolve, reverse

from hearth.core.permissions import permissions
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.vigilance.catalogue import WATCHED
from hearth.vigilance.models import Read
from tests.gates.life import WORD, found_in, marks_of_rows
from tests.gates.test_access_walk import (
    GUARDED,
    KNOWN,
    ROUTES,
    WALKABLE,
    Operation,
    Route,
    ask,
    browser,
    call,
    make_secret,
    with_everything,
)
from tests.gates.test_views import list_own_patterns
from tests.organization.builders import make_member, sign_in
from tests.walk import with_objects


@pytest.fixture
def group(group_of_life: OrgUnit) -> OrgUnit:
    """The root of the organisation in which the customer lives."""
    return group_of_life


PLAIN = [
    route
    for route in ROUTES
    if not route.access.is_public and not route.has_parameters and "GET" in route.access.methods
]
READING = [item for item in GUARDED if item.method == "GET" and not item.has_parameters]
OF_OBJECTS = [
    route
    for route in WALKABLE
    if route.has_parameters and not route.access.is_public and "GET" in route.access.methods
]
READING_OBJECTS = [item for item in GUARDED if item.method == "GET" and item.has_parameters]
# Pages and lists that show the word to who may see it: the neighbour's silence would prove nothing if they did not.
SHOWING = {"cases:cases", "customers:customers", "leads:leads"}
OPERATIONS_SHOWING = {"list_cases", "list_customers"}


def body_of(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return bytes(response.getvalue())
    return bytes(getattr(response, "content", b""))


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_no_page_without_an_object_tells_the_neighbour_of_ours(
    life: Customer, company: OrgUnit, neighbour: OrgUnit
) -> None:
    marks = marks_of_rows()
    assert len(marks) > 30
    own, other = (sign_in(browser(), with_everything(place)) for place in (company, neighbour))
    auditor_next_door = sign_in(
        browser(), make_member(neighbour, *(r for r in permissions if r.endswith(".view")))
    )
    told, showing = {}, set()
    for route in PLAIN:
        with transaction.atomic():
            if WORD.encode() in body_of(ask(own, route, "GET", {})):
                showing.add(route.name)
            for client in (other, auditor_next_door):
                if leak := found_in(body_of(ask(client, route, "GET", {})), marks):
                    told[route.name] = leak
            transaction.set_rollback(True)

    assert told == {}
    assert showing >= SHOWING
    assert sorted(showing - set(WATCHED)) == [], "pages that show customers are not noted as read"


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_no_operation_without_an_object_tells_the_neighbour_of_ours(
    life: Customer, company: OrgUnit, neighbour: OrgUnit
) -> None:
    marks = marks_of_rows()
    assert len(marks) > 30
    own, other = (make_secret(with_everything(place), can_write=False) for place in (company, neighbour))
    told, showing, resolved = {}, set(), set()
    for operation in READING:
        name = operation.name.rpartition(":")[2]
        if WORD.encode() in body_of(call(operation, {}, own)):
            showing.add(name)
            resolved.add(resolve(reverse(operation.name)).view_name)
        if leak := found_in(body_of(call(operation, {}, other)), marks):
            told[name] = leak

    assert told == {}
    assert showing >= OPERATIONS_SHOWING
    assert sorted(resolved - set(WATCHED)) == [], "operations that show customers are not noted as read"


def test_every_route_of_ours_has_a_name_by_which_it_is_walked() -> None:
    assert [route for route, pattern in list_own_patterns(get_resolver()) if not pattern.name] == []


def name_everybody() -> None:
    """Give every customer a name that is nowhere else."""
    Customer.objects.update(name=WORD)


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_page_of_an_object_that_names_a_customer_is_noted_as_read(company: OrgUnit, group: OrgUnit) -> None:
    clients = [sign_in(browser(), with_everything(place)) for place in (company, group)]
    secret = make_secret(with_everything(group), can_write=False)
    naming, unnoted = set(), set()
    ways: list[Route | Operation] = [*OF_OBJECTS, *READING_OBJECTS]
    for way, kwargs in with_objects(ways, company, KNOWN.samples, prepare=name_everybody):
        before = Read.objects.count()
        if isinstance(way, Route):
            answers = [ask(client, way, "GET", kwargs) for client in clients]
        else:
            answers = [call(way, kwargs, secret)]
        shown = sum(WORD.encode() in body_of(answer) for answer in answers)
        if shown:
            naming.add(way.name)
        if Read.objects.count() - before < shown:
            unnoted.add(way.name)

    assert naming >= {"workspace:customer", "leads:lead", "sales:contract", "api:api_v1:get_customer"}
    assert unnoted == set()
