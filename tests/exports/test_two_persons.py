"""A file of many rows leaves only when a second person says so."""

import pytest
from django.test import Client

from hearth.accounts.models import Notification
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.exports.files import folder
from hearth.exports.models import Export
from hearth.exports.notifications import DECIDED, WANTED
from hearth.exports.permissions import APPROVE_EXPORT
from hearth.exports.refusals import NotHeld, OwnExport, ReasonMissing
from hearth.exports.services import approve_export, cancel_export, refuse_export
from hearth.organization.models import OrgUnit
from tests.api.builders import make_program
from tests.customers.builders import make_customer
from tests.exports.builders import (
    NOW,
    actor_of,
    allow_alone,
    make_export,
    make_exporter,
    make_held,
    make_second_person,
    names_in,
    write,
)
from tests.exports.test_pages import text_of
from tests.organization.builders import make_member, sign_in

pytestmark = pytest.mark.django_db


def test_few_rows_need_nobody_else(company: OrgUnit) -> None:
    allow_alone(1)
    make_customer(company, name="王伟")

    assert write(make_export(make_exporter(company))).state == "done"


def test_many_rows_wait_and_those_who_may_decide_are_told(company: OrgUnit, neighbour: OrgUnit) -> None:
    second = make_second_person(company)
    make_second_person(neighbour)

    export = make_held(company)

    assert (export.state, export.total_rows, export.written_rows) == ("held", 2, 0)
    assert list(folder().iterdir()) == []
    told = Notification.objects.filter(kind=WANTED)
    assert list(told.values_list("user_id", flat=True)) == [second.pk]
    assert EventRecord.objects.filter(type="exports.held", subject_id=export.pk).count() == 1
    assert write(export).state == "held"
    assert told.count() == 1


def test_what_a_second_person_approves_is_written(company: OrgUnit) -> None:
    export = make_held(company)
    second = make_second_person(company)

    approve_export(export, actor=actor_of(second), now=NOW)
    written = write(export)

    assert (written.state, written.decided_by_id, written.approved_rows) == ("done", second.pk, 2)
    assert names_in(written) == ["客户0", "客户1"]
    assert list(Notification.objects.filter(kind=DECIDED).values_list("user_id", flat=True)) == [
        export.created_by_id
    ]


def test_an_approval_does_not_reach_for_many_more_rows(company: OrgUnit) -> None:
    export = make_held(company)
    approve_export(export, actor=actor_of(make_second_person(company)), now=NOW)
    for number in range(2):
        make_customer(company, name=f"新客户{number}")

    assert write(export).state == "held"


def test_what_is_refused_leaves_no_file_and_says_why(company: OrgUnit) -> None:
    export = make_held(company)
    second = actor_of(make_second_person(company))

    with pytest.raises(ReasonMissing):
        refuse_export(export, reason=" ", actor=second, now=NOW)
    refused = refuse_export(export, reason="行数过多", actor=second, now=NOW)

    assert (refused.state, refused.decision_note) == ("refused", "行数过多")
    assert write(export).state == "refused"
    with pytest.raises(NotHeld):
        approve_export(export, actor=second, now=NOW)


def test_nobody_decides_over_their_own_file(company: OrgUnit) -> None:
    export = make_held(company)
    role = export.created_by.memberships.get().role
    role.permissions = [*role.permissions, APPROVE_EXPORT]
    role.save()

    with pytest.raises(OwnExport):
        approve_export(export, actor=actor_of(export.created_by), now=NOW)
    assert not Export.objects.to_decide_by(actor_of(export.created_by)).exists()


def test_who_approves_elsewhere_or_not_at_all_decides_nothing(company: OrgUnit, neighbour: OrgUnit) -> None:
    export = make_held(company)

    for user in (make_second_person(neighbour), make_member(company, "exports.view_all")):
        with pytest.raises(NotAllowed):
            approve_export(export, actor=actor_of(user), now=NOW)


def test_who_asked_gives_up_what_waits(company: OrgUnit) -> None:
    export = make_held(company)

    assert cancel_export(export, actor=actor_of(export.created_by), now=NOW).state == "cancelled"


def test_the_second_person_finds_and_decides_on_pages(client: Client, company: OrgUnit) -> None:
    export = make_held(company)
    second = sign_in(client, make_second_person(company))

    listed = text_of(second.get("/exports/approvals/"))
    page = text_of(second.get(f"/exports/{export.pk}/"))
    second.post(f"/exports/{export.pk}/approve/")

    assert export.name in listed
    assert f"/exports/{export.pk}/approve/" in page
    assert f"/exports/{export.pk}/file/" not in page
    export.refresh_from_db()
    assert export.state == "waiting"
    assert export.name not in text_of(second.get("/exports/approvals/"))


def test_a_program_of_the_second_person_decides_too(company: OrgUnit) -> None:
    export = make_held(company)
    program = make_program(company, "core.signed_in", APPROVE_EXPORT)

    listed = program.get("/jobs/export/approvals").body["data"]
    refused = program.post(f"/jobs/export/{export.pk}/refuse", {"reason": "too many"})
    late = program.post(f"/jobs/export/{export.pk}/approve", {})

    assert [row["id"] for row in listed] == [str(export.pk)]
    assert refused.body["state"] == "refused"
    assert (late.status, late.code) == (422, "not_held")
