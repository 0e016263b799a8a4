"""The fifth visitor of the walk: an auditor, who reads and changes nothing.

The role is the one that ships. What a visit wrote is read from the log that the database keeps itself, so that no page
can change a row unnoticed.
"""

from typing import Any

import pytest
from django.db import connection

from hearth.organization.models import OrgUnit
from hearth.organization.roles import ROLES
from tests.gates.test_access_walk import (
    ACCEPTED,
    GUARDED,
    KNOWN,
    PRIVATE,
    WRITING,
    Route,
    ask,
    browser,
    call,
    make_secret,
    walk,
)
from tests.organization.builders import make_member, sign_in
from tests.walk import with_objects

REFUSED = {403, 404, 405}


def auditor_rights() -> frozenset[str]:
    return next(role.permissions for role in ROLES if role.code == "auditor")


def tables_changed_after(number: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT table_name FROM audit_auditentry WHERE id > %s", [number])
        return {name for (name,) in cursor.fetchall()}


def last_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_auditentry")
        return int(cursor.fetchone()[0])


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_an_auditor_changes_nothing_on_any_page_and_reads_what_the_role_says(company: OrgUnit) -> None:
    rights = auditor_rights()
    client = sign_in(browser(), make_member(company, *rights))

    def visit(route: Route, method: str, kwargs: dict[str, Any]) -> str | None:
        before = last_entry()
        response = ask(client, route, method, kwargs)
        foreign = tables_changed_after(before)
        if foreign:
            return f"changes {sorted(foreign)}"
        expected = ACCEPTED | REFUSED if route.access.permission in rights else {403}
        return None if response.status_code in expected else f"answers {response.status_code}"

    assert walk(PRIVATE, company, visit) == []


# What who sees may do as well: count a segment anew, report that data leaked, which is everybody's duty, and have the
# print of a contract made that is kept from then on.
PRINTING = {"contract_texts_contracttext", "core_storedfile"}
COUNTING = {"segments_segmentcount", "segments_segmentmember"}
REPORTING = {"registers_incident", "registers_incidentstep"}
MAY_CHANGE = {
    "get_contract_text_file": PRINTING,
    "list_segment_counts": COUNTING,
    "post_segment_count": COUNTING,
    "list_incidents": REPORTING,
    "post_incident": REPORTING,
}


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_an_auditor_changes_nothing_by_the_api_even_with_a_token_that_may_write(company: OrgUnit) -> None:
    secret = make_secret(make_member(company, *auditor_rights()), can_write=True)
    wrong = []
    for operation, kwargs in with_objects(GUARDED, company, KNOWN.samples):
        before = last_entry()
        status = call(operation, kwargs, secret).status_code
        changed = tables_changed_after(before) - MAY_CHANGE.get(operation.name.rpartition(":")[2], set())
        if changed or status >= 500:
            wrong.append(f"{operation.method} {operation.name}: answers {status}, changes {sorted(changed)}")

    assert [item for item in GUARDED if item.method in WRITING]
    assert wrong == []
