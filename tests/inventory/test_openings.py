"""Opening days: the order of the queue, one home for a number, and answers that help."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import NotAllowed
from hearth.inventory.models import Hold, Opening, QueueEntry
from hearth.inventory.refusals import ChosenByNumber, ReservedAlready
from hearth.inventory.selectors import units_of
from hearth.inventory.services import (
    begin_opening,
    call_numbers,
    choose_home,
    close_opening,
    give_free,
    hold_home,
    leave_queue,
    withdraw_reservation,
)
from hearth.inventory.services.openings import (
    HasChosen,
    NotCalledYet,
    NothingToCall,
    NotOnSaleYet,
    OpeningBegun,
    OpeningOver,
    OtherBatch,
)
from hearth.inventory.services.reservations import NoWithdrawal
from hearth.organization.models import OrgUnit, Setting
from hearth.properties.models import Unit
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import (
    make_batch,
    make_consultant,
    make_manager,
    make_opening,
    make_sale,
    queue_up,
)
from tests.inventory.racing import at_once
from tests.organization.builders import make_member, sign_in


class Day:
    """An opening day with its people and its queue."""

    def __init__(self, company: OrgUnit, now: datetime, *, numbers: int) -> None:
        manager, consultant = make_manager(company), make_consultant(company)
        self.manager, self.consultant = actor_of(manager), actor_of(consultant)
        self.user = consultant
        self.opening = make_opening(company, manager=manager)
        batch, self.now = self.opening.batch, now
        self.entries = [
            queue_up(make_customer(company), batch, consultant=consultant) for _n in range(numbers)
        ]
        self.units = list(units_of(batch).with_place().order_by("floor", "number"))

    def call(self, up_to: int, *, at: datetime | None = None) -> Opening:
        return call_numbers(self.opening, up_to=up_to, actor=self.manager, now=at or self.now)

    def choose(self, number: int, unit: Unit, *, at: datetime | None = None) -> Hold:
        entry = self.entries[number - 1]
        return choose_home(self.opening, entry=entry, unit=unit, actor=self.consultant, now=at or self.now)


@pytest.mark.django_db
def test_who_was_called_chooses_and_nobody_before(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=3)
    day.call(2)

    chosen = day.choose(2, day.units[0])
    with pytest.raises(NotCalledYet) as refusal:
        day.choose(3, day.units[1])

    entry = QueueEntry.objects.get(number=2)
    assert (chosen.entry_id, chosen.kind) == (entry.pk, "reservation")
    assert (entry.state, entry.round, entry.chosen_at) == ("chosen", 1, now)
    assert refusal.value.params == {"number": 3, "called": 2}
    assert Unit.objects.get(pk=day.units[0].pk).state == "subscribed"


@pytest.mark.django_db
def test_a_home_of_an_opening_day_is_withdrawn_from_where_the_place_allows_it(
    company: OrgUnit, now: datetime
) -> None:
    day = Day(company, now, numbers=2)
    day.call(2)
    usual = day.choose(1, day.units[0])
    Setting.objects.create(
        org_unit=company, key="inventory.withdrawal_on_opening_day", value=True, updated_at=now
    )
    allowed = day.choose(2, day.units[1])

    with pytest.raises(NoWithdrawal):
        withdraw_reservation(usual, actor=day.consultant, now=now)
    withdraw_reservation(allowed, actor=day.consultant, now=now)

    assert QueueEntry.objects.get(number=2).state == "waiting"


@pytest.mark.django_db
def test_a_number_chooses_once_and_a_home_is_chosen_once(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=2)
    day.call(2)
    day.choose(1, day.units[0])

    with pytest.raises(HasChosen):
        day.choose(1, day.units[1])
    with pytest.raises(ReservedAlready) as refusal:
        day.choose(2, day.units[0])

    assert refusal.value.nearest in day.units[1:]


@pytest.mark.django_db
def test_the_database_admits_no_choice_before_its_call(company: OrgUnit, now: datetime) -> None:
    Day(company, now, numbers=1)

    for early in ({"chosen_at": now}, {"called_at": now, "chosen_at": now - timedelta(seconds=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            QueueEntry.objects.update(**early)


@pytest.mark.django_db
def test_rounds_go_upwards_and_pass_over_who_withdrew(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=4)
    leave_queue(day.entries[1], actor=day.consultant, now=now)

    first = day.call(2)
    second = day.call(4, at=now + timedelta(minutes=5))

    assert (first.rounds, second.rounds, second.called_to) == (1, 2, 4)
    assert list(QueueEntry.objects.order_by("number").values_list("round", flat=True)) == [1, None, 2, 2]
    for wrong in (4, 3, 5):
        with pytest.raises(NothingToCall):
            day.call(wrong)
    with pytest.raises(HasChosen):
        day.choose(2, day.units[0])


@pytest.mark.django_db
def test_on_the_opening_day_nobody_takes_a_home_without_a_number(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=1)

    with pytest.raises(ChosenByNumber):
        hold_home(day.units[0], customer=make_customer(company), actor=day.consultant, now=now)
    close_opening(day.opening, actor=day.manager, now=now)
    held = hold_home(day.units[0], customer=make_customer(company), actor=day.consultant, now=now)

    assert held.kind == "hold"


@pytest.mark.django_db
def test_after_the_end_nothing_is_called_or_chosen(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=2)
    day.call(1)
    close_opening(day.opening, actor=day.manager, now=now)

    for act in (lambda: day.call(2), lambda: day.choose(1, day.units[0])):
        with pytest.raises(OpeningOver):
            act()


@pytest.mark.django_db
def test_a_choice_that_is_given_free_may_be_made_anew(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=1)
    day.call(1)
    chosen = day.choose(1, day.units[0])

    give_free(chosen, actor=actor_of(make_member(company, "inventory.extend")), now=now)
    again = day.choose(1, day.units[1])

    assert again.unit == day.units[1]
    assert Hold.objects.filter(ended_at=None).get() == again


@pytest.mark.django_db
def test_only_homes_of_the_batch_are_chosen(company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=1)
    day.call(1)
    other = make_sale(company)[0]

    with pytest.raises(OtherBatch):
        day.choose(1, other)


@pytest.mark.django_db
def test_an_opening_day_begins_once_for_a_released_batch_and_by_right(
    company: OrgUnit, now: datetime
) -> None:
    manager = actor_of(make_manager(company))
    opening = make_opening(company)

    with pytest.raises(OpeningBegun):
        begin_opening(opening.batch, actor=manager, now=now)
    with pytest.raises(NotOnSaleYet):
        begin_opening(make_batch(company), actor=manager, now=now)
    with pytest.raises(NotAllowed):
        begin_opening(opening.batch, actor=actor_of(make_consultant(company)), now=now)


@pytest.mark.django_db
def test_the_page_chooses_and_tells_others_what_changed(client: Client, company: OrgUnit) -> None:
    now = timezone.now()
    day = Day(company, now, numbers=3)
    day.call(2)
    sign_in(client, day.user)
    address = reverse("inventory:choose", args=[day.opening.pk])
    chosen, other = day.units[0], day.units[1]

    shown = client.get(reverse("inventory:choosing", args=[day.opening.pk])).content.decode()
    part = reverse("inventory:choosing_homes", args=[day.opening.pk, chosen.building_id])
    homes = client.get(part).content.decode()
    done = client.post(address, {"entry": day.entries[0].pk, "unit": chosen.pk})
    late = client.post(address, {"entry": day.entries[1].pk, "unit": chosen.pk})
    early = client.post(address, {"entry": day.entries[2].pk, "unit": other.pk})
    told = client.get(reverse("inventory:opening_changes", args=[day.opening.pk]), {"since": now.isoformat()})

    assert part in shown
    assert homes.count("data-unit=") == 6
    assert shown.count('name="entry"') == 2
    assert done.json() == {"is_done": True, "unit": str(chosen.pk), "number": 1}
    assert (late.status_code, late.json()["code"]) == (422, "reserved_already")
    assert late.json()["nearest"] in {str(unit.pk) for unit in day.units if unit != chosen}
    assert early.json()["code"] == "not_called_yet"
    assert told.json()["homes"] == {str(chosen.pk): "reserved"}
    assert told.json()["called_to"] == 2


@pytest.mark.django_db
def test_the_desk_calls_a_round_and_says_why_not(client: Client, company: OrgUnit, now: datetime) -> None:
    day = Day(company, now, numbers=2)
    sign_in(client, make_manager(company))
    address = reverse("inventory:call_numbers", args=[day.opening.pk])

    called = client.post(address, {"up_to": "2"})
    refused = client.post(address, {"up_to": "9"})

    assert called.headers["Location"] == reverse("inventory:opening", args=[day.opening.pk])
    assert refused.status_code == 422
    assert Opening.objects.get().called_to == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("S39")
def test_numbers_that_press_at_once_get_one_home_each_and_each_home_goes_once(
    company: OrgUnit, now: datetime
) -> None:
    day = Day(company, now, numbers=8)
    day.call(6)
    wishes = [(number, day.units[home]) for number in range(1, 9) for home in (0, number % 6)]

    outcome = at_once([lambda number=number, unit=unit: day.choose(number, unit) for number, unit in wishes])  # type: ignore[misc]

    taken = Hold.objects.filter(ended_at=None)
    assert outcome[""] == taken.count() == taken.values("unit").distinct().count()
    assert taken.values("entry").distinct().count() == taken.count()
    assert outcome["not_called_yet"] == 4
    assert set(QueueEntry.objects.filter(state="chosen").values_list("number", flat=True)) <= set(range(1, 7))
