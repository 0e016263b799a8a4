"""What the address asks of a list, and what the database and a person are told of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Q
from django.utils.translation import override

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.customers.lists import CUSTOMERS
from hearth.lists.filters import DAY, INSTANT, NUMBER, TEXT, Filter, Reader, Unreadable
from hearth.lists.selectors import list_rows
from hearth.lists.state import read_state
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_profile, make_unit_role
from tests.organization.builders import make_actor, make_member, make_user

TODAY = date(2026, 3, 18)
READER = Reader(Actor.system("test"), TODAY)
SIGNED = Filter("signed", "Signed", DAY, "signed_date")
OPENED = Filter("opened", "Opened", INSTANT, "opened_at")
AMOUNT = Filter("amount", "Amount", NUMBER, "total_amount")
NUMBERED = Filter("number", "Number", TEXT, "number")
SHANGHAI = timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-01-01..2026-02-01", date(2026, 1, 1), date(2026, 2, 1)),
        ("2026-01-05", date(2026, 1, 5), date(2026, 1, 5)),
        ("period:today", TODAY, TODAY),
        ("period:yesterday", date(2026, 3, 17), date(2026, 3, 17)),
        ("period:week", date(2026, 3, 16), date(2026, 3, 22)),
        ("period:month", date(2026, 3, 1), date(2026, 3, 31)),
        ("period:quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("period:year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last:30", date(2026, 2, 16), TODAY),
        ("next:7", TODAY, date(2026, 3, 25)),
    ],
)
def test_days_are_asked_between_two_days_or_from_today(text: str, start: date, end: date) -> None:
    test = SIGNED.read(text, READER)

    assert SIGNED.q(test, READER) == Q(signed_date__gte=start) & Q(signed_date__lte=end)
    assert SIGNED.write(test) == text


@pytest.mark.parametrize(
    "today", [date(2026, 2, 28), date(2026, 11, 30), date(2026, 12, 31), date(2028, 2, 29)]
)
def test_a_quarter_and_a_month_end_with_their_last_day(today: date) -> None:
    reader = Reader(READER.actor, today)

    ends = [
        SIGNED.q(SIGNED.read(text, reader), reader).children[1][1]  # type: ignore[index]
        for text in ("period:month", "period:quarter", "period:year")
    ]

    assert [(end + timedelta(days=1)).day for end in ends] == [1, 1, 1]
    assert [end.month for end in ends] == [today.month, (today.month + 2) // 3 * 3, 12]


def test_an_open_span_and_an_age_have_one_end() -> None:
    since, ago = (SIGNED.read(text, READER) for text in ("2026-01-01..", "older:90"))

    assert SIGNED.q(since, READER) == Q(signed_date__gte=date(2026, 1, 1))
    assert SIGNED.q(ago, READER) == Q(signed_date__lte=date(2025, 12, 18))


def test_an_instant_is_asked_by_days_of_the_readers_clock() -> None:
    test = OPENED.read("2026-03-18", READER)

    begins = datetime(2026, 3, 18, tzinfo=UTC) - SHANGHAI
    assert OPENED.q(test, READER) == Q(opened_at__gte=begins) & Q(opened_at__lt=begins + timedelta(days=1))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (SIGNED, "2026-13-01..2026-02-01"),
        (SIGNED, ".."),
        (SIGNED, "period:decade"),
        (SIGNED, "last:-1"),
        (SIGNED, "last:many"),
        (SIGNED, "last:99999999"),
        (AMOUNT, "much"),
        (AMOUNT, "nan"),
        (AMOUNT, "1,2"),
        (NUMBERED, "x" * 101),
        (CUSTOMERS.filter_of["stage"], "happy"),
        (CUSTOMERS.filter_of["stage"], "not:"),
        (CUSTOMERS.filter_of["home"], "perhaps"),
        (CUSTOMERS.filter_of["home"], "yes,no"),
        (CUSTOMERS.filter_of["place"], "here"),
        (CUSTOMERS.filter_of["responsible"], "you"),
        (CUSTOMERS.filter_of["responsible"], "99999999999999999999"),
    ],
)
def test_what_a_filter_cannot_do_is_refused(field: Filter, text: str) -> None:
    with pytest.raises(Unreadable):
        field.read(text, READER)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (SIGNED, "2026-01-01..", "2026-01-01 – …"),
        (SIGNED, "2026-01-05", "2026-01-05"),
        (SIGNED, "period:month", "this month"),
        (SIGNED, "older:90", "more than 90 days ago"),
        (SIGNED, "empty:", "is empty"),
        (AMOUNT, "1000000", "≥ 1,000,000"),
        (AMOUNT, "most:5", "≤ 5"),
        (NUMBERED, "B2", "B2…"),
        (CUSTOMERS.filter_of["stage"], "pre_owner,prospect", "prospect, pre-owner"),
        (CUSTOMERS.filter_of["stage"], "not:prospect", "not prospect"),
        (CUSTOMERS.filter_of["home"], "no", "no"),
        (CUSTOMERS.filter_of["responsible"], "me,none", "me, nobody"),
    ],
)
def test_a_filter_says_what_it_asks(field: Filter, text: str, words: str) -> None:
    with override("en"):
        assert field.words(field.read(text, READER), READER) == words


def names(reader: Reader, **parameters: str) -> list[str]:
    state = read_state(
        CUSTOMERS, {name.replace("any_", "any."): text for name, text in parameters.items()}, reader
    )
    assert state.ignored == []
    return sorted(list_rows(state, reader).values_list("name", flat=True))


@pytest.fixture
def people(company: OrgUnit, neighbour: OrgUnit) -> User:
    """Wang with a colleague of the company and a home, Li with nobody, a company of the neighbour; the colleague."""
    colleague = make_member(company, "customers.view")
    wang = make_customer(company, name="王伟", source="call", responsible_id=colleague.pk)
    li = make_customer(company, name="李四", source="web")
    make_customer(neighbour, name="大华公司", kind="company", at=datetime(2026, 3, 10, tzinfo=UTC))
    make_profile(wang, owner_stage="pre_owner", value_tier="top")
    make_profile(li, owner_stage="stable_owner", value_tier="small")
    make_unit_role(wang, make_home(company))
    return colleague


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"stage": "pre_owner", "tier": "top", "source": "call"}, ["王伟"]),
        ({"stage": "pre_owner,stable_owner"}, ["李四", "王伟"]),
        ({"stage": "not:pre_owner"}, ["大华公司", "李四"]),
        ({"any_stage": "pre_owner", "any_source": "web"}, ["李四", "王伟"]),
        ({"any_stage": "pre_owner", "any_kind": "company", "home": "no"}, ["大华公司"]),
        ({"home": "yes"}, ["王伟"]),
        ({"kind": "company"}, ["大华公司"]),
        ({"recorded": "2026-03-11.."}, ["李四", "王伟"]),
        ({"contact": "empty:"}, ["大华公司", "李四", "王伟"]),
        ({"responsible": "none"}, ["大华公司", "李四"]),
        ({"q": "ww", "sort": "name"}, ["王伟"]),
    ],
)
def test_the_address_narrows_the_list(people: User, parameters: dict[str, str], found: list[str]) -> None:
    assert names(READER, **parameters) == found


@pytest.mark.django_db
def test_a_place_means_all_below_it(people: User, company: OrgUnit, neighbour: OrgUnit) -> None:
    assert names(READER, place=str(company.parent_id)) == ["大华公司", "李四", "王伟"]
    assert names(READER, place=str(neighbour.pk)) == ["大华公司"]
    assert names(READER, place=f"{neighbour.pk},{company.pk}") == ["大华公司", "李四", "王伟"]


@pytest.mark.django_db
def test_me_and_my_team_mean_whoever_reads(people: User, company: OrgUnit, neighbour: OrgUnit) -> None:
    readers = [
        Reader(Actor.system("test"), TODAY),
        Reader(Actor(people.pk, "", Actor.system().scopes, is_system=True), TODAY),
        Reader(Actor(make_member(company).pk, "", is_system=True), TODAY),
        Reader(Actor(make_member(neighbour).pk, "", is_system=True), TODAY),
        Reader(Actor(make_user().pk, "", is_system=True), TODAY),
    ]

    assert [names(reader, responsible="me") for reader in readers] == [[], ["王伟"], [], [], []]
    assert [names(reader, responsible="team") for reader in readers] == [[], ["王伟"], ["王伟"], [], []]
    assert [names(reader, responsible="not:me") for reader in readers][1] == ["大华公司", "李四"]


@pytest.mark.django_db
def test_a_filter_names_only_colleagues_whom_the_reader_sees(company: OrgUnit, neighbour: OrgUnit) -> None:
    colleague = make_member(company)
    stranger = make_member(neighbour)
    reader = Reader(make_actor(company, "organization.view"), TODAY)
    field = CUSTOMERS.filter_of["responsible"]

    said = field.words(field.read(f"{colleague.pk},{stranger.pk}", reader), reader)

    assert said == f"{colleague}, #{stranger.pk}"
