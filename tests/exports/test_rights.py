"""A file holds what its reader may see, when it is asked for, when it is written, and in between."""

from typing import Any

import pytest

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import NotAllowed
from hearth.customers.models import Customer, CustomerPlace
from hearth.exports.files import folder
from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT, EXPORT_UNMASKED
from hearth.exports.refusals import UnknownColumn, ViewChanged
from hearth.exports.selectors import Chosen, error_words, masked_columns
from hearth.exports.services import ask_export, give_file, write_export, writing
from hearth.lists.definitions import lists
from hearth.lists.selectors import read_batch
from hearth.organization.models import Membership, OrgUnit
from tests.cases.builders import make_case
from tests.customers.builders import make_customer
from tests.exports.builders import (
    NOW,
    actor_of,
    content_of,
    make_export,
    make_exporter,
    names_in,
    write,
)
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db


def test_the_neighbour_company_is_in_no_file(company: OrgUnit, neighbour: OrgUnit) -> None:
    ours = make_customer(company, name="王伟")
    theirs = make_customer(neighbour, name="李娜")

    export = write(make_export(make_exporter(company), "name"))
    by_hand = write(make_export(make_exporter(company), "name", row_ids=[ours.pk, theirs.pk]))

    assert names_in(export) == ["王伟"]
    assert names_in(by_hand) == ["王伟"]


def test_rows_are_exported_only_where_the_right_to_export_holds(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_customer(company, name="王伟")
    make_customer(neighbour, name="李娜")
    user = make_exporter(company)
    reader = make_member(neighbour, "customers.view")
    Membership.objects.filter(user=reader).update(user=user)

    export = write(make_export(user, "name"))

    assert Customer.objects.visible_to(actor_of(user)).count() == 2
    assert names_in(export) == ["王伟"]


def test_masked_values_stay_masked(company: OrgUnit) -> None:
    make_customer(company, name="王伟", phone="13800001234")
    user = make_exporter(company, without="customers.view_contact")
    definition = lists["customers"]

    export = write(make_export(user, "phone", table_format="xlsx"))

    assert content_of(export)[1] == [["138****1234"]]
    masked = masked_columns(definition, definition.columns, actor_of(user))
    assert [column.key for column in masked] == ["phone", "email"]
    assert masked_columns(definition, definition.columns, actor_of(make_exporter(company))) == []


def test_what_the_page_shows_in_full_is_masked_in_files_without_the_right_to_take_that(
    company: OrgUnit,
) -> None:
    make_customer(company, phone="13800001234")
    user = make_exporter(company, without=EXPORT_UNMASKED)
    definition = lists["customers"]

    export = write(make_export(user, "phone"))

    assert content_of(export)[1] == [["138****1234"]]
    masked = masked_columns(definition, definition.columns, actor_of(user))
    assert [column.key for column in masked] == ["phone", "email"]


def test_a_file_in_full_is_not_given_once_the_right_to_take_that_is_gone(company: OrgUnit) -> None:
    make_customer(company, phone="13800001234")
    user = make_exporter(company)
    export = write(make_export(user, "phone"))
    role = user.memberships.get().role
    role.permissions = [right for right in role.permissions if right != EXPORT_UNMASKED]
    role.save()

    with pytest.raises(ViewChanged):
        give_file(export, actor=actor_of(user), now=NOW)


def test_a_column_without_the_right_is_not_there(company: OrgUnit) -> None:
    user = make_exporter(company, without="customers.view")

    with pytest.raises(UnknownColumn):
        make_export(user, "title", "customer", key="cases")


def test_a_customer_of_a_case_is_named_only_where_the_reader_may_see_customers(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_case(neighbour, customer=make_customer(neighbour, name="李娜"))
    user = make_member(neighbour, "cases.view", EXPORT)
    elsewhere = make_member(company, "customers.view")
    Membership.objects.filter(user=elsewhere).update(user=user)

    export = write(make_export(user, "id", "customer", key="cases"))

    assert [row[1] for row in content_of(export)[1]] == [""]


@pytest.mark.parametrize("right", [EXPORT, "customers.view"])
def test_without_the_right_nothing_can_be_asked_for(company: OrgUnit, right: str) -> None:
    user = make_exporter(company, without=right)

    with pytest.raises(NotAllowed):
        make_export(user)

    assert Export.objects.count() == 0


def test_the_installation_itself_exports_nothing(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        ask_export(
            Chosen(lists["customers"], {}),
            columns=["name"],
            table_format="csv",
            reason="nightly copy",
            actor=actor,
            now=NOW,
        )


def test_rights_taken_away_before_the_job_leave_no_file(company: OrgUnit) -> None:
    user, gone = make_exporter(company), make_exporter(company)
    masked, export, left = make_export(user, "name", "phone"), make_export(user), make_export(gone)
    Membership.objects.filter(user=user).delete()
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)

    found = [write(each) for each in (masked, export, left)]

    assert [(each.state, each.error_code) for each in found] == [("failed", "not_allowed")] * 3
    assert list(folder().iterdir()) == []


def test_a_column_taken_away_before_the_job_leaves_no_file(company: OrgUnit) -> None:
    user = make_exporter(company)
    export = make_export(user, "title", "customer", key="cases")
    role = Membership.objects.get(user=user).role
    role.permissions = [right for right in role.permissions if right != "customers.view"]
    role.save()

    assert write(export).error_code == "view_changed"


def test_rights_taken_away_while_a_file_is_written_leave_no_file(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_exporter(company)
    make_customer(company, phone="13800001234")
    export = make_export(user, "name", "phone")
    role = Membership.objects.get(user=user).role

    def lose_the_right(*arguments: Any, **values: Any) -> Any:
        role.permissions = [right for right in role.permissions if right != "customers.view_contact"]
        role.save()
        return read_batch(*arguments, **values)

    monkeypatch.setattr(writing, "read_batch", lose_the_right)

    assert write(export).error_code == "view_changed"
    assert list(folder().iterdir()) == []


def test_a_row_that_is_lost_sight_of_meanwhile_is_not_in_the_file(
    company: OrgUnit, neighbour: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PORTION", 1)
    make_customer(company, name="王伟")
    moving = make_customer(company, name="李娜")
    export = make_export(make_exporter(company), "name", parameters={"sort": "-name"})

    def move(*arguments: Any, **values: Any) -> Any:
        with beyond_places():
            CustomerPlace.objects.filter(customer=moving).update(org_unit=neighbour)
        return show(*arguments, **values)

    show = writing._show
    monkeypatch.setattr(writing, "_show", move)

    written = write(export)

    assert (written.state, written.total_rows, written.written_rows) == ("done", 2, 1)
    assert names_in(written) == ["王伟"]


def test_a_token_of_some_rights_exports_with_these_alone(company: OrgUnit) -> None:
    make_customer(company, name="王伟", phone="13800001234")
    user = make_exporter(company)
    narrowed = actor_of(user).narrowed_to({EXPORT, "customers.view"})

    export = write(make_export(user, "phone", actor=narrowed))

    assert content_of(export)[1] == [["138****1234"]]


def test_a_filter_that_is_gone_leaves_no_file_of_more_rows(company: OrgUnit) -> None:
    export = make_export(make_exporter(company), parameters={"stage": "pre_owner"})
    Export.objects.filter(pk=export.pk).update(parameters={"custom.gone": "x"})

    found = write_export(Export.objects.get(pk=export.pk), now=NOW)

    assert (found.state, found.error_code) == ("failed", "unknown_filter")
    assert error_words(found) == ViewChanged.message
