"""Jobs that work by the rights of the person who asked: what they do once that person has lost them, or is gone.

A new job of that kind fails until it is here. What a job wrote is read from the log that the database keeps itself.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from hearth.accounts.models import User
from hearth.books.services.handing_over import hand_over_book
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.permissions import permissions
from hearth.exports.files import folder
from hearth.imports.models import ImportJob
from hearth.imports.services import commit_file
from hearth.imports.services.reverting import revert_import
from hearth.lists.models import BulkRun
from hearth.lists.services.bulk import undo_bulk
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.selectors import actor_for
from tests.books.builders import TODAY, make_book, make_rule, make_worker
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer
from tests.exports.builders import make_export
from tests.gates.test_reader_walk import last_entry, tables_changed_after
from tests.gates.test_ways_out import JOBS
from tests.imports.builders import make_committing, make_file, make_received
from tests.lists.builders import make_run
from tests.organization.builders import make_member

Named = dict[str, Any]


def _export(person: User, company: OrgUnit, _folder: Path) -> Named:
    make_customer(company)
    return {"export_id": str(make_export(person, "name", "phone").pk)}


def _change(person: User, company: OrgUnit, _folder: Path) -> Named:
    run = make_run(person, make_case(company).pk, person=make_member(company, *permissions))
    return {"run_id": str(run.pk)}


def _change_back(person: User, company: OrgUnit, folder: Path) -> Named:
    named = _change(person, company, folder)
    do("lists.change_many", named)
    undo_bulk(BulkRun.objects.get(pk=named["run_id"]), actor=actor_for(person, today=localdate()), now=NOW)
    return named


def _step(make: Callable[..., ImportJob]) -> Callable[[User, OrgUnit, Path], Named]:
    def prepare(person: User, company: OrgUnit, folder: Path) -> Named:
        actor = actor_for(person, today=localdate())
        job = make(make_file(folder), company, actor=actor)
        return {"job_id": str(job.pk), "user_id": person.pk}

    return prepare


def _taking_back(path: Path, company: OrgUnit, *, actor: Actor) -> ImportJob:
    done = commit_file(make_committing(path, company, actor=actor), actor=actor, now=NOW)
    return revert_import(done, actor=actor, now=NOW, is_queued=False)


def _handover(person: User, company: OrgUnit, _folder: Path) -> Named:
    owner, recipient = make_worker(company), make_worker(company)
    make_book(owner, company)
    rule = make_rule(owner, company, recipient)
    return {"handover_id": str(hand_over_book(rule, actor=actor_for(person, today=TODAY), now=NOW).pk)}


def _demo(person: User, _company: OrgUnit, _folder: Path) -> Named:
    return {"user_id": person.pk}


# How each job is prepared, and the tables in which it keeps its own books; it may write there that it was refused.
PREPARED: dict[str, tuple[Callable[[User, OrgUnit, Path], Named], set[str]]] = {
    "exports.write": (_export, {"exports_export"}),
    "lists.change_many": (_change, {"lists_bulkrun", "lists_bulkrow"}),
    "lists.change_back": (_change_back, {"lists_bulkrun", "lists_bulkrow"}),
    "imports.check": (_step(make_received), {"imports_importjob", "imports_importissue"}),
    "imports.commit": (_step(make_committing), {"imports_importjob", "imports_importissue"}),
    "imports.revert": (_step(_taking_back), {"imports_importjob", "imports_importrow"}),
    "books.run": (_handover, {"books_bookhandover", "books_bookmove"}),
    "demo.load": (lambda *given: {**_demo(*given), "households": 5, "is_forced": True}, set()),
    "demo.clear": (_demo, set()),
}
# It writes to the owner of an endpoint alone that it stands still, and tells nothing of customers.
TELLS_ITS_OWNER = {"webhooks.tell_owner"}


def _is_dismissed(person: User) -> None:
    Membership.objects.filter(user=person).delete()


def _is_closed(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def do(name: str, named: Named) -> None:
    app.tasks[name].func(**named)


def test_every_job_of_a_person_is_here() -> None:
    assert set(PREPARED) | TELLS_ITS_OWNER == JOBS["person"]


@pytest.mark.requirement("S60")
@pytest.mark.django_db
@pytest.mark.parametrize("lose", [_is_dismissed, _is_closed])
@pytest.mark.parametrize("name", sorted(PREPARED))
def test_a_job_does_nothing_for_whoever_may_no_longer_ask_for_it(
    name: str, lose: Callable[[User], None], company: OrgUnit, tmp_path: Path
) -> None:
    prepare, books = PREPARED[name]
    person = make_member(company, *permissions)
    named = prepare(person, company, tmp_path)
    lose(person)
    before = last_entry()

    with suppress(DomainError):
        do(name, named)

    assert tables_changed_after(before) - books == set()
    assert [path for path in folder().glob("*") if path.is_file()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(PREPARED) - {"imports.check", "demo.load", "demo.clear"}))
def test_the_same_job_works_for_whoever_may(name: str, company: OrgUnit, tmp_path: Path) -> None:
    prepare, books = PREPARED[name]
    named = prepare(make_member(company, *permissions), company, tmp_path)
    before = last_entry()

    do(name, named)

    written = [path for path in folder().glob("*") if path.is_file()]
    assert tables_changed_after(before) - books or written
