"""The promise ledger: recording, covering homes, deciding by two persons, overdue promises, and cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.core.second_person import OwnWork, PastThatStep
from hearth.core.uploads import FileNotTaken
from hearth.organization.models import OrgUnit
from hearth.promises.jobs import mark
from hearth.promises.ledger_selectors import promises_to
from hearth.promises.models import Promise, PromiseCase, PromiseOutcome
from hearth.promises.services import (
    HomesMeant,
    NewPromise,
    Said,
    attach_evidence,
    change_promise,
    confirm_outcome,
    cover_homes,
    mark_overdue,
    open_cases,
    record_promise,
    return_outcome,
    say_outcome,
    uncover_homes,
)
from hearth.promises.services.breaking import NobodyToAnswer, PromiseNotBroken
from hearth.promises.services.ledger import (
    DepartmentElsewhere,
    DueBeforeMade,
    MadeInFuture,
    NoHomesThere,
    TitleMissing,
)
from hearth.promises.services.outcomes import KeptWithoutFile, OutcomeUnproved, OutcomeWaits
from hearth.properties.models import Unit
from tests.customers.builders import make_customer, make_home
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor, make_member, make_org_unit, sign_in
from tests.promises.builders import (
    NOW,
    TODAY,
    make_decided,
    make_outcome,
    make_promise,
    make_second,
    make_writer,
    pdf,
)
from tests.properties.builders import make_building, make_project, make_unit
from tests.query_counts import count_queries
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
AFTER = NOW + timedelta(days=400)


@pytest.fixture
def home(company: OrgUnit) -> Unit:
    return make_home(company)


@pytest.mark.requirement("S46")
def test_a_promise_is_recorded_with_its_words_source_and_keeper(company: OrgUnit) -> None:
    row = make_promise(company)

    event = EventRecord.objects.get(type="promises.promise_made")
    assert (row.state, row.source, row.department) == ("open", "brochure", company)
    assert (event.subject_id, event.project_id, event.payload) == (
        row.pk,
        row.project_id,
        {"source": "brochure"},
    )


NEW = NewPromise("设会所", "brochure", "buyers", TODAY, OrgUnit(), due_date=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title": " "}, TitleMissing),
        ({"made_date": TODAY + timedelta(days=1)}, MadeInFuture),
        ({"due_date": TODAY - timedelta(days=1)}, DueBeforeMade),
        ({"source": "dream"}, DomainError),
        ({"audience": "cats"}, DomainError),
    ],
)
def test_a_promise_that_does_not_hold_is_refused(
    changes: dict[str, object], refusal: type[DomainError], company: OrgUnit
) -> None:
    project = make_project(company)
    new = replace(NEW, department=company, **changes)  # type: ignore[arg-type]

    with pytest.raises(refusal):
        record_promise(project, new, actor=SYSTEM, now=NOW)

    assert not Promise.objects.exists()


def test_the_neighbour_neither_keeps_records_nor_sees_our_promises(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    row = make_promise(company)
    stranger = actor_of(make_writer(neighbour))

    with pytest.raises(DepartmentElsewhere):
        record_promise(row.project, replace(NEW, department=neighbour), actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        record_promise(row.project, replace(NEW, department=company), actor=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        attach_evidence(row, pdf(), actor=stranger, now=NOW)

    assert not Promise.objects.visible_to(stranger).exists()


def test_a_form_offers_the_departments_of_ones_own_places_and_of_those_above(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    assert company.parent is not None
    own = make_org_unit(company, kind=OrgUnit.Kind.DEPARTMENT, name="青枫营销部")
    above = make_org_unit(company.parent, kind=OrgUnit.Kind.DEPARTMENT, name="区域设计部")
    other = make_org_unit(neighbour, kind=OrgUnit.Kind.DEPARTMENT, name="邻司营销部")
    sign_in(client, make_writer(company))

    shown = client.get(reverse("promises:new_promise")).content.decode()

    assert [each.name in shown for each in (own, above, other, neighbour)] == [True, True, False, False]


def test_a_promise_covers_the_named_homes_alone_once_some_are_named(company: OrgUnit, home: Unit) -> None:
    building = make_building(home.project)
    units = [make_unit(building, number=f"{floor}01", floor=floor) for floor in (1, 2, 3)]
    row = make_promise(company, project=home.project)

    number = cover_homes(row, HomesMeant(building, lowest_floor=2), actor=SYSTEM, now=NOW)

    row.refresh_from_db()
    covered = [unit for unit in (*units, home) if Promise.objects.made_to(unit, TODAY).exists()]
    assert (number, row.is_for_whole_project) == (2, False)
    assert covered == units[1:]
    with pytest.raises(NoHomesThere):
        cover_homes(row, HomesMeant(building, lowest_floor=2), actor=SYSTEM, now=NOW)
    assert uncover_homes(row, building, actor=SYSTEM, now=NOW) == 2


def test_evidence_is_a_document_or_a_picture(company: OrgUnit) -> None:
    row = make_promise(company)

    with pytest.raises(FileNotTaken):
        attach_evidence(row, SimpleUploadedFile("a.exe", b"MZ"), actor=SYSTEM, now=NOW)
    attach_evidence(row, pdf("楼书.pdf"), actor=SYSTEM, now=NOW)

    assert [each.stored.name for each in row.files.select_related("stored")] == ["楼书.pdf"]


@pytest.mark.requirement("S46")
def test_what_became_of_a_promise_holds_once_another_person_has_confirmed_it(company: OrgUnit) -> None:
    row = make_promise(company)
    outcome = make_outcome(row, "kept")
    before = Promise.objects.get().state

    decided = confirm_outcome(outcome, actor=actor_of(make_second(company)), now=NOW)

    event = EventRecord.objects.get(type="promises.promise_decided")
    assert (before, decided.state, decided.decided_date) == ("open", "kept", TODAY)
    assert event.payload == {"outcome": "kept", "is_late": False}


def test_nobody_confirms_what_they_said_not_even_past_the_service(company: OrgUnit) -> None:
    actor = make_actor(company, "promises.view", "promises.change", "promises.approve")
    outcome = say_outcome(make_promise(company), Said("broken", "取消"), actor=actor, now=NOW)

    with pytest.raises(OwnWork):
        confirm_outcome(outcome, actor=actor, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PromiseOutcome.objects.update(decided_by=actor.user_id, decided_at=NOW, is_confirmed=True)


def test_an_outcome_is_proved_and_waits_alone(company: OrgUnit) -> None:
    row, writer = make_promise(company), actor_of(make_writer(company))
    refused: list[tuple[Said, type[DomainError]]] = [
        (Said("broken", " "), OutcomeUnproved),
        (Said("kept", "已建成"), KeptWithoutFile),
        (Said("lost", "？"), DomainError),
    ]

    for said, refusal in refused:
        with pytest.raises(refusal):
            say_outcome(row, said, actor=writer, now=NOW)
    make_outcome(row)
    with pytest.raises(OutcomeWaits):
        make_outcome(row)

    assert PromiseOutcome.objects.count() == 1


def test_what_was_sent_back_is_owed_as_before_and_said_again(company: OrgUnit) -> None:
    row = make_promise(company)
    second = actor_of(make_second(company))

    returned = return_outcome(make_outcome(row), because="附会议纪要", actor=second, now=NOW)
    again = make_decided(row)

    assert (returned.is_confirmed, returned.returned_because) == (False, "附会议纪要")
    assert again.state == "broken"
    for act in (
        lambda: make_outcome(row),
        lambda: change_promise(row, due_date=None, department=company, actor=SYSTEM, now=NOW),
        lambda: confirm_outcome(returned, actor=second, now=NOW),
    ):
        with pytest.raises(PastThatStep):
            act()


@pytest.mark.requirement("S46")
def test_a_promise_whose_day_is_over_is_marked_once_and_its_keepers_are_told(company: OrgUnit) -> None:
    department = make_org_unit(company, kind=OrgUnit.Kind.DEPARTMENT)
    keeper, above = make_writer(department), make_writer(company)
    row = make_promise(company, department=department, due_date=TODAY)
    make_promise(company, due_date=TODAY + timedelta(days=1))
    make_promise(company, due_date=None)

    on_the_day = mark_overdue(now=NOW)
    numbers = [mark_overdue(now=NOW + timedelta(days=1)) for _time in range(2)]

    row.refresh_from_db()
    told = Notification.objects.filter(kind="promises.overdue")
    assert (on_the_day, numbers, row.state) == (0, [1, 0], "overdue")
    assert [each.user_id for each in told] == [keeper.pk]
    assert above.pk not in {each.user_id for each in told}


def test_where_nobody_keeps_promises_those_above_are_told(company: OrgUnit) -> None:
    department = make_org_unit(company, kind=OrgUnit.Kind.DEPARTMENT)
    row = make_promise(company, department=department, due_date=TODAY)

    mark(int((NOW + timedelta(days=2)).timestamp()))

    row.refresh_from_db()
    assert row.state == "overdue"
    assert [each.user_id for each in Notification.objects.all()] == [row.author_id]


def test_a_later_day_opens_an_overdue_promise_again(company: OrgUnit) -> None:
    row = make_promise(company, due_date=TODAY)
    mark_overdue(now=AFTER)

    changed = change_promise(row, due_date=date(2028, 1, 1), department=company, actor=SYSTEM, now=AFTER)

    event = EventRecord.objects.get(type="promises.promise_changed")
    assert changed.state == "open"
    assert event.payload == {"before_due": "2026-03-18", "due": "2028-01-01"}


@pytest.mark.requirement("S46")
def test_a_broken_promise_opens_one_case_for_each_signed_home_it_covers(company: OrgUnit, home: Unit) -> None:
    customer, actor = make_customer(company), make_actor(company, "cases.view", "cases.change")
    row = make_promise(company, project=home.project)
    make_contract(home, customer, signed_date=date(2026, 2, 1))
    before = make_unit(home.building)
    make_contract(before, make_customer(company), signed_date=date(2026, 1, 9))
    make_unit(home.building)
    with pytest.raises(PromiseNotBroken):
        open_cases(row, "enquiry", actor=actor, now=NOW)
    make_decided(row)

    [case] = open_cases(row, "enquiry", actor=actor, now=NOW)

    assert (case.customer_id, case.unit_id, case.kind, case.title) == (
        customer.pk,
        home.pk,
        "enquiry",
        row.title,
    )
    with pytest.raises(NobodyToAnswer):
        open_cases(row, "enquiry", actor=actor, now=NOW)
    assert (Case.objects.count(), PromiseCase.objects.count()) == (1, 1)


def test_cases_are_opened_by_those_who_may_open_cases(company: OrgUnit, home: Unit) -> None:
    row = make_promise(company, project=home.project, made_date=date(2025, 1, 1))
    make_contract(home, make_customer(company))
    make_decided(row)

    with pytest.raises(NotAllowed):
        open_cases(row, "enquiry", actor=actor_of(make_writer(company)), now=NOW)
    with pytest.raises(DomainError):
        open_cases(row, "praise", actor=SYSTEM, now=NOW)

    assert not Case.objects.exists()


@pytest.mark.requirement("S46")
def test_a_contract_shows_the_promises_that_held_on_its_day(company: OrgUnit, home: Unit) -> None:
    held = make_promise(company, project=home.project)
    withdrawn_later = make_promise(company, project=home.project, title="泳池")
    withdrawn = make_promise(company, project=home.project, title="地铁")
    make_promise(company, project=home.project, title="学校", made_date=date(2026, 3, 1))
    make_promise(company, title="别的项目")
    make_decided(withdrawn, "withdrawn", now=NOW - timedelta(days=40))
    make_decided(withdrawn_later, "withdrawn")
    contract = make_contract(home, make_customer(company), signed_date=date(2026, 2, 20))

    assert promises_to(contract, SYSTEM) == [held, withdrawn_later]


def test_the_ledger_is_worked_on_its_pages(client: Client, company: OrgUnit, home: Unit) -> None:
    writer = make_member(
        company, "core.signed_in", "properties.view", "promises.view", "promises.change", "organization.view"
    )
    sign_in(client, writer)
    sent = {
        "project": home.project_id,
        "title": "设会所",
        "source": "brochure",
        "audience": "buyers",
        "made_date": "2026-03-01",
        "due_date": "2027-03-01",
        "department": company.pk,
    }

    early = client.post(reverse("promises:new_promise"), {**sent, "due_date": "2026-02-01"})
    client.post(reverse("promises:new_promise"), sent)
    row = Promise.objects.get()
    client.post(reverse("promises:cover_homes", args=[row.pk]), {"building": home.building_id})
    client.post(reverse("promises:attach_evidence", args=[row.pk]), {"file": pdf("楼书.pdf")})
    unproved = client.post(
        reverse("promises:say_outcome", args=[row.pk]), {"outcome": "kept", "proof": "已建成"}
    )
    client.post(
        reverse("promises:say_outcome", args=[row.pk]),
        {"outcome": "kept", "proof": "已建成", "file": pdf("验收.pdf")},
    )
    second = sign_in(Client(), make_second(company))
    second.post(reverse("promises:confirm_outcome", args=[PromiseOutcome.objects.get().pk]))

    shown = client.get(reverse("promises:promise", args=[row.pk])).content.decode()
    row.refresh_from_db()
    assert (early.status_code, unproved.status_code, row.state) == (422, 422, "kept")
    assert "楼书.pdf" in shown
    assert "验收.pdf" in shown
    assert "已兑现" in shown


def test_the_list_and_the_page_make_a_fixed_number_of_queries(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, "core.signed_in", "promises.view", "cases.view"))
    row = make_promise(company)
    make_outcome(row)
    addresses = [reverse("promises:promises"), reverse("promises:promise", args=[row.pk])]

    one = [count_queries(client, address) for address in addresses]
    for number in range(2):
        make_promise(company)
        attach_evidence(row, pdf(f"{number}.pdf"), actor=SYSTEM, now=NOW)
    three = [count_queries(client, address) for address in addresses]

    assert one == three


def test_overdue_promises_and_those_that_wait_are_found_by_filter(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, "core.signed_in", "promises.view"))
    make_promise(company, title="青枫浦会所", due_date=TODAY)
    mark_overdue(now=AFTER)
    make_outcome(make_promise(company, title="地铁接驳", due_date=None))

    def titles(**asked: str) -> list[bool]:
        shown = client.get(reverse("promises:promises"), asked).content.decode()
        return [name in shown for name in ("青枫浦会所", "地铁接驳")]

    assert titles(state="overdue") == [True, False]
    assert titles(outcome="yes") == [False, True]
