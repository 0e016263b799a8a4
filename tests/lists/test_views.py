"""Saved views: who sees them, who changes them, and that they show each reader only their own rows."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.lists import CUSTOMERS
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lists.filters import Reader
from hearth.lists.models import DefaultView, SavedView
from hearth.lists.permissions import SHARE_VIEW
from hearth.lists.selectors import OpenedList, list_rows, open_list, pinned_views
from hearth.lists.services import (
    ViewIsLocked,
    ViewNameTaken,
    ViewNeedsPlace,
    change_view,
    delete_view,
    pin_view,
    save_view,
    save_view_parameters,
    set_default_view,
)
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.customers.builders import make_customer
from tests.lists.builders import make_view
from tests.organization.builders import make_actor, make_member, make_user

pytestmark = pytest.mark.django_db
STAGE = {"stage": "pre_owner"}


def opened(actor: Actor, address: str) -> OpenedList:
    return open_list(CUSTOMERS, QueryDict(address), Reader(actor, localdate()))


def test_a_view_is_saved_under_a_name_of_ones_own(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, VIEW_CUSTOMER)

    view = save_view(CUSTOMERS, actor=actor, now=now, name=" Soon ", parameters=STAGE)

    assert (view.name, view.parameters, view.owner_id, view.visibility) == (
        "Soon",
        STAGE,
        actor.user_id,
        "private",
    )
    assert EventRecord.objects.count() == 0


def test_who_may_not_see_the_list_saves_no_view_of_it(company: OrgUnit, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        save_view(CUSTOMERS, actor=make_actor(company), now=now, name="Soon", parameters={})


def test_a_name_is_given_once(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, VIEW_CUSTOMER)
    view = save_view(CUSTOMERS, actor=actor, now=now, name="Soon", parameters={})
    other = save_view(CUSTOMERS, actor=actor, now=now, name="Late", parameters={})

    with pytest.raises(ViewNameTaken):
        save_view(CUSTOMERS, actor=actor, now=now, name="Soon", parameters={})
    with pytest.raises(ViewNameTaken):
        change_view(
            other, actor=actor, now=now, name=view.name, visibility="private", org_unit=None, is_locked=False
        )


def test_views_are_shared_with_a_team_or_a_place_by_those_who_may(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    actor = make_actor(company, VIEW_CUSTOMER, SHARE_VIEW)

    view = save_view(
        CUSTOMERS, actor=actor, now=now, name="Soon", parameters={}, visibility="team", org_unit=company
    )
    with pytest.raises(ViewNeedsPlace):
        save_view(CUSTOMERS, actor=actor, now=now, name="Nowhere", parameters={}, visibility="team")
    with pytest.raises(NotAllowed):
        change_view(
            view, actor=actor, now=now, name="Soon", visibility="place", org_unit=neighbour, is_locked=False
        )
    with pytest.raises(NotAllowed):
        save_view(
            CUSTOMERS,
            actor=make_actor(company, VIEW_CUSTOMER),
            now=now,
            name="Soon",
            parameters={},
            visibility="place",
            org_unit=company,
        )

    event = EventRecord.objects.get()
    assert (event.type, event.subject_id, event.org_unit_id) == ("lists.view_shared", view.pk, company.pk)


def test_a_private_view_names_no_place(company: OrgUnit) -> None:
    view = make_view(make_user())

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.filter(pk=view.pk).update(org_unit=company)


def test_teams_places_and_owners_see_their_views(company: OrgUnit, neighbour: OrgUnit) -> None:
    below = OrgUnit.objects.get(code="SZ-A")
    owner = make_member(company)
    make_view(owner, name="own")
    make_view(owner, name="team", team=company)
    make_view(owner, name="place", place=company)
    readers = [owner, make_member(company), make_member(below), make_member(neighbour), make_user()]

    seen = [
        sorted(
            SavedView.objects.visible_to(actor_for(reader, today=localdate())).values_list("name", flat=True)
        )
        for reader in readers
    ]

    assert seen == [["own", "place", "team"], ["place", "team"], ["place"], [], []]


@pytest.mark.requirement("S60")
def test_a_shared_view_shows_each_reader_only_their_own_rows(company: OrgUnit, neighbour: OrgUnit) -> None:
    region = OrgUnit.objects.get(code="S")
    make_customer(company, name="王伟", source="call")
    make_customer(neighbour, name="李四", source="call")
    view = make_view(make_user(), parameters={"source": "call"}, place=region)
    readers = [make_actor(place, VIEW_CUSTOMER) for place in (company, neighbour, region)]

    shown = []
    for reader in readers:
        found = opened(reader, f"view={view.pk}")
        rows = list_rows(found.state, Reader(reader, localdate()))
        shown.append((found.is_view_missing, sorted(row.name for row in rows)))

    assert shown == [(False, ["王伟"]), (False, ["李四"]), (False, ["李四", "王伟"])]


def test_only_the_owner_changes_a_locked_or_a_private_view(company: OrgUnit, now: datetime) -> None:
    owner = make_member(company, VIEW_CUSTOMER)
    sharer = make_actor(company, VIEW_CUSTOMER, SHARE_VIEW)
    colleague = make_actor(company, VIEW_CUSTOMER)
    shared, locked = make_view(owner, place=company), make_view(owner, place=company, is_locked=True)
    private = make_view(owner)

    save_view_parameters(shared, actor=sharer, now=now, parameters=STAGE)
    for view, actor in [(locked, sharer), (shared, colleague), (private, sharer)]:
        with pytest.raises(ViewIsLocked):
            save_view_parameters(view, actor=actor, now=now, parameters=STAGE)
        with pytest.raises(ViewIsLocked):
            delete_view(view, actor=actor)
    save_view_parameters(locked, actor=actor_for(owner, today=localdate()), now=now, parameters=STAGE)

    kept = SavedView.objects.order_by("id").values_list("parameters", flat=True)
    assert list(kept) == [STAGE, STAGE, {}]


def pinned(actor: Actor) -> list[SavedView]:
    return [pin.view for pin in pinned_views(actor)]


def test_a_view_is_pinned_to_the_rail_and_taken_out(company: OrgUnit) -> None:
    owner, reader = make_member(company, VIEW_CUSTOMER), make_actor(company, VIEW_CUSTOMER)
    first, second = make_view(owner, name="B", place=company), make_view(owner, name="A", place=company)

    for view in (first, second, second):
        pin_view(view, actor=reader, is_pinned=True)

    assert pinned(reader) == [first, second]
    pin_view(first, actor=reader, is_pinned=False)
    assert pinned(reader) == [second]
    SavedView.objects.filter(pk=second.pk).update(visibility="private", org_unit=None)
    assert pinned(reader) == []
    assert pinned(Actor.nobody()) == []


def test_a_list_begins_with_the_readers_default(company: OrgUnit) -> None:
    reader = make_actor(company, VIEW_CUSTOMER)
    view = make_view(make_member(company), parameters=STAGE, place=company)
    set_default_view(CUSTOMERS, actor=reader, view=view)
    set_default_view(CUSTOMERS, actor=reader, view=view)

    plain, everything, narrowed = (opened(reader, address) for address in ("", "view=all", "tier=top"))

    assert (plain.base.saved, plain.state.parameters(), plain.is_changed) == (view, STAGE, False)
    assert (everything.base.key, everything.state.parameters()) == ("all", {})
    assert (narrowed.base.key, narrowed.state.parameters()) == ("all", {"tier": "top"})
    set_default_view(CUSTOMERS, actor=reader, view=None)
    assert DefaultView.objects.count() == 0
    assert opened(reader, "").base.key == "all"


def test_a_changed_list_remembers_the_view_it_began_with(company: OrgUnit) -> None:
    reader = make_member(company, VIEW_CUSTOMER)
    view = make_view(reader, parameters={**STAGE, "gone": "yes"})
    actor = actor_for(reader, today=localdate())

    same, changed, emptied, added = (
        opened(actor, address)
        for address in (
            f"view={view.pk}",
            f"from={view.pk}&tier=top",
            f"from={view.pk}",
            f"view={view.pk}&tier=top",
        )
    )

    assert [each.is_changed for each in (same, changed, emptied, added)] == [False, True, True, True]
    assert same.url() == f"?view={view.pk}"
    assert changed.url() == f"?from={view.pk}&tier=top"
    assert emptied.url() == f"?from={view.pk}"
    assert added.state.parameters() == {**STAGE, "tier": "top"}
    assert changed.url(STAGE) == f"?view={view.pk}"


def test_a_view_that_ships_opens_by_its_key(company: OrgUnit) -> None:
    found = opened(make_actor(company, VIEW_CUSTOMER), "view=mine")

    assert (found.state.parameters(), found.is_changed, found.base.key) == (
        {"responsible": "me"},
        False,
        "mine",
    )
