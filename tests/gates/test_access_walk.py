"""Four visitors try every route: a stranger, a neighbour company, a colleague without the right, the right person.

A new route is found by itself. Where it has parameters, add to `tests/<app>/walk.py`

    SAMPLES = {"cases:case": make_kwargs}    # make_kwargs(company) -> {"pk": …}, an object in that company

and for a list `TRACES = {"cases:list": make_trace}`; `tests/walk.py` tells the rest. A route with parameters and
without a sample fails. Views that take GET are asked by GET; those that take POST are also sent an empty form, and
must refuse before they look at it.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from ninja.operation import PathView

from hearth.accounts.models import User
from hearth.accounts.services import create_token
from hearth.core.actor import Actor
from hearth.core.permissions import Access, permissions
from hearth.organization.models import OrgUnit
from tests.gates.test_views import list_own_patterns
from tests.organization.builders import make_member, sign_in
from tests.walk import gather, with_objects

ACCEPTED = {200, 204, 302, 303, 400, 409, 422}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Route:
    """A route with its full name, what it demands, and whether its address has parameters."""

    name: str
    access: Access
    has_parameters: bool

    @property
    def methods(self) -> list[str]:
        return [method for method in self.access.methods if method != "HEAD"]


@dataclass(frozen=True)
class Operation:
    """An operation of the API."""

    name: str
    method: str
    is_public: bool
    has_parameters: bool


def list_named(
    resolver: URLResolver, namespace: str = "", parameters: int = 0
) -> Iterator[tuple[str, URLPattern, bool]]:
    """Yield full name, pattern and whether parameters are needed, of every named route."""
    for entry in resolver.url_patterns:
        count = parameters + len(entry.pattern.converters) + getattr(entry.pattern.regex, "groups", 0)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from list_named(entry, inner, count)
        elif entry.name:
            yield f"{namespace}{entry.name}", entry, count > 0


def list_routes(resolver: URLResolver) -> list[Route]:
    """Return the routes of ours; `test_views` makes sure that each is marked."""
    own = {id(pattern) for _route, pattern in list_own_patterns(resolver)}
    return [
        Route(name, pattern.callback.access, needs)
        for name, pattern, needs in list_named(resolver)
        if id(pattern) in own and hasattr(pattern.callback, "access")
    ]


def find_path_view(callback: Callable[..., Any]) -> PathView | None:
    """Return what django-ninja keeps behind one of its views."""
    for cell in getattr(inspect.unwrap(callback), "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            return cell.cell_contents
    return None


def list_operations(resolver: URLResolver) -> list[Operation]:
    """Return the operations of every API that is routed."""
    found = {}
    for name, pattern, needs in list_named(resolver):
        view = find_path_view(pattern.callback)
        for operation in view.operations if view else ():
            for method in operation.methods:
                is_public = not operation.auth_callbacks
                found[name, method] = Operation(name, method, is_public, needs)
    return list(found.values())


ROUTES = list_routes(get_resolver())
OPERATIONS = list_operations(get_resolver())
KNOWN = gather()


def browser() -> Client:
    """Open a browser that is shown a failure as its page, so that the walk goes on."""
    return Client(raise_request_exception=False)


def with_everything(place: OrgUnit, *, besides: str = "") -> User:
    """Write a user who holds every declared right at a place, but one."""
    return make_member(place, *(right for right in permissions if right != besides))


def ask(client: Client, route: Route, method: str, kwargs: dict[str, Any]) -> HttpResponseBase:
    address = reverse(route.name, kwargs=kwargs)
    response: HttpResponseBase = client.generic(method, address)
    if isinstance(response, StreamingHttpResponse):
        response.getvalue()  # reading to the end closes the file
    return response


def walk(
    routes: list[Route], company: OrgUnit, visit: Callable[[Route, str, dict[str, Any]], str | None]
) -> list[str]:
    """Visit each route with each of its methods, undoing what a visit writes; return what went wrong."""
    wrong = []
    for route, kwargs in with_objects(routes, company, KNOWN.samples):
        for method in route.methods:
            with transaction.atomic():
                complaint = visit(route, method, kwargs)
                transaction.set_rollback(True)
            if complaint:
                wrong.append(f"{method} {route.name}: {complaint}")
    return wrong


# A route without its sample fails one test, not all of them.
WALKABLE = [route for route in ROUTES if not route.has_parameters or route.name in KNOWN.samples]
PRIVATE = [route for route in WALKABLE if not route.access.is_public]


def test_there_are_routes_to_walk() -> None:
    assert "organization:unit" in {route.name for route in ROUTES}


def test_every_route_with_parameters_has_a_sample() -> None:
    needing = {item.name for item in ROUTES if item.has_parameters}
    needing |= {item.name for item in OPERATIONS if item.has_parameters}

    assert sorted(needing - set(KNOWN.samples)) == []


def test_public_pages_are_those_we_meant() -> None:
    public = {item.name for item in ROUTES if item.access.is_public}
    public |= {item.name for item in OPERATIONS if item.is_public}

    assert sorted(public ^ KNOWN.public) == []


def test_no_walk_module_speaks_of_a_route_that_is_gone() -> None:
    named = set(KNOWN.samples) | set(KNOWN.traces) | KNOWN.shared | KNOWN.group_only | set(KNOWN.prepared)

    there = {route.name for route in ROUTES} | {operation.name for operation in OPERATIONS}
    assert sorted((named | set(KNOWN.bodies)) - there) == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(company: OrgUnit) -> None:
    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        response = ask(browser(), route, method, kwargs)
        is_sent = response.status_code == 302 and "/accounts/login/" in response.headers["Location"]
        return None if is_sent else f"answers {response.status_code}"

    wrong = walk(PRIVATE, company, visit)

    assert wrong == []


@pytest.mark.django_db
def test_public_pages_open_for_a_stranger(company: OrgUnit) -> None:
    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        response = ask(browser(), route, method, kwargs)
        return f"answers {response.status_code}" if response.status_code not in ACCEPTED | {404} else None

    wrong = walk([route for route in WALKABLE if route.access.is_public], company, visit)

    assert wrong == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_neighbour_company_does_not_even_learn_that_it_exists(company: OrgUnit, neighbour: OrgUnit) -> None:
    client = sign_in(browser(), with_everything(neighbour))

    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        response = ask(client, route, method, kwargs)
        return None if response.status_code == 404 else f"answers {response.status_code}"

    of_objects = [route for route in PRIVATE if route.has_parameters and route.name not in KNOWN.shared]
    wrong = walk(of_objects, company, visit)

    assert wrong == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_list_shows_to_the_company_what_it_hides_from_the_neighbour(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    own, other = (sign_in(browser(), with_everything(place)) for place in (company, neighbour))

    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        if method != "GET":
            return None
        trace = KNOWN.traces[route.name](company)
        pages = [ask(client, route, method, {}) for client in (own, other)]
        shown = [trace.encode() in getattr(response, "content", b"") for response in pages]
        return None if shown == [True, False] else f"own company, neighbour: {shown}"

    wrong = walk([route for route in ROUTES if route.name in KNOWN.traces], company, visit)

    assert wrong == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_a_colleague_without_the_right_is_refused(company: OrgUnit) -> None:
    browsers = {
        right: sign_in(browser(), with_everything(company, besides=right))
        for right in {route.access.permission for route in PRIVATE}
    }

    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        client = browsers[route.access.permission]
        response = ask(client, route, method, kwargs)
        return None if response.status_code == 403 else f"answers {response.status_code}"

    wrong = walk(PRIVATE, company, visit)

    assert wrong == []


@pytest.mark.django_db
def test_the_right_person_gets_an_answer(group: OrgUnit, company: OrgUnit) -> None:
    of_company, of_group = (sign_in(browser(), with_everything(place)) for place in (company, group))

    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        client = of_group if route.name in KNOWN.group_only else of_company
        response = ask(client, route, method, kwargs)
        accepted = ACCEPTED | {KNOWN.prepared.get(route.name, 200)}
        return None if response.status_code in accepted else f"answers {response.status_code}"

    wrong = walk(PRIVATE, company, visit)

    assert wrong == []


@pytest.mark.django_db
def test_what_only_the_group_may_do_is_refused_to_a_company(company: OrgUnit) -> None:
    client = sign_in(browser(), with_everything(company))

    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        response = ask(client, route, method, kwargs)
        return None if response.status_code == 403 else f"answers {response.status_code}"

    wrong = walk([route for route in PRIVATE if route.name in KNOWN.group_only], company, visit)

    assert wrong == []


def call(operation: Operation, kwargs: dict[str, Any], secret: str = "") -> HttpResponseBase:
    """Call an operation of the API with its smallest body."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    headers |= {"Idempotency-Key": f"walk {operation.method} {operation.name}", "If-Match": "*"}
    response: HttpResponseBase = browser().generic(
        operation.method,
        reverse(operation.name, kwargs=kwargs),
        KNOWN.bodies.get(operation.name, ""),
        content_type="application/json",
        headers=headers,
    )
    return response


