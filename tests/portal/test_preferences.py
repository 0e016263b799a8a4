"""The page on which customers decide, opened by a signed link without signing in."""

from datetime import date, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.channels.services.sensitive import reveal_note
from hearth.core.actor import Actor
from hearth.core.permissions import permissions
from hearth.customers.models import Customer, CustomerProfile
from hearth.customers.services import reveal_contact_point, reveal_identity_number
from hearth.customers.services.creation import set_identity
from hearth.families.services import NeedValues, reveal_income, state_needs
from hearth.organization.models import OrgUnit
from hearth.portal.preference_views import CHANGES_A_MINUTE
from hearth.privacy.links import GOOD_FOR, preferences_token, preferences_url
from hearth.privacy.models import Consent
from hearth.privacy.selectors import may_contact
from hearth.privacy.services import sync_purposes
from tests.customers.builders import make_profile
from tests.organization.builders import make_actor
from tests.privacy.builders import make_consent, make_known_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    sync_purposes()
    return make_known_customer(company, name="王小明", phone="13800138000")


def address_of(customer: Customer) -> str:
    return f"/p/c/{preferences_token(customer.pk, now=timezone.now())}"


def is_allowed(customer: Customer, channel: str, purpose: str = "marketing") -> bool:
    return may_contact([customer.pk], purpose, channel)[customer.pk].is_allowed


