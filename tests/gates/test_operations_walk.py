"""Every operation of the API, asked by the right person, and by one who lacks a single right that it asks for.

Which rights an operation asks for is noted while the right person uses it, so that a new operation is walked by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from hearth.core.actor import Actor, Scope
from hearth.core.permissions import SIGNED_IN, permissions
from hearth.organization.models import OrgUnit
from tests.gates.test_access_walk import (
    GUARDED,
    KNOWN,
    WRITING,
    Operation,
    call,
    make_secret,
    with_everything,
)
from tests.walk import with_objects

ACCEPTED = {200, 201, 202, 204}
REFUSED = {403, 404}
# Writing needs an object in the right state, or a body that names one: `tests/api/test_described.py` goes there.
NOT_NOW = {400, 404, 409, 422}
# A file that is not written yet, and exports, which are their owner's alone.
NOT_THERE = {"get_import_result", "get_import_report", "get_export", "get_export_file"}
OPEN_TO_ALL = {
    "get_me": "says who one is",
    "post_batch": "each operation inside asks for itself",
    "list_incidents": "shows without the right what one reported oneself",
    "post_incident": "to report that data leaked is everybody's duty",
}


@contextmanager
def rights_asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Note the rights that are asked for meanwhile."""
    asked: set[str] = set()
    scope = Actor.scope

    def noting(self: Actor, permission: str) -> Scope:
        asked.add(permission)
        return scope(self, permission)

    with monkeypatch.context() as patch:
        patch.setattr(Actor, "scope", noting)
        yield asked


class Secrets:
    """Tokens of persons at a place who hold every right, and every right but one, each made once."""

    def __init__(self, place: OrgUnit) -> None:
        self._made = {
            right: make_secret(with_everything(place, besides=right), can_write=True)
            for right in ("", *permissions)
        }

    def besides(self, right: str) -> str:
        return self._made[right]


def status_of(operation: Operation, kwargs: dict[str, Any], secret: str) -> int:
    with transaction.atomic():
        status = call(operation, kwargs, secret).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_each_operation_answers_the_right_person_and_refuses_whoever_lacks_one_right(
    group: OrgUnit, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_company, at_group = Secrets(company), Secrets(group)
    unanswered, unguarded = {}, {}
    for operation, kwargs in with_objects(GUARDED, company, KNOWN.samples):
        ask = partial(status_of, operation, kwargs)
        for secrets in (at_company, at_group):
            with rights_asked(monkeypatch) as asked:
                status = ask(secrets.besides(""))
            if status in ACCEPTED:
                break
        name = (operation.method, operation.name.rpartition(":")[2])
        if status not in ACCEPTED | (NOT_NOW if operation.method in WRITING else set()):
            unanswered[name] = status
        own = sorted(asked & set(permissions) - {SIGNED_IN})
        if not any(ask(secrets.besides(right)) in REFUSED for right in own):
            unguarded[name] = own

    assert {name for _method, name in unanswered} == NOT_THERE
    assert {name for _method, name in unguarded} == set(OPEN_TO_ALL), unguarded
