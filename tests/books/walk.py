"""Objects for the walk over all routes."""

from typing import Any

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from tests.books.builders import NOW, hand_over, make_book, make_rule, make_worker


def make_handover_route(company: OrgUnit) -> dict[str, Any]:
    owner, other = make_worker(company), make_worker(company)
    make_book(owner, company, customers=1)
    return {"handover_id": hand_over(make_rule(owner, company, other), Actor.system("test"), NOW).pk}


def make_person_route(company: OrgUnit) -> dict[str, Any]:
    return {"user_id": make_worker(company).pk}


def make_kind_route(company: OrgUnit) -> dict[str, Any]:
    return {"code": "customers"}


SAMPLES = {
    "books:handover": make_handover_route,
    "books:mine": make_handover_route,
    "books:undo": make_handover_route,
    "books:new": make_person_route,
    "books:give": make_kind_route,
}
# A kind of row belongs to no company; which rows are given is asked row by row.
SHARED = {"books:give"}
# What a handover brought is shown to whom it brought it, and to whose it was.
PREPARED = {"books:mine": 404}