@pytest.mark.requirement("S60")
def test_the_page_says_what_for_and_names_nobody(client: Client, customer: Customer) -> None:
    answer = client.get(address_of(customer))

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "经您同意，我们通过您选择的方式" in shown
    assert "王*" in shown
    assert "王小明" not in shown
    assert "13800138000" not in shown
    assert str(customer.pk) not in answer.request["PATH_INFO"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_withdrawing_takes_as_many_taps_as_giving(customer: Customer) -> None:
    browser = Client()
    address = address_of(customer)

    given = browser.post(address, {"choice": "marketing:any:given"})
    was_allowed = is_allowed(customer, "sms")
    withdrawn = browser.post(address, {"choice": "marketing:any:withdrawn"})

    assert (given.status_code, withdrawn.status_code) == (200, 200)
    assert "您的决定已记录" in given.content.decode()
    assert was_allowed
    assert not is_allowed(customer, "sms")
    newest = Consent.objects.newest_first()[0]
    assert (newest.how, newest.recorded_by_id, newest.text_version) == ("preference page", None, 1)


@pytest.mark.requirement("S60")
def test_the_customer_refuses_profiling_and_allows_it_again_by_one_tap_each(
    client: Client, customer: Customer
) -> None:
    make_profile(customer)
    address = address_of(customer)
    before = client.get(address).content.decode()

    refused = client.post(address, {"choice": "profiling:any:refused"}).content.decode()

    assert 'value="profiling:any:refused"' in before
    assert 'value="profiling:any:given"' in refused
    assert Customer.objects.get(pk=customer.pk).profiling_refused_at is not None
    assert not CustomerProfile.objects.filter(customer=customer).exists()
    assert [(row.decision, row.how) for row in Consent.objects.all()] == [("refused", "preference page")]
    allowed = client.post(address, {"choice": "profiling:any:given"}).content.decode()
    assert 'value="profiling:any:refused"' in allowed
    assert Customer.objects.get(pk=customer.pk).profiling_refused_at is None


def test_one_channel_is_decided_by_itself(client: Client, customer: Customer) -> None:
    make_consent(customer.pk)

    client.post(address_of(customer), {"choice": "marketing:sms:withdrawn"})

    assert not is_allowed(customer, "sms")
    assert is_allowed(customer, "email")


def test_all_that_is_open_is_withdrawn_at_once(client: Client, customer: Customer) -> None:
    make_consent(customer.pk)
    make_consent(customer.pk, purpose_code="care", channel="phone")

    client.post(address_of(customer), {"choice": "none"})

    assert not any(
        is_allowed(customer, channel, purpose)
        for purpose in ("marketing", "care", "survey")
        for channel in ("phone", "sms", "email")
    )
    assert Consent.objects.filter(decision="withdrawn").count() == 2


@pytest.mark.parametrize(
    "choice",
    ["", "service:any:withdrawn", "marketing:fax:given", "marketing:any:refused", "profiling:sms:given", "x"],
)
def test_a_button_that_is_not_there_changes_nothing(client: Client, customer: Customer, choice: str) -> None:
    assert client.post(address_of(customer), {"choice": choice}).status_code == 404
    assert not Consent.objects.exists()


def test_a_link_that_was_changed_or_is_too_old_shows_nothing(client: Client, customer: Customer) -> None:
    now = timezone.now()
    good = preferences_token(customer.pk, now=now)
    old = preferences_token(customer.pk, now=now - GOOD_FOR - timedelta(minutes=1))
    foreign = signing.dumps([customer.pk.hex, 9_999_999_999], salt="another page")

    answers = [client.get(f"/p/c/{token}") for token in (good[:-1] + "~", old, foreign, "nonsense")]

    assert [answer.status_code for answer in answers] == [410] * 4
    assert all("王*" not in answer.content.decode() for answer in answers)


def test_the_link_of_a_record_that_was_merged_decides_for_the_one_that_stays(
    client: Client, customer: Customer, company: OrgUnit
) -> None:
    address = address_of(customer)
    survivor = make_known_customer(company, name="王晓明")
    Customer.objects.filter(pk=customer.pk).update(merged_into=survivor)

    client.post(address, {"choice": "marketing:email:given"})

    assert is_allowed(survivor, "email")


def test_a_child_is_told_that_an_adult_decides(client: Client, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(birth_date=date(timezone.localdate().year - 5, 1, 1))

    answer = client.post(address_of(customer), {"choice": "marketing:any:given"})

    assert answer.status_code == 422
    assert "监护人" in answer.content.decode()
    assert not Consent.objects.exists()


def test_a_link_in_the_wrong_hands_cannot_flood_the_record(client: Client, customer: Customer) -> None:
    address = address_of(customer)
    answers = [
        client.post(address, {"choice": f"marketing:any:{('given', 'withdrawn')[number % 2]}"}).status_code
        for number in range(CHANGES_A_MINUTE + 2)
    ]

    # The minute may turn while the test runs; then the count begins anew.
    assert 429 in answers or Consent.objects.count() == CHANGES_A_MINUTE + 2
    assert Consent.objects.count() == answers.count(200)


def test_forms_of_other_sites_are_refused(customer: Customer) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(address_of(customer), {"choice": "none"}).status_code == 403


def test_the_address_in_messages_is_that_of_the_site(customer: Customer) -> None:
    assert preferences_url(customer.pk, now=timezone.now()).startswith("http://127.0.0.1:8000/p/c/")


@pytest.mark.requirement("S60")
def test_the_page_says_so_of_every_kind_of_value(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    now = timezone.now()
    set_identity(customer, "11010519491231002X", now.date())
    customer.save()
    state_needs(customer, NeedValues(purpose="upgrade", income="from_800k"), actor=Actor.system(), now=now)
    new = NewInteraction(customer.pk, company.pk, "phone", "inbound", "正在离婚", is_sensitive=True)
    note = record_interactions([new], actor=Actor.system(), now=now)[0]
    actor = make_actor(company, *permissions)
    reveal_identity_number(customer, reason="核对身份证", actor=actor, now=now)
    reveal_income(customer, reason="核对收入", actor=actor, now=now)
    reveal_note(note, reason="核对备注", actor=actor, now=now)

    page = client.get(address_of(customer)).content.decode()

    assert [text for text in ("核对身份证", "核对收入", "核对备注") if text not in page] == []
    assert [text for text in ("11010519491231002X", "80–150 万元", "正在离婚") if text in page] == []


@pytest.mark.requirement("S60")
def test_the_page_says_which_values_were_uncovered_when_and_why(
    client: Client, company: OrgUnit, customer: Customer
) -> None:
    point = customer.contact_points.get(kind="phone")
    actor = make_actor(company, "customers.reveal")
    now = timezone.now()
    reveal_contact_point(point, reason="核对到访时间", actor=actor, now=now)
    reveal_contact_point(point, reason="太久以前", actor=actor, now=now - timedelta(days=400))
    other = make_known_customer(company, phone="13900139000")
    reveal_contact_point(other.contact_points.get(kind="phone"), reason="别人的原因", actor=actor, now=now)

    page = client.get(address_of(customer)).content.decode()

    assert "核对到访时间" in page
    assert "太久以前" not in page
    assert "别人的原因" not in page
    assert "13800138000" not in page