def walk_api(company: OrgUnit, operations: list[Operation], secret: str, expected: set[int]) -> list[str]:
    """Call operations with a token; return those that answer otherwise."""
    wrong = []
    for operation, kwargs in with_objects(operations, company, KNOWN.samples):
        response = call(operation, kwargs, secret)
        if response.status_code not in expected:
            wrong.append(f"{operation.method} {operation.name}: answers {response.status_code}")
    return wrong


def make_secret(user: User, *, can_write: bool) -> str:
    now = timezone.now()
    owner = Actor(user.pk, str(user))
    _token, secret = create_token(
        user, actor=owner, now=now, name="walk", expires_at=now + timedelta(days=1), can_write=can_write
    )
    return secret


GUARDED = [
    item
    for item in OPERATIONS
    if not item.is_public and (not item.has_parameters or item.name in KNOWN.samples)
]


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_the_api_answers_401_without_a_token(company: OrgUnit) -> None:
    wrong = walk_api(company, GUARDED, "", {401})

    assert wrong == []


@pytest.mark.django_db
def test_the_api_hides_objects_of_a_company_from_its_neighbour(company: OrgUnit, neighbour: OrgUnit) -> None:
    secret = make_secret(with_everything(neighbour), can_write=True)
    of_objects = [item for item in GUARDED if item.has_parameters and item.name not in KNOWN.shared]

    wrong = walk_api(company, of_objects, secret, {404})

    assert wrong == []


@pytest.mark.django_db
def test_the_api_refuses_a_person_without_any_right(company: OrgUnit) -> None:
    secret = make_secret(make_member(company), can_write=True)

    wrong = walk_api(company, GUARDED, secret, {403, 404})

    assert wrong == []


@pytest.mark.django_db
def test_a_token_that_may_only_read_changes_nothing_by_the_api(company: OrgUnit) -> None:
    secret = make_secret(with_everything(company), can_write=False)

    wrong = walk_api(company, [item for item in GUARDED if item.method in WRITING], secret, {403})

    assert wrong == []
